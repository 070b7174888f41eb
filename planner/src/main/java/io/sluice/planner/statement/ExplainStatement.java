package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.OperatorProfile;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.Session;
import io.sluice.planner.explain.PlanText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;

/** EXPLAIN: the plan as text, with ANALYZE after running it. */
final class ExplainStatement {
  static final List<OutputColumn> COLUMNS = TextRows.columns("plan");

  private final Engine engine;
  private final QueryPlanner planner;

  ExplainStatement(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  PhysicalPlan plan(
      Statement.Explain explain, StatementTables tables, Session session, QueryContext context) {
    ZoneId zone = session.zone();
    PhysicalPlan plan =
        switch (explain.statement()) {
          case Statement.Query query -> query(query, explain.analyze(), tables, session, context);
          case Statement.Insert insert when !explain.analyze() ->
              new WriteStatements(engine, planner)
                  .planInsert(insert, tables, zone, StatementRunner.types(context))
                  .plan();
          case Statement.Change change when !explain.analyze() ->
              new PlanChange(planner, tables, zone, StatementRunner.types(context))
                  .of(change)
                  .plan();
          case Statement.CreateTable create when create.query() != null && !explain.analyze() ->
              planner.plan(create.query(), tables, zone, StatementRunner.types(context)).plan();
          default ->
              throw new EngineException(ErrorCode.UNSUPPORTED, "EXPLAIN [ANALYZE] takes a query");
        };
    List<String> lines = explain.analyze() ? analyze(plan, tables, context) : PlanText.of(plan);
    TextRows rows = new TextRows(COLUMNS);
    lines.forEach(rows::add);
    return rows.plan();
  }

  private PhysicalPlan query(
      Statement.Query query,
      boolean analyze,
      StatementTables tables,
      Session session,
      QueryContext context) {
    SqlNode copy = SqlCopy.of(query.query());
    PhysicalPlan plan =
        planner.plan(query.query(), tables, session.zone(), StatementRunner.types(context)).plan();
    return analyze
        ? new ShardedRead(engine, planner)
            .plan(copy, plan, session.reading(), tables, session.zone(), context)
        : ShardedRead.shown(plan, session.reading(), context);
  }

  private List<String> analyze(PhysicalPlan plan, StatementTables tables, QueryContext context) {
    List<String> lines;
    try (QueryExecution execution = engine.execute(plan, context)) {
      Draining.drain(execution.results(), batch -> batch.close());
      OperatorProfile profile = execution.profile();
      lines = new ArrayList<>(PlanText.of(plan, profile));
    }
    Set<PhysicalPlan.ScanPlan> scans = new LinkedHashSet<>();
    scans(plan, scans);
    Set<String> seen = new LinkedHashSet<>();
    for (PhysicalPlan.ScanPlan scan : scans) {
      TableSnapshot snapshot = tables.snapshot(scan.table(), scan.version());
      seen.add("snapshot of " + scan.table() + ": " + snapshot.snapshotId());
    }
    lines.addAll(seen);
    return lines;
  }

  private static void scans(PhysicalPlan plan, Set<PhysicalPlan.ScanPlan> into) {
    if (plan instanceof PhysicalPlan.ScanPlan scan) {
      into.add(scan);
    }
    plan.inputs().forEach(input -> scans(input, into));
  }
}
