package io.sluice.server.flight;

import io.sluice.engine.expression.Expression;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.ReadOptions;
import io.sluice.planner.ResultPart;
import io.sluice.server.session.ClientSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement with the values to run it with.
 *
 * @param rows one list of values for each execution, in order; a statement without parameters has
 *     one empty list
 * @param part of the rows that are wanted, or null for all
 * @param reading the session's read options when it was to run
 */
record BoundStatement(
    PreparedQuery query,
    List<List<Expression.Literal>> rows,
    ClientSession session,
    @Nullable ResultPart part,
    ReadOptions reading) {
  BoundStatement {
    rows = List.copyOf(rows);
  }

  BoundStatement(PreparedQuery query, List<List<Expression.Literal>> rows, ClientSession session) {
    this(query, rows, session, null, session.sql().reading());
  }

  BoundStatement only(ResultPart wanted) {
    return new BoundStatement(query, rows, session, wanted, reading);
  }

  /** The same values for another plan of the statement. */
  BoundStatement replanned(PreparedQuery other) {
    return new BoundStatement(other, rows, session, part, reading);
  }

  /** With the read options that the session has now. */
  BoundStatement now() {
    return new BoundStatement(query, rows, session, part, session.sql().reading());
  }

  static BoundStatement withoutParameters(PreparedQuery query, ClientSession session) {
    return new BoundStatement(query, List.of(List.of()), session);
  }
}
