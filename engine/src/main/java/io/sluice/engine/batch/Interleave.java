package io.sluice.engine.batch;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Gathers rows from several vectors of one type. */
public final class Interleave {
  private static final int UNKNOWN_NULLS = -1;

  private Interleave() {}

  /**
   * Row {@code i} of the result is row {@code rows[i]} of {@code sources.get(from[i])}.
   *
   * @return a vector of {@code count} rows, owned by the caller
   */
  public static FieldVector gather(
      List<FieldVector> sources, int[] from, int[] rows, int count, BufferAllocator allocator) {
    FieldVector first = sources.getFirst();
    FieldVector target = first.getField().createVector(allocator);
    try {
      switch (target) {
        case NullVector ignored -> target.setValueCount(count);
        case BitVector bits -> generic(sources, from, rows, count, bits);
        case BaseFixedWidthVector fixed -> fixed(sources, from, rows, count, fixed);
        case BaseVariableWidthVector variable -> variable(sources, from, rows, count, variable);
        case ListVector list -> lists(sources, from, rows, count, list);
        case StructVector struct -> rows(sources, from, rows, count, struct);
        default -> throw new AssertionError(target.getField());
      }
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  private static void generic(
      List<FieldVector> sources, int[] from, int[] rows, int count, FieldVector target) {
    target.setInitialCapacity(Math.max(1, count));
    target.allocateNew();
    for (int i = 0; i < count; i++) {
      target.copyFromSafe(rows[i], i, sources.get(from[i]));
    }
    target.setValueCount(count);
  }

  /** Arrays and maps: their lengths, then the elements of all. */
  private static void lists(
      List<FieldVector> sources, int[] from, int[] rows, int count, FieldVector target) {
    BufferAllocator allocator = target.getAllocator();
    try (ArrowBuf validity = bitmap(count, allocator);
        ArrowBuf offsets = allocator.buffer((count + 1L) << 2)) {
      validity(sources, from, rows, count, validity);
      int total = 0;
      offsets.setInt(0, 0);
      for (int i = 0; i < count; i++) {
        ListVector source = (ListVector) sources.get(from[i]);
        if (!source.isNull(rows[i])) {
          int size = source.getElementEndIndex(rows[i]) - source.getElementStartIndex(rows[i]);
          total = Math.addExact(total, size);
        }
        offsets.setInt((i + 1L) << 2, total);
      }
      int[] elementFrom = new int[total];
      int[] elements = new int[total];
      int at = 0;
      for (int i = 0; i < count; i++) {
        int end = offsets.getInt((i + 1L) << 2);
        int element =
            at == end ? 0 : ((ListVector) sources.get(from[i])).getElementStartIndex(rows[i]);
        for (; at < end; at++) {
          elementFrom[at] = from[i];
          elements[at] = element++;
        }
      }
      List<FieldVector> parts =
          sources.stream().map(source -> source.getChildrenFromFields().getFirst()).toList();
      try (FieldVector all = gather(parts, elementFrom, elements, total, allocator)) {
        target.loadFieldBuffers(
            new ArrowFieldNode(count, UNKNOWN_NULLS), List.of(validity, offsets));
        Vectors.shareInto(all, target.getChildrenFromFields().getFirst());
      }
    }
  }

  private static void rows(
      List<FieldVector> sources, int[] from, int[] rows, int count, FieldVector target) {
    BufferAllocator allocator = target.getAllocator();
    try (ArrowBuf validity = bitmap(count, allocator)) {
      validity(sources, from, rows, count, validity);
      target.loadFieldBuffers(new ArrowFieldNode(count, UNKNOWN_NULLS), List.of(validity));
    }
    List<FieldVector> fields = target.getChildrenFromFields();
    for (int f = 0; f < fields.size(); f++) {
      int place = f;
      List<FieldVector> parts =
          sources.stream().map(source -> source.getChildrenFromFields().get(place)).toList();
      try (FieldVector all = gather(parts, from, rows, count, allocator)) {
        Vectors.shareInto(all, fields.get(f));
      }
    }
  }

  private static ArrowBuf bitmap(int count, BufferAllocator allocator) {
    return allocator.buffer(Math.max(8L, (count + 7L) >> 3));
  }

  private static ArrowBuf[] dataBuffers(List<FieldVector> sources) {
    return sources.stream().map(FieldVector::getDataBuffer).toArray(ArrowBuf[]::new);
  }

  private static void validity(
      List<FieldVector> sources, int[] from, int[] rows, int count, FieldVector target) {
    validity(sources, from, rows, count, target.getValidityBuffer());
  }

  private static void validity(
      List<FieldVector> sources, int[] from, int[] rows, int count, ArrowBuf to) {
    boolean[] hasNulls = new boolean[sources.size()];
    boolean any = false;
    for (int s = 0; s < hasNulls.length; s++) {
      hasNulls[s] = sources.get(s).getNullCount() > 0;
      any |= hasNulls[s];
    }
    if (!any) {
      to.setOne(0, (count + 7) >> 3);
      return;
    }
    ArrowBuf[] buffers =
        sources.stream().map(FieldVector::getValidityBuffer).toArray(ArrowBuf[]::new);
    for (int base = 0; base < count; base += 8) {
      int end = Math.min(8, count - base);
      int bits = 0;
      for (int j = 0; j < end; j++) {
        int i = base + j;
        int bit = hasNulls[from[i]] ? BitVectorHelper.get(buffers[from[i]], rows[i]) : 1;
        bits |= bit << j;
      }
      to.setByte(base >> 3, bits);
    }
  }

  private static void fixed(
      List<FieldVector> sources, int[] from, int[] rows, int count, BaseFixedWidthVector target) {
    target.allocateNew(count);
    validity(sources, from, rows, count, target);
    ArrowBuf[] data = dataBuffers(sources);
    ArrowBuf to = target.getDataBuffer();
    int width = target.getTypeWidth();
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          to.setInt((long) i << 2, data[from[i]].getInt((long) rows[i] << 2));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          to.setLong((long) i << 3, data[from[i]].getLong((long) rows[i] << 3));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          to.setBytes((long) i * width, data[from[i]], (long) rows[i] * width, width);
        }
      }
    }
    target.setValueCount(count);
  }

  private static void variable(
      List<FieldVector> sources,
      int[] from,
      int[] rows,
      int count,
      BaseVariableWidthVector target) {
    ArrowBuf[] offsets =
        sources.stream()
            .map(source -> ((BaseVariableWidthVector) source).getOffsetBuffer())
            .toArray(ArrowBuf[]::new);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      ArrowBuf buffer = offsets[from[i]];
      bytes += buffer.getInt(((long) rows[i] + 1) << 2) - buffer.getInt((long) rows[i] << 2);
    }
    target.allocateNew(Math.max(bytes, 1), Math.max(count, 1));
    validity(sources, from, rows, count, target);
    ArrowBuf[] data = dataBuffers(sources);
    ArrowBuf to = target.getDataBuffer();
    ArrowBuf toOffsets = target.getOffsetBuffer();
    int position = 0;
    toOffsets.setInt(0, 0);
    for (int i = 0; i < count; i++) {
      ArrowBuf buffer = offsets[from[i]];
      int start = buffer.getInt((long) rows[i] << 2);
      int size = buffer.getInt(((long) rows[i] + 1) << 2) - start;
      if (size > 0) {
        StringCopy.copy(data[from[i]], start, to, position, size);
        position += size;
      }
      toOffsets.setInt(((long) i + 1) << 2, position);
    }
    target.setLastSet(count - 1);
    target.setValueCount(count);
  }
}
