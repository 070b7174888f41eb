package io.sluice.planner;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.util.List;

/** A query's whole way: {@link #prepare} and {@link #execute} read top to bottom. */
public final class QueryPipeline {
  private final Engine engine;
  private final Catalogs catalogs;

  public QueryPipeline(Engine engine, Catalogs catalogs) {
    this.engine = engine;
    this.catalogs = catalogs;
  }

  public Engine engine() {
    return engine;
  }

  public Catalogs catalogs() {
    return catalogs;
  }

  /** Parses, validates and plans a statement whose parameters have no values yet. */
  public PreparedQuery prepare(String sql, Session session) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "no planner for " + sql);
  }

  /** The same with the types of the values that will be bound. */
  public PreparedQuery prepare(String sql, Session session, List<SqlType> parameters) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "no planner for " + sql);
  }

  /**
   * Runs a prepared statement: starts a query, or carries out any other statement before it
   * returns.
   *
   * @param parameters values by index; each is converted to the parameter's type, checked
   */
  public QueryResult execute(
      PreparedQuery prepared, List<Expression.Literal> parameters, Session session) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "no planner for " + prepared.sql());
  }
}
