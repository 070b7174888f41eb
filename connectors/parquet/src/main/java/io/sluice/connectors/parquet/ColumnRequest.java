package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * A column of the output.
 *
 * @param column whence it comes, or null where the file has no such column
 * @param type as which its values are wanted
 * @param constant the value of every row where there is no column, in the form of {@code
 *     Expression.Literal}; null for NULL
 */
public record ColumnRequest(
    @Nullable ParquetColumn column, SqlType type, @Nullable Object constant) {
  public static ColumnRequest of(ParquetColumn column, SqlType type) {
    return new ColumnRequest(column, type, null);
  }

  public static ColumnRequest constant(SqlType type, @Nullable Object value) {
    return new ColumnRequest(null, type, value);
  }
}
