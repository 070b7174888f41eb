package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of the output.
 *
 * @param column the leaf whence it comes, or null where the file has none or it is nested
 * @param type as which its values are wanted
 * @param constant the value of every row where there is no column, in the form of {@code
 *     Expression.Literal}; null for NULL
 * @param nested whence the parts of a nested column come
 */
public record ColumnRequest(
    @Nullable ParquetColumn column,
    SqlType type,
    @Nullable Object constant,
    @Nullable NestedSource nested) {
  public static ColumnRequest of(ParquetColumn column, SqlType type) {
    return new ColumnRequest(column, type, null, null);
  }

  public static ColumnRequest constant(SqlType type, @Nullable Object value) {
    return new ColumnRequest(null, type, value, null);
  }

  static ColumnRequest nested(NestedSource source) {
    return new ColumnRequest(null, source.type(), null, source);
  }

  /** The leaves that are read for it. */
  List<ParquetColumn> columns() {
    NestedSource parts = nested;
    if (parts != null) {
      return parts.columns();
    }
    return column == null ? List.of() : List.of(column);
  }
}
