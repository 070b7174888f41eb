package io.sluice.engine.operator.hash;

import io.sluice.engine.batch.Vectors;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Reading the rows of a {@link KeyLayout}. */
public final class KeyRows {
  private KeyRows() {}

  /** Bytes of the row at {@code offset}. */
  public static long bytes(ArrowBuf rows, long offset) {
    return (rows.getLong(offset) >>> 32) << 3;
  }

  public static boolean isNull(KeyLayout layout, int column, ArrowBuf rows, long offset) {
    return (rows.getByte(offset + layout.nullByte(column)) & layout.nullBit(column)) != 0;
  }

  /** Where the bytes of a variable column start within the row. */
  static long start(KeyLayout layout, int column, ArrowBuf rows, long offset) {
    long start = layout.fixedBytes();
    for (int c = 0; c < column; c++) {
      if (layout.width(c) == KeyLayout.VARIABLE) {
        start += rows.getInt(offset + layout.offset(c));
      }
    }
    return start;
  }

  /** Whether two rows are the same bytes. */
  public static boolean equal(ArrowBuf a, long offsetA, ArrowBuf b, long offsetB) {
    long header = a.getLong(offsetA);
    if (header != b.getLong(offsetB)) {
      return false;
    }
    long bytes = (header >>> 32) << 3;
    for (long i = Long.BYTES; i < bytes; i += Long.BYTES) {
      if (a.getLong(offsetA + i) != b.getLong(offsetB + i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the values of one column are equal; neither is NULL. */
  public static boolean equal(
      KeyLayout layout, int column, ArrowBuf a, long offsetA, ArrowBuf b, long offsetB) {
    int slot = layout.offset(column);
    int width = layout.width(column);
    long startA = offsetA + slot;
    long startB = offsetB + slot;
    if (width == KeyLayout.VARIABLE) {
      width = a.getInt(startA);
      if (width != b.getInt(startB)) {
        return false;
      }
      startA = offsetA + start(layout, column, a, offsetA);
      startB = offsetB + start(layout, column, b, offsetB);
    }
    for (int i = 0; i < width; i++) {
      if (a.getByte(startA + i) != b.getByte(startB + i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The values of one column of {@code count} rows.
   *
   * @param offsets where each row starts
   * @return a vector, owned by the caller
   */
  public static FieldVector decode(
      KeyLayout layout,
      int column,
      ArrowBuf rows,
      long[] offsets,
      int count,
      BufferAllocator allocator) {
    FieldVector vector = Vectors.create(layout.type(column), allocator);
    try {
      vector.setInitialCapacity(Math.max(1, count));
      vector.allocateNew();
      if (vector instanceof BaseFixedWidthVector && layout.width(column) > 0) {
        decodeFixed(layout, column, rows, offsets, count, vector);
      } else if (layout.width(column) == KeyLayout.VARIABLE) {
        decodeVariable(layout, column, rows, offsets, count, vector);
      }
      vector.setValueCount(count);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  private static void decodeFixed(
      KeyLayout layout, int column, ArrowBuf rows, long[] offsets, int count, FieldVector vector) {
    int width = layout.width(column);
    int slot = layout.offset(column);
    ArrowBuf validity = vector.getValidityBuffer();
    ArrowBuf data = vector.getDataBuffer();
    for (int i = 0; i < count; i++) {
      if (isNull(layout, column, rows, offsets[i])) {
        BitVectorHelper.unsetBit(validity, i);
      } else {
        BitVectorHelper.setBit(validity, i);
      }
      long at = offsets[i] + slot;
      switch (width) {
        case 1 -> FixedKeys.write(1, vector, i, rows.getByte(at));
        case 2 -> FixedKeys.write(2, vector, i, rows.getShort(at));
        case 4 -> FixedKeys.write(4, vector, i, rows.getInt(at));
        case 8 -> FixedKeys.write(8, vector, i, rows.getLong(at));
        default -> {
          data.setLong((long) i << 4, rows.getLong(at));
          data.setLong(((long) i << 4) + 8, rows.getLong(at + 8));
        }
      }
    }
  }

  private static void decodeVariable(
      KeyLayout layout, int column, ArrowBuf rows, long[] offsets, int count, FieldVector vector) {
    for (int i = 0; i < count; i++) {
      if (isNull(layout, column, rows, offsets[i])) {
        while (vector.getValueCapacity() <= i) {
          vector.reAlloc();
        }
        vector.setNull(i);
        continue;
      }
      int length = rows.getInt(offsets[i] + layout.offset(column));
      long start = offsets[i] + start(layout, column, rows, offsets[i]);
      StringCells.set(vector, i, rows, start, length);
    }
  }
}
