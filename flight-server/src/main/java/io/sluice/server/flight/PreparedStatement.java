package io.sluice.server.flight;

import io.sluice.planner.PreparedQuery;
import io.sluice.server.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** A statement that a client has prepared, and the values that it has bound last. */
final class PreparedStatement {
  private final String handle;
  private final PreparedQuery query;
  private final ClientSession session;
  private volatile @Nullable BoundStatement bound;

  PreparedStatement(String handle, PreparedQuery query, ClientSession session) {
    this.handle = handle;
    this.query = query;
    this.session = session;
  }

  String handle() {
    return handle;
  }

  /** As planned before any values were bound. */
  PreparedQuery query() {
    return query;
  }

  ClientSession session() {
    return session;
  }

  void bind(BoundStatement statement) {
    bound = statement;
  }

  /** What to run now; with no values bound where none have been. */
  BoundStatement statement() {
    BoundStatement statement = bound;
    return statement == null ? BoundStatement.withoutParameters(query, session) : statement.now();
  }
}
