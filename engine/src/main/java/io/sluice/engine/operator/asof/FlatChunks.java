package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Interleave;
import io.sluice.engine.batch.StringCopy;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;

/**
 * Plain vectors of one type, from which rows are gathered by location: {@code chunk << 32 | row},
 * or below 0 for NULL. Owns the vectors; read by all threads.
 */
final class FlatChunks implements AutoCloseable {
  private final SqlType type;
  private final List<FieldVector> vectors;
  private final ArrowBuf[] data;
  private final ArrowBuf[] validity;
  private final ArrowBuf[] offsets;
  private final boolean[] hasNulls;

  /** Takes ownership of the vectors. */
  FlatChunks(SqlType type, List<FieldVector> vectors) {
    this.type = type;
    this.vectors = List.copyOf(vectors);
    int count = vectors.size();
    data = new ArrowBuf[count];
    validity = new ArrowBuf[count];
    offsets = new ArrowBuf[count];
    hasNulls = new boolean[count];
    for (int i = 0; i < count; i++) {
      FieldVector vector = vectors.get(i);
      hasNulls[i] = vector.getNullCount() > 0;
      if (vector instanceof BaseFixedWidthVector || vector instanceof BaseVariableWidthVector) {
        data[i] = vector.getDataBuffer();
        validity[i] = vector.getValidityBuffer();
        offsets[i] = vector instanceof BaseVariableWidthVector ? vector.getOffsetBuffer() : data[i];
      }
    }
  }

  /** The rows at the locations. The caller closes the vector. */
  FieldVector gather(long[] locations, int count, BufferAllocator allocator) {
    FieldVector target = Vectors.create(type, allocator);
    try {
      switch (target) {
        case NullVector ignored -> target.setValueCount(count);
        case BitVector bits -> bits(locations, count, bits);
        case BaseFixedWidthVector fixed -> fixed(locations, count, fixed);
        case BaseVariableWidthVector variable -> variable(locations, count, variable);
        default -> generic(locations, count, target);
      }
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  private void generic(long[] locations, int count, FieldVector target) {
    BufferAllocator allocator = target.getAllocator();
    try (FieldVector none = Vectors.nulls(type, 1, allocator)) {
      List<FieldVector> sources = new ArrayList<>(vectors);
      sources.add(none);
      int[] from = new int[count];
      int[] rows = new int[count];
      for (int i = 0; i < count; i++) {
        boolean absent = locations[i] < 0;
        from[i] = absent ? vectors.size() : (int) (locations[i] >>> 32);
        rows[i] = absent ? 0 : (int) locations[i];
      }
      try (FieldVector all = Interleave.gather(sources, from, rows, count, allocator)) {
        Vectors.shareInto(all, target);
      }
    }
  }

  private void validity(long[] locations, int count, ArrowBuf to) {
    for (int base = 0; base < count; base += 8) {
      int end = Math.min(8, count - base);
      int bits = 0;
      for (int j = 0; j < end; j++) {
        long at = locations[base + j];
        if (at >= 0) {
          int chunk = (int) (at >>> 32);
          bits |= (hasNulls[chunk] ? BitVectorHelper.get(validity[chunk], (int) at) : 1) << j;
        }
      }
      to.setByte(base >> 3, bits);
    }
  }

  private void bits(long[] locations, int count, BitVector target) {
    target.allocateNew(count);
    validity(locations, count, target.getValidityBuffer());
    ArrowBuf to = target.getDataBuffer();
    for (int base = 0; base < count; base += 8) {
      int end = Math.min(8, count - base);
      int bits = 0;
      for (int j = 0; j < end; j++) {
        long at = locations[base + j];
        bits |= (at < 0 ? 0 : BitVectorHelper.get(data[(int) (at >>> 32)], (int) at)) << j;
      }
      to.setByte(base >> 3, bits);
    }
    target.setValueCount(count);
  }

  private void fixed(long[] locations, int count, BaseFixedWidthVector target) {
    target.allocateNew(count);
    validity(locations, count, target.getValidityBuffer());
    ArrowBuf to = target.getDataBuffer();
    int width = target.getTypeWidth();
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          long at = locations[i];
          int value = at < 0 ? 0 : data[(int) (at >>> 32)].getInt((at & 0xFFFF_FFFFL) << 2);
          to.setInt((long) i << 2, value);
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          long at = locations[i];
          long value = at < 0 ? 0 : data[(int) (at >>> 32)].getLong((at & 0xFFFF_FFFFL) << 3);
          to.setLong((long) i << 3, value);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long at = locations[i];
          if (at < 0) {
            to.setZero((long) i * width, width);
          } else {
            to.setBytes(
                (long) i * width, data[(int) (at >>> 32)], (at & 0xFFFF_FFFFL) * width, width);
          }
        }
      }
    }
    target.setValueCount(count);
  }

  private void variable(long[] locations, int count, BaseVariableWidthVector target) {
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      long at = locations[i];
      if (at >= 0) {
        ArrowBuf from = offsets[(int) (at >>> 32)];
        long entry = (at & 0xFFFF_FFFFL) << 2;
        bytes += from.getInt(entry + 4) - from.getInt(entry);
      }
    }
    target.allocateNew(Math.max(bytes, 1), Math.max(count, 1));
    validity(locations, count, target.getValidityBuffer());
    ArrowBuf to = target.getDataBuffer();
    ArrowBuf toOffsets = target.getOffsetBuffer();
    int position = 0;
    toOffsets.setInt(0, 0);
    for (int i = 0; i < count; i++) {
      long at = locations[i];
      if (at >= 0) {
        int chunk = (int) (at >>> 32);
        long entry = (at & 0xFFFF_FFFFL) << 2;
        int start = offsets[chunk].getInt(entry);
        int size = offsets[chunk].getInt(entry + 4) - start;
        if (size > 0) {
          StringCopy.copy(data[chunk], start, to, position, size);
          position += size;
        }
      }
      toOffsets.setInt(((long) i + 1) << 2, position);
    }
    target.setLastSet(count - 1);
    target.setValueCount(count);
  }

  @Override
  public void close() {
    vectors.forEach(FieldVector::close);
  }
}
