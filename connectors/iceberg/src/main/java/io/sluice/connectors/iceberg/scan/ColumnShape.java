package io.sluice.connectors.iceberg.scan;

import io.sluice.engine.type.SqlType;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** How a column of the output comes from what is read of a file. */
sealed interface ColumnShape {
  /** As it is read. */
  record Read() implements ColumnShape {}

  /** An int or long that was declared as another type of the same values. */
  record Retyped(SqlType type, String column) implements ColumnShape {}

  /**
   * The row's number.
   *
   * @param base of the row group's first row
   * @param stored place of a column that goes first where it is not NULL, or -1
   */
  record RowNumber(long base, int stored) implements ColumnShape {}

  /**
   * What a row's commit says.
   *
   * @param type BIGINT or a timestamp
   * @param otherwise the sequence number of rows that do not have one of their own
   * @param stored place of the rows' own sequence numbers
   * @param value by sequence number; null for NULL
   */
  record ByCommit(SqlType type, long otherwise, int stored, LongFunction<@Nullable Long> value)
      implements ColumnShape {}
}
