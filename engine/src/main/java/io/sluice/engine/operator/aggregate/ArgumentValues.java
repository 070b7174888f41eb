package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Column;
import io.sluice.engine.operator.hash.StringCells;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/**
 * An argument's values in the rows that count, as Java arrays: longs for everything that orders
 * like one, doubles, decimals as two longs, and places of bytes. Reused from batch to batch.
 */
final class ArgumentValues implements AutoCloseable {
  /** How values of a type are read. */
  enum Form {
    LONG,
    DOUBLE,
    DECIMAL,
    BYTES;

    static Form of(SqlType type) {
      return switch (type.kind()) {
        case NULL, BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT -> LONG;
        case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS -> LONG;
        case REAL, DOUBLE -> DOUBLE;
        case DECIMAL -> DECIMAL;
        case VARCHAR, VARBINARY, UUID, ARRAY, ROW, MAP -> BYTES;
      };
    }
  }

  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long EXACT = 1L << 53;

  private final SqlType type;
  private final Form form;
  private final boolean asDouble;
  private final BufferAllocator allocator;
  private final StringCells cells;
  private int count;
  private long[] longs = new long[0];
  private long[] highs = new long[0];
  private double[] doubles = new double[0];
  private int[] rows = new int[0];

  ArgumentValues(SqlType type, boolean asDouble, BufferAllocator allocator) {
    this.type = type;
    this.form = Form.of(type);
    this.asDouble = asDouble && type.isNumeric();
    this.allocator = allocator;
    this.cells = new StringCells(allocator);
  }

  SqlType type() {
    return type;
  }

  Form form() {
    return form;
  }

  int count() {
    return count;
  }

  /** Of longs; of decimals the low halves. */
  long[] longs() {
    return longs;
  }

  /** Of decimals the high halves. */
  long[] highs() {
    return highs;
  }

  double[] doubles() {
    return doubles;
  }

  /** Of bytes: the places of all rows of the column; {@link #rows} says which count. */
  StringCells cells() {
    return cells;
  }

  int[] rows() {
    return rows;
  }

  /** Reads the values of {@code column} in {@code valid} rows, none of which is NULL. */
  void read(Column column, int[] valid, int validCount) {
    count = validCount;
    if (form == Form.BYTES) {
      cells.read(column, column.length());
      rows = valid;
      return;
    }
    if (longs.length < validCount) {
      longs = new long[Math.max(validCount, 16)];
      highs = form == Form.DECIMAL ? new long[longs.length] : highs;
      doubles = form == Form.DOUBLE || asDouble ? new double[longs.length] : doubles;
    }
    if (validCount == 0) {
      return;
    }
    FieldVector vector = column.flatten(allocator);
    try {
      switch (form) {
        case LONG -> readLongs(vector, valid);
        case DOUBLE -> readDoubles(vector.getDataBuffer(), valid);
        case DECIMAL -> readDecimals(vector.getDataBuffer(), valid);
        case BYTES -> throw new AssertionError(type);
      }
    } finally {
      vector.close();
    }
    if (asDouble && form == Form.LONG) {
      for (int i = 0; i < count; i++) {
        doubles[i] = longs[i];
      }
    } else if (asDouble && form == Form.DECIMAL) {
      decimalsToDoubles(((SqlType.Decimal) type).scale());
    }
  }

  private void readLongs(FieldVector vector, int[] valid) {
    ArrowBuf data = vector.getDataBuffer();
    switch (type.kind()) {
      case NULL -> Arrays.fill(longs, 0, count, 0);
      case BOOLEAN -> {
        for (int i = 0; i < count; i++) {
          longs[i] = BitVectorHelper.get(data, valid[i]);
        }
      }
      case TINYINT -> {
        for (int i = 0; i < count; i++) {
          longs[i] = data.getByte(valid[i]);
        }
      }
      case SMALLINT -> {
        for (int i = 0; i < count; i++) {
          longs[i] = data.getShort((long) valid[i] << 1);
        }
      }
      case INTEGER, DATE, INTERVAL_MONTHS -> {
        for (int i = 0; i < count; i++) {
          longs[i] = data.getInt((long) valid[i] << 2);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          longs[i] = data.getLong((long) valid[i] << 3);
        }
      }
    }
  }

  private void readDoubles(ArrowBuf data, int[] valid) {
    if (type.kind() == SqlType.Kind.REAL) {
      for (int i = 0; i < count; i++) {
        doubles[i] = data.getFloat((long) valid[i] << 2);
      }
    } else {
      for (int i = 0; i < count; i++) {
        doubles[i] = data.getDouble((long) valid[i] << 3);
      }
    }
  }

  private void readDecimals(ArrowBuf data, int[] valid) {
    for (int i = 0; i < count; i++) {
      long at = (long) valid[i] << 4;
      longs[i] = data.getLong(at);
      highs[i] = data.getLong(at + 8);
    }
  }

  private void decimalsToDoubles(int scale) {
    for (int i = 0; i < count; i++) {
      long low = longs[i];
      // the quotient of two exact doubles is rounded once
      if (highs[i] == low >> 63 && low > -EXACT && low < EXACT && scale < POWERS.length) {
        doubles[i] = low / POWERS[scale];
      } else {
        doubles[i] = new BigDecimal(integer(low, highs[i]), scale).doubleValue();
      }
    }
  }

  /** The integer of 128 bits. */
  static BigInteger integer(long low, long high) {
    BigInteger upper = BigInteger.valueOf(high).shiftLeft(64);
    BigInteger lower = BigInteger.valueOf(low >>> 1).shiftLeft(1);
    return upper.add(lower).add(BigInteger.valueOf(low & 1));
  }

  @Override
  public void close() {
    cells.close();
  }
}
