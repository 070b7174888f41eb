package io.sluice.server.flight;

import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.Session;
import io.sluice.server.session.ClientSession;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement that a client has prepared, and the values that it has bound last. */
final class PreparedStatement {
  private final String handle;
  private final PreparedQuery query;
  private final ClientSession session;
  private final Session.Settings settings;
  private volatile @Nullable BoundStatement bound;
  private volatile @Nullable Replanned replanned;

  /** The plan for values of other types than it was prepared with. */
  private record Replanned(List<SqlType> types, Session.Settings settings, PreparedQuery query) {}

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

  /** The plan for values of these types, where the last ones had them. */
  Optional<PreparedQuery> plannedFor(List<SqlType> types) {
    Replanned last = replanned;
    return last != null
            && last.types().equals(types)
            && last.settings().equals(session.sql().settings())
        ? Optional.of(last.query())
        : Optional.empty();
  }

  void planned(List<SqlType> types, Session.Settings planSettings, PreparedQuery query) {
    replanned = new Replanned(types, planSettings, query);
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
