package io.sluice.engine.connector;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a snapshot without reading data.
 *
 * @param rowCount -1 where unknown
 * @param bytes of data files, -1 where unknown
 * @param columns by name
 */
public record TableStatistics(long rowCount, long bytes, Map<String, ColumnStatistics> columns) {
  public TableStatistics {
    columns = Map.copyOf(columns);
  }

  /**
   * Of one column; values are in the form of {@code Expression.Literal}.
   *
   * @param min a value that is not above any of the column's, or null
   * @param max a value that is not below any of the column's, or null
   * @param nullCount -1 where unknown
   * @param distinctCount -1 where unknown
   * @param bytes compressed, -1 where unknown
   */
  public record ColumnStatistics(
      @Nullable Object min, @Nullable Object max, long nullCount, long distinctCount, long bytes) {}
}
