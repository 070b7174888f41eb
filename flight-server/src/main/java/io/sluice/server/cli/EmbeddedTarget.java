package io.sluice.server.cli;

import io.sluice.engine.Engine;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.QueryResult;
import io.sluice.planner.Session;
import io.sluice.server.Lake;
import io.sluice.server.config.ServerConfig;
import io.sluice.server.stream.BlockingRows;
import io.sluice.server.stream.ResultSchema;
import io.sluice.server.stream.StreamOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs statements in this process, over the embedded catalog. */
final class EmbeddedTarget implements SqlTarget {
  private final Engine engine;
  private final Catalogs catalogs;
  private final QueryPipeline pipeline;
  private final Session session = new Session(Principal.ANONYMOUS);
  private volatile @Nullable QueryExecution running;
  private volatile @Nullable Thread thread;

  EmbeddedTarget(ServerConfig config) {
    this.engine = new Engine(config.engine());
    this.catalogs = open(config, engine);
    this.pipeline = new QueryPipeline(engine, catalogs);
  }

  private static Catalogs open(ServerConfig config, Engine engine) {
    try {
      return Lake.open(config, engine.allocator());
    } catch (RuntimeException | Error failure) {
      engine.close();
      throw failure;
    }
  }

  @Override
  public Outcome run(String sql, RowPrinter printer) {
    thread = Thread.currentThread();
    try {
      PreparedQuery query = pipeline.prepare(sql, session);
      return switch (pipeline.execute(query, List.of(), session)) {
        case QueryResult.Update update -> new Outcome(update.rowCount(), false);
        case QueryResult.Rows rows -> new Outcome(print(query, rows.execution(), printer), true);
      };
    } finally {
      thread = null;
    }
  }

  private long print(PreparedQuery query, QueryExecution execution, RowPrinter printer) {
    running = execution;
    AtomicLong count = new AtomicLong();
    try (execution) {
      printer.begin(ResultSchema.of(query.columns(), StreamOptions.DEFAULT).getFields());
      BlockingRows.forEach(
          execution.results(),
          engine.allocator(),
          (columns, rows) -> {
            printer.rows(columns, rows);
            count.addAndGet(rows);
          });
      printer.end();
      return count.get();
    } finally {
      running = null;
    }
  }

  @Override
  public void cancel() {
    QueryExecution execution = running;
    Thread runner = thread;
    if (execution != null) {
      execution.cancel();
    } else if (runner != null) {
      runner.interrupt();
    }
  }

  @Override
  public void close() {
    try (engine;
        catalogs;
        session) {
      QueryExecution execution = running;
      if (execution != null) {
        execution.cancel();
      }
    }
  }
}
