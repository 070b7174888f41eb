package io.sluice.engine.operator.sort;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Writes sort keys: per column one byte that places NULL, then a value in big-endian form whose
 * unsigned order is the column's. Numbers have their sign turned, floating ones their negative bits
 * too (NaN greatest, -0.0 as 0.0); strings escape byte 0 and end with two of them; a descending
 * column's value bytes are inverted.
 */
public final class SortKeyEncoder {
  private final List<SortKey> keys;
  private final List<SqlType> types;

  /**
   * @throws EngineException UNSUPPORTED for a key of a nested type
   */
  public SortKeyEncoder(List<SortKey> keys, List<OutputColumn> columns) {
    this.keys = List.copyOf(keys);
    this.types = keys.stream().map(key -> columns.get(key.column()).type()).toList();
    for (int k = 0; k < keys.size(); k++) {
      if (types.get(k).isNested()) {
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            "cannot order by "
                + columns.get(keys.get(k).column()).name()
                + " of type "
                + types.get(k).sql()
                + ": ORDER BY takes no arrays, rows or maps");
      }
    }
  }

  /** Appends the keys of all rows of a batch's plain columns. */
  public void append(List<FieldVector> columns, int rows, SortKeyBytes to) {
    int[] lengths = new int[rows];
    for (int k = 0; k < types.size(); k++) {
      addLengths(columns.get(keys.get(k).column()), types.get(k), rows, lengths);
    }
    int first = to.rows();
    to.append(lengths, rows);
    int[] positions = lengths;
    for (int row = 0; row < rows; row++) {
      positions[row] = to.offset(first + row);
    }
    for (int k = 0; k < types.size(); k++) {
      write(columns.get(keys.get(k).column()), types.get(k), keys.get(k), rows, positions, to);
    }
    to.fillPrefixes(first);
  }

  private static int width(SqlType type) {
    return switch (type.kind()) {
      case NULL -> 0;
      case BOOLEAN, TINYINT -> 1;
      case SMALLINT -> 2;
      case INTEGER, REAL, DATE, INTERVAL_MONTHS -> 4;
      case BIGINT, DOUBLE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MICROS -> 8;
      case DECIMAL, UUID -> 16;
      case VARCHAR, VARBINARY -> -1;
      case ARRAY, ROW, MAP -> throw new AssertionError(type);
    };
  }

  private static void addLengths(FieldVector vector, SqlType type, int rows, int[] lengths) {
    int width = width(type);
    if (width >= 0) {
      for (int row = 0; row < rows; row++) {
        lengths[row] += 1 + (vector.isNull(row) ? 0 : width);
      }
      return;
    }
    ArrowBuf data = vector.getDataBuffer();
    ArrowBuf offsets = ((BaseVariableWidthVector) vector).getOffsetBuffer();
    for (int row = 0; row < rows; row++) {
      int length = 1;
      if (!vector.isNull(row)) {
        int end = offsets.getInt(((long) row + 1) << 2);
        for (int i = offsets.getInt((long) row << 2); i < end; i++) {
          length += data.getByte(i) == 0 ? 2 : 1;
        }
        length += 2;
      }
      lengths[row] += length;
    }
  }

  private static void write(
      FieldVector vector, SqlType type, SortKey key, int rows, int[] positions, SortKeyBytes to) {
    byte[] bytes = to.bytes();
    byte nullByte = (byte) (key.nullsFirst() ? 0 : 2);
    int width = width(type);
    byte flip = (byte) (key.descending() ? 0xFF : 0);
    for (int row = 0; row < rows; row++) {
      int position = positions[row];
      if (vector.isNull(row)) {
        bytes[position] = nullByte;
        positions[row] = position + 1;
        continue;
      }
      bytes[position++] = 1;
      int end =
          width < 0
              ? string((BaseVariableWidthVector) vector, row, bytes, position)
              : number(vector, type, row, width, bytes, position);
      if (flip != 0) {
        for (int i = position; i < end; i++) {
          bytes[i] ^= flip;
        }
      }
      positions[row] = end;
    }
  }

  private static int string(BaseVariableWidthVector vector, int row, byte[] bytes, int position) {
    ArrowBuf data = vector.getDataBuffer();
    ArrowBuf offsets = vector.getOffsetBuffer();
    int end = offsets.getInt(((long) row + 1) << 2);
    for (int i = offsets.getInt((long) row << 2); i < end; i++) {
      byte value = data.getByte(i);
      bytes[position++] = value;
      if (value == 0) {
        bytes[position++] = (byte) 0xFF;
      }
    }
    bytes[position++] = 0;
    bytes[position++] = 0;
    return position;
  }

  private static int number(
      FieldVector vector, SqlType type, int row, int width, byte[] bytes, int position) {
    switch (type.kind()) {
      case NULL -> {}
      case BOOLEAN -> bytes[position] = (byte) ((BitVector) vector).get(row);
      case UUID -> vector.getDataBuffer().getBytes(16L * row, bytes, position, 16);
      case DECIMAL -> {
        ArrowBuf data = vector.getDataBuffer();
        SortKeyBytes.LONG.set(bytes, position, data.getLong(16L * row + 8) ^ Long.MIN_VALUE);
        SortKeyBytes.LONG.set(bytes, position + 8, data.getLong(16L * row));
      }
      case REAL -> {
        float value = vector.getDataBuffer().getFloat(4L * row);
        int bits = Float.floatToIntBits(value == 0 ? 0f : value);
        integer(bits ^ ((bits >> 31) & Integer.MAX_VALUE), width, bytes, position);
      }
      case DOUBLE -> {
        double value = vector.getDataBuffer().getDouble(8L * row);
        long bits = Double.doubleToLongBits(value == 0 ? 0d : value);
        integer(bits ^ ((bits >> 63) & Long.MAX_VALUE), width, bytes, position);
      }
      default -> integer(signed((BaseFixedWidthVector) vector, row, width), width, bytes, position);
    }
    return position + width;
  }

  private static long signed(BaseFixedWidthVector vector, int row, int width) {
    ArrowBuf data = vector.getDataBuffer();
    return switch (width) {
      case 1 -> data.getByte(row);
      case 2 -> data.getShort((long) row << 1);
      case 4 -> data.getInt((long) row << 2);
      default -> data.getLong((long) row << 3);
    };
  }

  private static void integer(long value, int width, byte[] bytes, int position) {
    long turned = value ^ (1L << (8 * width - 1));
    for (int i = 0; i < width; i++) {
      bytes[position + i] = (byte) (turned >>> (8 * (width - 1 - i)));
    }
  }
}
