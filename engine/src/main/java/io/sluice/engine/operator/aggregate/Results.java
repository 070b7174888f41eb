package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;

/** Vectors of aggregates' results. */
final class Results {
  /** Sets the value of one group. */
  @FunctionalInterface
  interface CellWriter {
    /**
     * Sets row {@code row} of the vector, which has room for it.
     *
     * @return whether there is a value; else the row becomes NULL
     */
    boolean write(FieldVector vector, int row, int group);
  }

  private Results() {}

  /** Results of the groups {@code from} to {@code from + count}, owned by the caller. */
  static FieldVector build(
      SqlType type, int from, int count, BufferAllocator allocator, CellWriter writer) {
    FieldVector vector = Vectors.create(type, allocator);
    try {
      vector.setInitialCapacity(Math.max(1, count));
      vector.allocateNew();
      for (int i = 0; i < count; i++) {
        if (!writer.write(vector, i, from + i)) {
          while (vector.getValueCapacity() <= i) {
            vector.reAlloc();
          }
          vector.setNull(i);
        } else if (vector instanceof BaseFixedWidthVector) {
          BitVectorHelper.setBit(vector.getValidityBuffer(), i);
        }
      }
      vector.setValueCount(count);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  /** Of any type whose values are at most 8 bytes and no floats. */
  static void setLong(FieldVector vector, int row, long value) {
    if (vector instanceof BitVector) {
      if (value != 0) {
        BitVectorHelper.setBit(vector.getDataBuffer(), row);
      } else {
        BitVectorHelper.unsetBit(vector.getDataBuffer(), row);
      }
      return;
    }
    switch (((BaseFixedWidthVector) vector).getTypeWidth()) {
      case 1 -> vector.getDataBuffer().setByte(row, (byte) value);
      case 2 -> vector.getDataBuffer().setShort((long) row << 1, (short) value);
      case 4 -> vector.getDataBuffer().setInt((long) row << 2, (int) value);
      case 8 -> vector.getDataBuffer().setLong((long) row << 3, value);
      default -> throw new AssertionError(vector.getField());
    }
  }

  static void setDouble(FieldVector vector, int row, double value) {
    if (vector instanceof Float4Vector) {
      vector.getDataBuffer().setFloat((long) row << 2, (float) value);
    } else {
      vector.getDataBuffer().setDouble((long) row << 3, value);
    }
  }

  static void setDecimal(FieldVector vector, int row, long low, long high) {
    vector.getDataBuffer().setLong((long) row << 4, low);
    vector.getDataBuffer().setLong(((long) row << 4) + 8, high);
  }
}
