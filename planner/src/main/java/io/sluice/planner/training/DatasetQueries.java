package io.sluice.planner.training;

import io.sluice.engine.Engine;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.statement.BoundValues;
import io.sluice.planner.statement.Draining;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs queries of our own making over one set of tables. */
final class DatasetQueries {
  private final Engine engine;
  private final QueryPlanner planner;
  private final StatementTables tables;
  private final ZoneId zone;
  private final long nowMicros;

  DatasetQueries(
      Engine engine, QueryPlanner planner, StatementTables tables, ZoneId zone, long nowMicros) {
    this.engine = engine;
    this.planner = planner;
    this.tables = tables;
    this.zone = zone;
    this.nowMicros = nowMicros;
  }

  PhysicalPlan plan(String sql) {
    if (!(SqlText.parse(sql) instanceof Statement.Query query)) {
      throw new AssertionError(sql);
    }
    return planner.plan(query.query(), tables, zone, List.of()).plan();
  }

  QueryContext context() {
    return new QueryContext(
        tables.principal(),
        RecordedInputs.resolver(tables),
        BoundValues.convert(List.of(), List.of(), zone, nowMicros),
        nowMicros,
        zone);
  }

  /** Hands on every batch, which the receiver closes. */
  void each(String sql, Consumer<Batch> receiver) {
    try (QueryExecution execution = engine.execute(plan(sql), context())) {
      Draining.drain(execution.results(), receiver);
    }
  }

  /** All rows as Java values. For results of a few rows. */
  List<List<@Nullable Object>> rows(String sql) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    each(
        sql,
        batch -> {
          try (batch) {
            for (int i = 0; i < batch.rowCount(); i++) {
              rows.add(row(batch, i));
            }
          }
        });
    return rows;
  }

  /** One row of a batch as Java values. */
  static List<@Nullable Object> row(Batch batch, int index) {
    int row = batch.selection() == null ? index : batch.selection().get(index);
    List<@Nullable Object> cells = new ArrayList<>();
    for (int c = 0; c < batch.columns().size(); c++) {
      cells.add(Cells.get(batch.column(c), row));
    }
    return cells;
  }

  /** The one row of a plan that gives one. */
  List<@Nullable Object> row(PhysicalPlan plan) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (QueryExecution execution = engine.execute(plan, context())) {
      Draining.drain(
          execution.results(),
          batch -> {
            try (batch) {
              for (int i = 0; i < batch.rowCount(); i++) {
                rows.add(row(batch, i));
              }
            }
          });
    }
    return rows.getFirst();
  }

  /** The one row of a query that gives one. */
  List<@Nullable Object> row(String sql) {
    return rows(sql).getFirst();
  }
}
