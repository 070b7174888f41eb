package io.sluice.engine.connector;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table is: columns and declared meaning.
 *
 * @param primaryKey columns, empty where none is declared
 * @param eventTime the column that says when a row became true, or null
 * @param ingestionTime the column that says when a row became known, or null
 * @param properties the table's own properties, such as {@code format-version}
 */
public record TableDefinition(
    List<ColumnDefinition> columns,
    List<String> primaryKey,
    @Nullable String eventTime,
    @Nullable String ingestionTime,
    List<ForeignKey> foreignKeys,
    @Nullable String comment,
    Map<String, String> properties) {
  public TableDefinition {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    foreignKeys = List.copyOf(foreignKeys);
    properties = Map.copyOf(properties);
  }

  /** Columns alone, nothing declared. */
  public static TableDefinition of(List<ColumnDefinition> columns) {
    return new TableDefinition(columns, List.of(), null, null, List.of(), null, Map.of());
  }
}
