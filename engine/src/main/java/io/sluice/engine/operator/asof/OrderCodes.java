package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.type.SqlType;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/**
 * Values as longs that compare as the values do: signed order is SQL order, equality is SQL
 * equality (NaN is the greatest and equals itself, -0.0 equals 0.0). One instance serves one column
 * of one task, as it remembers the codes of the last dictionary.
 */
final class OrderCodes implements AutoCloseable {
  private @Nullable SharedDictionary dictionary;
  private long[] dictionaryCodes = {};

  /** Whether 64 bits hold every value of the type. */
  static boolean supports(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE -> true;
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS -> true;
      case DECIMAL -> ((SqlType.Decimal) type).precision() <= 18;
      case NULL, VARCHAR, VARBINARY, UUID, ARRAY, ROW, MAP -> false;
    };
  }

  /**
   * The codes of the first {@code rows} rows.
   *
   * @param absent set to true where the value is NULL, otherwise left alone
   */
  void encode(Column column, int rows, long[] codes, boolean[] absent) {
    switch (column) {
      case FlatColumn flat -> encode(flat.vector(), rows, codes, absent);
      case ConstantColumn constant -> {
        if (rows > 0) {
          boolean[] none = new boolean[1];
          encode(constant.value(), 1, codes, none);
          Arrays.fill(codes, 0, rows, codes[0]);
          if (none[0]) {
            Arrays.fill(absent, 0, rows, true);
          }
        }
      }
      case DictionaryColumn indexed -> encode(indexed, rows, codes, absent);
    }
  }

  private void encode(DictionaryColumn column, int rows, long[] codes, boolean[] absent) {
    if (column.dictionary() != dictionary) {
      close();
      SharedDictionary next = column.dictionary().retain();
      dictionary = next;
      dictionaryCodes = new long[next.size()];
      encode(next.values(), next.size(), dictionaryCodes, new boolean[next.size()]);
    }
    IntVector indices = column.indices();
    ArrowBuf ids = indices.getDataBuffer();
    boolean nulls = indices.getNullCount() > 0;
    if (nulls) {
      markNulls(indices, rows, absent);
    }
    for (int i = 0; i < rows; i++) {
      codes[i] = nulls && absent[i] ? 0 : dictionaryCodes[ids.getInt((long) i << 2)];
    }
  }

  private static void encode(FieldVector vector, int rows, long[] codes, boolean[] absent) {
    if (vector.getNullCount() > 0) {
      markNulls(vector, rows, absent);
    }
    ArrowBuf data = vector.getDataBuffer();
    switch (vector) {
      case BitVector ignored -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = BitVectorHelper.get(data, i);
        }
      }
      case Float4Vector ignored -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = ofDouble(data.getFloat((long) i << 2));
        }
      }
      case Float8Vector ignored -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = ofDouble(data.getDouble((long) i << 3));
        }
      }
      case DecimalVector ignored -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = data.getLong((long) i << 4);
        }
      }
      case BaseFixedWidthVector fixed -> integers(fixed.getTypeWidth(), data, rows, codes);
      default -> throw new AssertionError(vector.getField());
    }
  }

  private static void integers(int width, ArrowBuf data, int rows, long[] codes) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = data.getByte(i);
        }
      }
      case 2 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = data.getShort((long) i << 1);
        }
      }
      case 4 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = data.getInt((long) i << 2);
        }
      }
      case 8 -> {
        for (int i = 0; i < rows; i++) {
          codes[i] = data.getLong((long) i << 3);
        }
      }
      default -> throw new AssertionError(width);
    }
  }

  private static long ofDouble(double value) {
    // adding zero turns -0.0 into 0.0; doubleToLongBits has one NaN, above infinity
    long bits = Double.doubleToLongBits(value + 0.0);
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  private static void markNulls(FieldVector vector, int rows, boolean[] absent) {
    ArrowBuf validity = vector.getValidityBuffer();
    for (int base = 0; base < rows; base += 8) {
      int missing = ~validity.getByte(base >> 3) & 0xFF;
      while (missing != 0) {
        int row = base + Integer.numberOfTrailingZeros(missing);
        if (row < rows) {
          absent[row] = true;
        }
        missing &= missing - 1;
      }
    }
  }

  @Override
  public void close() {
    if (dictionary != null) {
      dictionary.release();
      dictionary = null;
      dictionaryCodes = new long[0];
    }
  }
}
