package io.sluice.server.flight;

import io.sluice.engine.expression.Expression;
import io.sluice.planner.PreparedQuery;
import io.sluice.server.session.ClientSession;
import java.util.List;

/**
 * A statement with the values to run it with.
 *
 * @param rows one list of values for each execution, in order; a statement without parameters has
 *     one empty list
 */
record BoundStatement(
    PreparedQuery query, List<List<Expression.Literal>> rows, ClientSession session) {
  BoundStatement {
    rows = List.copyOf(rows);
  }

  static BoundStatement withoutParameters(PreparedQuery query, ClientSession session) {
    return new BoundStatement(query, List.of(List.of()), session);
  }
}
