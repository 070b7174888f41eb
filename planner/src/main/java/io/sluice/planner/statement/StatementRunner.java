package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.QueryResult;
import io.sluice.planner.Session;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.util.List;

/** Carries out statements that are no queries. */
public final class StatementRunner {
  private final Engine engine;
  private final Catalogs catalogs;
  private final QueryPlanner planner;

  public StatementRunner(Engine engine, Catalogs catalogs, QueryPlanner planner) {
    this.engine = engine;
    this.catalogs = catalogs;
    this.planner = planner;
  }

  public List<OutputColumn> columns(Statement statement) {
    return List.of();
  }

  public List<SqlType> parameters(
      Statement statement, StatementTables tables, Session session, List<SqlType> bound) {
    return List.of();
  }

  public QueryResult run(
      Statement statement, StatementTables tables, Session session, QueryContext context) {
    throw new EngineException(ErrorCode.UNSUPPORTED, "not yet " + statement);
  }
}
