package io.sluice.engine.connector;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored query.
 *
 * @param sql as written
 * @param defaultCatalog where the query's unqualified names are looked up
 */
public record ViewDefinition(
    String sql,
    String defaultCatalog,
    String defaultSchema,
    List<ColumnDefinition> columns,
    @Nullable String comment) {
  public ViewDefinition {
    columns = List.copyOf(columns);
  }
}
