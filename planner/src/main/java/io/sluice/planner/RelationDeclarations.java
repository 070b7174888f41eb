package io.sluice.planner;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableName;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a table or view declares. A view over one table (filters, projections, order, DISTINCT) has
 * of the table's declarations those whose columns it keeps, under its own names; any other view has
 * none.
 *
 * @param table the table itself, or the one that the view reads; empty where there is not just one
 * @param primaryKey columns, empty where there is none or a column of it is missing
 * @param eventTime the column that says when a row became true, or null
 * @param ingestionTime the column that says when a row became known, or null
 */
public record RelationDeclarations(
    TableName name,
    Optional<TableName> table,
    List<ColumnDefinition> columns,
    List<String> primaryKey,
    @Nullable String eventTime,
    @Nullable String ingestionTime) {
  public RelationDeclarations {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
  }
}
