package io.sluice.planner.testing;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.PlanCodec;
import io.sluice.engine.testing.Batches;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.QueryResult;
import io.sluice.planner.Session;
import io.sluice.planner.explain.PlanText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A pipeline over {@link EmptyTables}, one worker. Every plan goes through bytes and back. */
public final class TestPipeline implements AutoCloseable {
  private final Engine engine = new Engine(new EngineConfig(1, 1024, 1L << 30, 1L << 29, true));
  private final Catalogs catalogs = new Catalogs();
  private final EmptyTables lake = new EmptyTables("lake");
  private final QueryPipeline pipeline;
  private final Session session = new Session(Principal.ANONYMOUS);

  public TestPipeline(String... statements) {
    catalogs.add(lake);
    pipeline = new QueryPipeline(engine, catalogs);
    for (String statement : statements) {
      run(statement);
    }
  }

  public EmptyTables lake() {
    return lake;
  }

  public Session session() {
    return session;
  }

  public PreparedQuery prepare(String sql) {
    PreparedQuery prepared = pipeline.prepare(sql, session);
    PhysicalPlan plan = prepared.plan();
    if (plan != null && !PlanCodec.decode(PlanCodec.encode(plan)).equals(plan)) {
      throw new AssertionError("another plan after bytes: " + plan);
    }
    return prepared;
  }

  /** The plan's lines. */
  public String plan(String sql) {
    PhysicalPlan plan = prepare(sql).plan();
    if (plan == null) {
      throw new AssertionError(sql + " has no plan");
    }
    return String.join("\n", PlanText.of(plan));
  }

  /** Names and types of the result's columns. */
  public String columns(String sql) {
    return prepare(sql).columns().stream()
        .map(c -> c.name() + " " + c.type() + (c.nullable() ? "" : " NOT NULL"))
        .collect(Collectors.joining(", "));
  }

  /** CODE: message. */
  public String error(String sql) {
    try {
      List<List<@Nullable Object>> rows = run(sql);
      throw new AssertionError(sql + " gave " + rows);
    } catch (EngineException failure) {
      return failure.code() + ": " + failure.getMessage();
    }
  }

  /** Runs a statement; the rows of a query. */
  public List<List<@Nullable Object>> run(String sql, Expression.Literal... parameters) {
    PreparedQuery prepared =
        parameters.length == 0
            ? prepare(sql)
            : pipeline.prepare(
                sql, session, List.of(parameters).stream().map(Expression.Literal::type).toList());
    return switch (pipeline.execute(prepared, List.of(parameters), session)) {
      case QueryResult.Update ignored -> List.of();
      case QueryResult.Rows rows -> drain(rows.execution());
    };
  }

  private static List<List<@Nullable Object>> drain(QueryExecution execution) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (execution) {
      while (true) {
        switch (execution.results().poll()) {
          case Poll.Ready ready -> {
            try (Batch batch = ready.batch()) {
              rows.addAll(Batches.rows(batch));
            }
          }
          case Poll.Blocked blocked -> blocked.until().join();
          case Poll.Finished ignored -> {
            return rows;
          }
        }
      }
    }
  }

  @Override
  public void close() {
    catalogs.close();
    engine.close();
  }
}
