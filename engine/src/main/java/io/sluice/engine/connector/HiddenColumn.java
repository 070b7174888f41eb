package io.sluice.engine.connector;

import io.sluice.engine.type.SqlType;
import java.util.Optional;

/**
 * Columns that every table answers to although its definition does not list them. A column of the
 * table's own with the same name goes first. Where a table cannot know a value, asking for the
 * column is UNSUPPORTED.
 */
public enum HiddenColumn {
  /** Where the row is stored. */
  FILE("_file", SqlType.VARCHAR),
  /** The row's number within its file, from 0. */
  POS("_pos", SqlType.BIGINT),
  /** The snapshot that brought the row into its present form, NULL where it has expired. */
  SNAPSHOT_ID("_snapshot_id", SqlType.BIGINT),
  /** When that was committed; the table's own arrival column where one is declared. */
  COMMITTED_AT("_committed_at", SqlType.TIMESTAMP_TZ),
  /** Stays with the row through compaction; from format version 3. */
  ROW_ID("_row_id", SqlType.BIGINT),
  /** The number of the commit that brought the row into its present form; from version 2. */
  LAST_UPDATED_SEQUENCE_NUMBER("_last_updated_sequence_number", SqlType.BIGINT),
  /**
   * Tells the row from all others of its snapshot, ascending with the place of its file and then
   * with its place within the file: what statements that change rows know them by.
   */
  ROW_ADDRESS("_row_address", SqlType.BIGINT);

  private final String columnName;
  private final SqlType type;

  HiddenColumn(String columnName, SqlType type) {
    this.columnName = columnName;
    this.type = type;
  }

  /** As in SQL. */
  public String columnName() {
    return columnName;
  }

  public SqlType type() {
    return type;
  }

  /** The hidden column of that exact name. */
  public static Optional<HiddenColumn> named(String name) {
    for (HiddenColumn column : values()) {
      if (column.columnName.equals(name)) {
        return Optional.of(column);
      }
    }
    return Optional.empty();
  }
}
