package io.sluice.engine.operator.hash;

import io.sluice.engine.type.SqlType;
import java.util.List;

/**
 * How the values of several key columns lie in one row of bytes, such that two keys are equal
 * exactly if their rows are. A row is: a word with its size in words (upper half) and a null bit
 * for each of the first 32 columns; a further word for each further 32 columns; the values of fixed
 * width, widest first, and the lengths of the others; padding; the bytes of the others in column
 * order; padding to whole words. NULL is zero bytes.
 *
 * <p>A single column of at most 8 bytes has no row: its key is one word.
 */
public final class KeyLayout {
  /** The width of a column whose bytes stand behind the fixed part. */
  static final int VARIABLE = -1;

  private static final int[] WIDTHS = {16, 8, 4, 2, 1};
  private static final int NULLS_PER_WORD = 32;

  private final List<SqlType> types;
  private final int[] widths;
  private final int[] offsets;
  private final int headerWords;
  private final int fixedBytes;
  private final boolean variable;

  public KeyLayout(List<SqlType> types) {
    this.types = List.copyOf(types);
    this.widths = new int[types.size()];
    this.offsets = new int[types.size()];
    this.headerWords = Math.max(1, (types.size() + NULLS_PER_WORD - 1) / NULLS_PER_WORD);
    boolean anyVariable = false;
    for (int c = 0; c < widths.length; c++) {
      widths[c] = width(types.get(c));
      anyVariable |= widths[c] == VARIABLE;
    }
    this.variable = anyVariable;
    int offset = headerWords * Long.BYTES;
    for (int width : WIDTHS) {
      for (int c = 0; c < widths.length; c++) {
        if (stored(c) == width) {
          offsets[c] = offset;
          offset += width;
        }
      }
    }
    this.fixedBytes = (offset + 7) & -8;
  }

  private static int width(SqlType type) {
    return switch (type.kind()) {
      case NULL -> 0;
      case BOOLEAN, TINYINT -> 1;
      case SMALLINT -> 2;
      case INTEGER, REAL, DATE, INTERVAL_MONTHS -> 4;
      case BIGINT, DOUBLE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MICROS -> 8;
      case DECIMAL, UUID -> 16;
      case VARCHAR, VARBINARY, ARRAY, ROW, MAP -> VARIABLE;
    };
  }

  private int stored(int column) {
    return widths[column] == VARIABLE ? Integer.BYTES : widths[column];
  }

  public List<SqlType> types() {
    return types;
  }

  int columns() {
    return widths.length;
  }

  SqlType type(int column) {
    return types.get(column);
  }

  /** Bytes of the column's values, or {@link #VARIABLE}. */
  int width(int column) {
    return widths[column];
  }

  /** Where a row holds the column's value or its length. */
  int offset(int column) {
    return offsets[column];
  }

  /** The byte of the row whose bit {@link #nullBit} tells that the column is NULL. */
  int nullByte(int column) {
    return (column / NULLS_PER_WORD) * Long.BYTES + (column % NULLS_PER_WORD) / 8;
  }

  int nullBit(int column) {
    return 1 << (column % 8);
  }

  int headerWords() {
    return headerWords;
  }

  /** Bytes before those of variable columns; the whole row where there are none. */
  int fixedBytes() {
    return fixedBytes;
  }

  boolean hasVariable() {
    return variable;
  }

  /** Whether keys are single words instead of rows. */
  public boolean isWord() {
    return widths.length == 1 && widths[0] >= 1 && widths[0] <= 8;
  }
}
