package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts the rows that a NOT NULL would exclude. */
final class NullCount {
  private final Engine engine;
  private final QueryPlanner planner;
  private final StatementTables tables;
  private final QueryContext context;

  NullCount(Engine engine, QueryPlanner planner, StatementTables tables, QueryContext context) {
    this.engine = engine;
    this.planner = planner;
    this.tables = tables;
    this.context = context;
  }

  /** The snapshot that is looked at, -1 where there is none. */
  long snapshotId(Relation.Table table) {
    return tables.snapshot(table.name(), new TableVersion.Current()).snapshotId();
  }

  /**
   * Rows in which the column is NULL.
   *
   * @param column null where no row has the column: then they are all
   */
  long of(Relation.Table table, @Nullable String column) {
    String condition =
        column == null ? "" : " WHERE \"" + column.replace("\"", "\"\"") + "\" IS NULL";
    String sql = "SELECT COUNT(*) FROM " + table.name() + condition;
    if (!(SqlText.parse(sql) instanceof Statement.Query query)) {
      throw new AssertionError(sql);
    }
    PhysicalPlan plan = planner.plan(query.query(), tables, context.zone(), List.of()).plan();
    long[] count = new long[1];
    try (QueryExecution execution = engine.execute(plan, context)) {
      Draining.drain(execution.results(), batch -> count[0] += only(batch));
    }
    return count[0];
  }

  private static long only(Batch batch) {
    try (batch) {
      return Cells.get(batch.column(0), 0) instanceof Long count ? count : 0;
    }
  }
}
