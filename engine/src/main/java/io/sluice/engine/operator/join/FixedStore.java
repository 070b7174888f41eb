package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Values of fixed width; a BOOLEAN is a byte, and so is each value's validity. */
final class FixedStore implements ColumnStore {
  private final SqlType type;
  private final BufferAllocator allocator;
  private final int width;
  private final List<GrowingBuffer> values = new ArrayList<>();
  private final List<GrowingBuffer> validity = new ArrayList<>();
  private boolean anyNull;

  FixedStore(SqlType type, BufferAllocator allocator) {
    this.type = type;
    this.allocator = allocator;
    this.width = width(type, allocator);
  }

  static int width(SqlType type, BufferAllocator allocator) {
    try (FieldVector vector = Vectors.create(type, allocator)) {
      return vector instanceof BitVector ? 1 : ((BaseFixedWidthVector) vector).getTypeWidth();
    }
  }

  SqlType type() {
    return type;
  }

  boolean anyNull() {
    return anyNull;
  }

  /** The values of a segment. */
  ArrowBuf values(int segment) {
    return values.get(segment).buffer();
  }

  /** A byte per row of a segment, 1 where there is a value. */
  ArrowBuf validity(int segment) {
    return validity.get(segment).buffer();
  }

  int segments() {
    return values.size();
  }

  @Override
  public void append(Column column, int[] rows, int count, int first) {
    try (FieldVector vector = column.flatten(allocator)) {
      append(vector, rows, count, first);
    }
  }

  void append(FieldVector vector, int[] rows, int count, int first) {
    for (int done = 0; done < count; ) {
      int at = first + done;
      int segment = at >>> Segments.LOG;
      int offset = at & Segments.MASK;
      int part = Math.min(count - done, Segments.ROWS - offset);
      if (segment == values.size()) {
        values.add(new GrowingBuffer(allocator));
        validity.add(new GrowingBuffer(allocator));
      }
      ArrowBuf to = values.get(segment).ensure((long) (offset + part) * width);
      copy(vector, rows, done, part, to, offset);
      copyValidity(vector, rows, done, part, validity.get(segment), offset);
      done += part;
    }
  }

  private void copy(FieldVector vector, int[] rows, int from, int count, ArrowBuf to, int offset) {
    ArrowBuf data = vector.getDataBuffer();
    if (vector instanceof BitVector) {
      for (int i = 0; i < count; i++) {
        to.setByte(offset + i, BitVectorHelper.get(data, rows[from + i]));
      }
      return;
    }
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          to.setInt((long) (offset + i) << 2, data.getInt((long) rows[from + i] << 2));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          to.setLong((long) (offset + i) << 3, data.getLong((long) rows[from + i] << 3));
        }
      }
      case 16 -> {
        for (int i = 0; i < count; i++) {
          long source = (long) rows[from + i] << 4;
          long target = (long) (offset + i) << 4;
          to.setLong(target, data.getLong(source));
          to.setLong(target + 8, data.getLong(source + 8));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          long source = (long) rows[from + i] * width;
          to.setBytes((long) (offset + i) * width, data, source, width);
        }
      }
    }
  }

  private void copyValidity(
      FieldVector vector, int[] rows, int from, int count, GrowingBuffer target, int offset) {
    ArrowBuf to = target.ensure(offset + count);
    if (vector.getNullCount() == 0) {
      for (int i = 0; i < count; i++) {
        to.setByte(offset + i, 1);
      }
      return;
    }
    ArrowBuf bits = vector.getValidityBuffer();
    for (int i = 0; i < count; i++) {
      int valid = BitVectorHelper.get(bits, rows[from + i]);
      anyNull |= valid == 0;
      to.setByte(offset + i, valid);
    }
  }

  @Override
  public void close() {
    values.forEach(GrowingBuffer::close);
    validity.forEach(GrowingBuffer::close);
  }
}
