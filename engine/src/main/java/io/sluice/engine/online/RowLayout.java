package io.sluice.engine.online;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.type.SqlType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How the values of several columns lie in the bytes of one row: a version byte; a bitmap with a 1
 * for each NULL; a slot for each column, little-endian; the bytes of strings, binaries, arrays,
 * rows and maps. The slot of one of these holds where its bytes end, counted from the row's first
 * byte; they begin where those of the one before end, or behind the slots. {@link NestedCells} says
 * what those of arrays, rows and maps are. Two rows of a layout without floating or nested columns
 * are equal exactly if their bytes are.
 */
public final class RowLayout {
  /** Of rows that this code writes. Rows live as long as a process, or a cluster of one build. */
  static final byte VERSION = 2;

  /** The width of a slot that tells an end. */
  static final int VARIABLE = -1;

  private final List<SqlType> types;
  private final Map<String, Integer> places = new HashMap<>();
  private final int[] widths;
  private final int[] offsets;
  private final int fixedBytes;
  private final boolean variable;

  private RowLayout(List<ColumnDefinition> columns) {
    this.types = columns.stream().map(ColumnDefinition::type).toList();
    columns.forEach(column -> places.put(column.name(), places.size()));
    this.widths = new int[types.size()];
    this.offsets = new int[types.size()];
    int offset = 1 + (types.size() + 7) / 8;
    boolean anyVariable = false;
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(types.get(i));
      offsets[i] = offset;
      offset += widths[i] == VARIABLE ? Integer.BYTES : widths[i];
      anyVariable |= widths[i] == VARIABLE;
    }
    this.fixedBytes = offset;
    this.variable = anyVariable;
  }

  static RowLayout of(List<ColumnDefinition> columns) {
    return new RowLayout(columns);
  }

  private static int width(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT -> 1;
      case SMALLINT -> 2;
      case INTEGER, REAL, DATE, INTERVAL_MONTHS -> 4;
      case BIGINT, DOUBLE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MICROS -> 8;
      case DECIMAL, UUID -> 16;
      case VARCHAR, VARBINARY, ARRAY, ROW, MAP -> VARIABLE;
      case NULL -> throw new AssertionError(type);
    };
  }

  int columns() {
    return widths.length;
  }

  /** The number of the column of exactly that name, or -1. */
  int place(String name) {
    return places.getOrDefault(name, -1);
  }

  SqlType type(int column) {
    return types.get(column);
  }

  /** Bytes of the column's slot, or {@link #VARIABLE}. */
  int width(int column) {
    return widths[column];
  }

  /** Where the column's slot begins within a row. */
  int offset(int column) {
    return offsets[column];
  }

  /** Bytes before those of variable columns; the whole row where there are none. */
  int fixedBytes() {
    return fixedBytes;
  }

  boolean hasVariable() {
    return variable;
  }

  /** Where the bytes of a variable column begin is where those of this one end, -1 for none. */
  int variableBefore(int column) {
    for (int i = column - 1; i >= 0; i--) {
      if (widths[i] == VARIABLE) {
        return i;
      }
    }
    return -1;
  }

  static int nullByte(int column) {
    return 1 + column / 8;
  }

  static int nullBit(int column) {
    return 1 << (column % 8);
  }
}
