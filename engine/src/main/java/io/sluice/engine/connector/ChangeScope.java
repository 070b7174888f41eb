package io.sluice.engine.connector;

import io.sluice.engine.expression.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a table a statement that changes it depends on: a row that another commit adds meanwhile
 * is a conflict where it may be one of these.
 *
 * @param columns of the table, which {@code filter} is over
 * @param filter of the rows that may be changed, or null for all
 * @param wholeState whether the statement depends on more than these rows, as by a sub-query over
 *     the same table: then every other commit is a conflict
 */
public record ChangeScope(List<String> columns, @Nullable Expression filter, boolean wholeState) {
  public ChangeScope {
    columns = List.copyOf(columns);
  }
}
