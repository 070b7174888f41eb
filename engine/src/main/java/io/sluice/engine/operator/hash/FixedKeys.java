package io.sluice.engine.operator.hash;

import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Values of up to 8 bytes as words whose equality is that of SQL, and back. */
final class FixedKeys {
  private FixedKeys() {}

  /** Words of the first {@code count} values; of a NULL, anything. */
  static void read(SqlType type, int width, FieldVector vector, int count, long[] words) {
    ArrowBuf data = vector.getDataBuffer();
    switch (type.kind()) {
      case BOOLEAN -> {
        for (int i = 0; i < count; i++) {
          words[i] = BitVectorHelper.get(data, i);
        }
      }
      case REAL -> {
        for (int i = 0; i < count; i++) {
          words[i] = Float.floatToIntBits(data.getFloat((long) i << 2) + 0.0f);
        }
      }
      case DOUBLE -> {
        for (int i = 0; i < count; i++) {
          words[i] = Double.doubleToLongBits(data.getDouble((long) i << 3) + 0.0);
        }
      }
      default -> readIntegers(data, width, count, words);
    }
  }

  private static void readIntegers(ArrowBuf data, int width, int count, long[] words) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          words[i] = data.getByte(i);
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          words[i] = data.getShort((long) i << 1);
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          words[i] = data.getInt((long) i << 2);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          words[i] = data.getLong((long) i << 3);
        }
      }
    }
  }

  /** Sets the bytes of a value; its validity is the caller's to set. */
  static void write(int width, FieldVector vector, int row, long word) {
    ArrowBuf data = vector.getDataBuffer();
    if (vector instanceof BitVector) {
      if (word != 0) {
        BitVectorHelper.setBit(data, row);
      } else {
        BitVectorHelper.unsetBit(data, row);
      }
      return;
    }
    switch (width) {
      case 1 -> data.setByte(row, (byte) word);
      case 2 -> data.setShort((long) row << 1, (short) word);
      case 4 -> data.setInt((long) row << 2, (int) word);
      default -> data.setLong((long) row << 3, word);
    }
  }
}
