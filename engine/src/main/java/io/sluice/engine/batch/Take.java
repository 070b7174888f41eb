package io.sluice.engine.batch;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Gathers rows of a vector by number. */
public final class Take {
  private static final int UNKNOWN_NULLS = -1;

  private Take() {}

  /**
   * Rows of {@code source} in the order of {@code indices}; -1 gives NULL.
   *
   * @return a vector of {@code indices.count()} rows, owned by the caller
   */
  public static FieldVector take(FieldVector source, Selection indices, BufferAllocator allocator) {
    return take(source, indices.rows(), null, indices.count(), allocator);
  }

  /** Rows of {@code source} at the values of {@code indices}; a null index gives NULL. */
  public static FieldVector take(FieldVector source, IntVector indices, BufferAllocator allocator) {
    int count = indices.getValueCount();
    ArrowBuf validity = indices.getNullCount() == 0 ? null : indices.getValidityBuffer();
    return take(source, indices.getDataBuffer(), validity, count, allocator);
  }

  /** {@code rows} copies of row 0 of {@code value}. */
  public static FieldVector repeat(FieldVector value, int rows, BufferAllocator allocator) {
    ArrowBuf zeros = allocator.buffer(Math.max(4L, (long) rows << 2));
    try {
      zeros.setZero(0, (long) rows << 2);
      return take(value, zeros, null, rows, allocator);
    } finally {
      zeros.close();
    }
  }

  private static FieldVector take(
      FieldVector source,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count,
      BufferAllocator allocator) {
    FieldVector target = source.getField().createVector(allocator);
    try {
      switch (source) {
        case NullVector ignored -> target.setValueCount(count);
        case BitVector bits -> bits(bits, (BitVector) target, indices, indexValidity, count);
        case BaseFixedWidthVector fixed ->
            fixed(fixed, (BaseFixedWidthVector) target, indices, indexValidity, count);
        case BaseVariableWidthVector variable ->
            variable(variable, (BaseVariableWidthVector) target, indices, indexValidity, count);
        case ListVector list -> lists(list, target, indices, indexValidity, count);
        case StructVector struct -> rows(struct, target, indices, indexValidity, count);
        default -> throw new AssertionError(source.getField());
      }
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  private static boolean absent(ArrowBuf indices, @Nullable ArrowBuf indexValidity, int i) {
    return indexValidity == null
        ? indices.getInt((long) i << 2) < 0
        : BitVectorHelper.get(indexValidity, i) == 0;
  }

  /** Arrays and maps: their lengths, then their elements by place. */
  private static void lists(
      ListVector source,
      FieldVector target,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count) {
    BufferAllocator allocator = target.getAllocator();
    try (ArrowBuf valid = bitmap(count, allocator);
        ArrowBuf offsets = allocator.buffer((count + 1L) << 2)) {
      validity(source, valid, indices, indexValidity, count);
      int total = 0;
      offsets.setInt(0, 0);
      for (int i = 0; i < count; i++) {
        if (BitVectorHelper.get(valid, i) != 0) {
          int row = indices.getInt((long) i << 2);
          total =
              Math.addExact(
                  total, source.getElementEndIndex(row) - source.getElementStartIndex(row));
        }
        offsets.setInt((i + 1L) << 2, total);
      }
      try (ArrowBuf elements = places(source, indices, offsets, count, total, allocator);
          FieldVector taken = take(source.getDataVector(), elements, null, total, allocator)) {
        target.loadFieldBuffers(new ArrowFieldNode(count, UNKNOWN_NULLS), List.of(valid, offsets));
        Vectors.shareInto(taken, target.getChildrenFromFields().getFirst());
      }
    }
  }

  /** Places of the elements that lists at {@code indices} have. */
  private static ArrowBuf places(
      ListVector source,
      ArrowBuf indices,
      ArrowBuf offsets,
      int count,
      int total,
      BufferAllocator allocator) {
    ArrowBuf places = allocator.buffer(Math.max(4L, (long) total << 2));
    for (int i = 0; i < count; i++) {
      int at = offsets.getInt((long) i << 2);
      int end = offsets.getInt((i + 1L) << 2);
      if (at < end) {
        int from = source.getElementStartIndex(indices.getInt((long) i << 2));
        while (at < end) {
          places.setInt((long) at++ << 2, from++);
        }
      }
    }
    return places;
  }

  private static void rows(
      StructVector source,
      FieldVector target,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count) {
    BufferAllocator allocator = target.getAllocator();
    try (ArrowBuf valid = bitmap(count, allocator)) {
      validity(source, valid, indices, indexValidity, count);
      target.loadFieldBuffers(new ArrowFieldNode(count, UNKNOWN_NULLS), List.of(valid));
    }
    List<FieldVector> fields = target.getChildrenFromFields();
    for (int i = 0; i < fields.size(); i++) {
      FieldVector field = (FieldVector) source.getChildByOrdinal(i);
      try (FieldVector taken = take(field, indices, indexValidity, count, allocator)) {
        Vectors.shareInto(taken, fields.get(i));
      }
    }
  }

  private static ArrowBuf bitmap(int count, BufferAllocator allocator) {
    return allocator.buffer(Math.max(8L, (count + 7L) >> 3));
  }

  /**
   * Fills validity bits; a NULL row's index is left alone by the value loops.
   *
   * @return how many rows are NULL
   */
  private static int validity(
      FieldVector source,
      ArrowBuf to,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count) {
    boolean sourceHasNulls = source.getNullCount() > 0;
    if (!sourceHasNulls && indexValidity == null && noneNegative(indices, count)) {
      to.setOne(0, (count + 7) >> 3);
      return 0;
    }
    int present = 0;
    int sourceRows = source.getValueCount();
    ArrowBuf from = source.getValidityBuffer();
    for (int base = 0; base < count; base += 8) {
      int end = Math.min(8, count - base);
      int bits = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        if (indexValidity != null && BitVectorHelper.get(indexValidity, i) == 0) {
          continue;
        }
        int row = indices.getInt((long) i << 2);
        if (row >= 0) {
          assert row < sourceRows;
          bits |= (sourceHasNulls ? BitVectorHelper.get(from, row) : 1) << j;
        }
      }
      to.setByte(base >> 3, bits);
      present += Integer.bitCount(bits);
    }
    return count - present;
  }

  private static boolean noneNegative(ArrowBuf indices, int count) {
    int signs = 0;
    for (int i = 0; i < count; i++) {
      signs |= indices.getInt((long) i << 2);
    }
    return signs >= 0;
  }

  private static void bits(
      BitVector source,
      BitVector target,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count) {
    target.allocateNew(count);
    validity(source, target.getValidityBuffer(), indices, indexValidity, count);
    ArrowBuf from = source.getDataBuffer();
    ArrowBuf to = target.getDataBuffer();
    ArrowBuf valid = target.getValidityBuffer();
    for (int i = 0; i < count; i++) {
      if (BitVectorHelper.get(valid, i) != 0
          && BitVectorHelper.get(from, indices.getInt((long) i << 2)) != 0) {
        BitVectorHelper.setBit(to, i);
      } else {
        BitVectorHelper.unsetBit(to, i);
      }
    }
    target.setValueCount(count);
  }

  private static void fixed(
      BaseFixedWidthVector source,
      BaseFixedWidthVector target,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count) {
    target.allocateNew(count);
    validity(source, target.getValidityBuffer(), indices, indexValidity, count);
    int width = source.getTypeWidth();
    ArrowBuf from = source.getDataBuffer();
    ArrowBuf to = target.getDataBuffer();
    // A NULL row may carry any index: it reads row 0, or nothing where there is none.
    int limit = source.getValueCount();
    if (limit == 0) {
      to.setZero(0, (long) count * width);
      target.setValueCount(count);
      return;
    }
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          to.setByte(i, from.getByte(clamp(indices.getInt((long) i << 2), limit)));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          long row = clamp(indices.getInt((long) i << 2), limit);
          to.setShort((long) i << 1, from.getShort(row << 1));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          long row = clamp(indices.getInt((long) i << 2), limit);
          to.setInt((long) i << 2, from.getInt(row << 2));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          long row = clamp(indices.getInt((long) i << 2), limit);
          to.setLong((long) i << 3, from.getLong(row << 3));
        }
      }
      case 16 -> {
        for (int i = 0; i < count; i++) {
          long row = clamp(indices.getInt((long) i << 2), limit);
          to.setLong((long) i << 4, from.getLong(row << 4));
          to.setLong(((long) i << 4) + 8, from.getLong((row << 4) + 8));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long row = clamp(indices.getInt((long) i << 2), limit);
          to.setBytes((long) i * width, from, row * width, width);
        }
      }
    }
    target.setValueCount(count);
  }

  private static int clamp(int row, int limit) {
    return row < 0 || row >= limit ? 0 : row;
  }

  private static void variable(
      BaseVariableWidthVector source,
      BaseVariableWidthVector target,
      ArrowBuf indices,
      @Nullable ArrowBuf indexValidity,
      int count) {
    BufferAllocator allocator = target.getAllocator();
    try (ArrowBuf valid = allocator.buffer(Math.max(8L, (count + 7L) >> 3));
        ArrowBuf offsets = allocator.buffer((count + 1L) << 2)) {
      int nulls = validity(source, valid, indices, indexValidity, count);
      int bytes = offsets(source, nulls == 0 ? null : valid, indices, count, offsets);
      try (ArrowBuf data = allocator.buffer(Math.max(1, bytes))) {
        ArrowBuf from = source.getDataBuffer();
        ArrowBuf fromOffsets = source.getOffsetBuffer();
        int position = 0;
        for (int i = 0; i < count; i++) {
          int end = offsets.getInt((i + 1L) << 2);
          if (end > position) {
            int start = fromOffsets.getInt((long) indices.getInt((long) i << 2) << 2);
            StringCopy.copy(from, start, data, position, end - position);
          }
          position = end;
        }
        target.loadFieldBuffers(new ArrowFieldNode(count, nulls), List.of(valid, offsets, data));
      }
    }
  }

  /** Where the rows' strings begin in the target, and their bytes. */
  private static int offsets(
      BaseVariableWidthVector source,
      @Nullable ArrowBuf valid,
      ArrowBuf indices,
      int count,
      ArrowBuf offsets) {
    ArrowBuf from = source.getOffsetBuffer();
    int position = 0;
    offsets.setInt(0, 0);
    for (int i = 0; i < count; i++) {
      if (valid == null || BitVectorHelper.get(valid, i) != 0) {
        long at = (long) indices.getInt((long) i << 2) << 2;
        position = Math.addExact(position, from.getInt(at + 4) - from.getInt(at));
      }
      offsets.setInt((i + 1L) << 2, position);
    }
    return position;
  }
}
