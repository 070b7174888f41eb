package io.sluice.server.flight;

import io.sluice.planner.PreparedQuery;
import io.sluice.planner.Session;
import io.sluice.server.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** A statement that a client has prepared, and the values that it has bound last. */
final class PreparedStatement {
  private final String handle;
  private final PreparedQuery query;
  private final ClientSession session;
  private final Session.Settings settings;
  private volatile @Nullable BoundStatement bound;

  /**
   * @param settings of the session when it was planned
   */
  PreparedStatement(
      String handle, PreparedQuery query, ClientSession session, Session.Settings settings) {
    this.handle = handle;
    this.query = query;
    this.session = session;
    this.settings = settings;
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

  Session.Settings settings() {
    return settings;
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
