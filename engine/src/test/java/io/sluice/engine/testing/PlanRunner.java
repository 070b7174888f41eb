package io.sluice.engine.testing;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.OperatorProfile;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import io.sluice.engine.plan.PhysicalPlan;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Executes plans over {@link MemoryTable}s and checks that nothing stays allocated. */
public final class PlanRunner {
  /** How a plan is executed; results must not depend on it. */
  public record Mode(int workers, int batchRows) {}

  /** What every operator is tested in. */
  public static final List<Mode> MODES =
      List.of(
          new Mode(1, 8192),
          new Mode(2, 8192),
          new Mode(8, 8192),
          new Mode(1, 1),
          new Mode(8, 1),
          new Mode(2, 3),
          new Mode(8, 3));

  /** Longer than any test query takes. */
  static final int TIMEOUT_SECONDS = 60;

  private PlanRunner() {}

  /** A context that knows these tables. */
  public static QueryContext context(TableSnapshot... tables) {
    Map<TableName, TableSnapshot> byName = new HashMap<>();
    for (TableSnapshot table : tables) {
      byName.put(table.name(), table);
    }
    return new QueryContext(
        Principal.ANONYMOUS,
        (name, version) -> {
          TableSnapshot table = byName.get(name);
          if (table == null) {
            throw new EngineException(ErrorCode.UNKNOWN_TABLE, "no table " + name);
          }
          return table;
        },
        List.of(),
        0,
        ZoneOffset.UTC);
  }

  /** Settings of a mode, with ample memory. */
  public static EngineConfig config(Mode mode) {
    return new EngineConfig(mode.workers(), mode.batchRows(), 4L << 30, 4L << 30, true);
  }

  /** The rows, in the order in which they come. */
  public static List<List<@Nullable Object>> run(
      PhysicalPlan plan, Mode mode, TableSnapshot... tables) {
    try (Engine engine = new Engine(config(mode))) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (QueryExecution execution = engine.execute(plan, context(tables))) {
        for (Batch batch = next(execution); batch != null; batch = next(execution)) {
          try (Batch open = batch) {
            rows.addAll(Batches.rows(open));
          }
        }
      }
      assertNothingAllocated(engine);
      return rows;
    }
  }

  /** The profile after all rows are read. */
  public static OperatorProfile profile(PhysicalPlan plan, Mode mode, TableSnapshot... tables) {
    try (Engine engine = new Engine(config(mode));
        QueryExecution execution = engine.execute(plan, context(tables))) {
      drain(execution);
      return execution.profile();
    }
  }

  /** Reads and drops the remaining rows; returns how many. */
  public static long drain(QueryExecution execution) {
    long rows = 0;
    for (Batch batch = next(execution); batch != null; batch = next(execution)) {
      rows += batch.rowCount();
      batch.close();
    }
    return rows;
  }

  /** The next batch, or null at the end; waits for it. */
  public static @Nullable Batch next(QueryExecution execution) {
    ResultStream results = execution.results();
    while (true) {
      switch (results.poll()) {
        case Poll.Ready ready -> {
          return ready.batch();
        }
        case Poll.Finished ignored -> {
          return null;
        }
        case Poll.Blocked blocked -> {
          try {
            blocked.until().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
          } catch (TimeoutException e) {
            throw new AssertionError("the query hangs", e);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }

  /** Fails with the allocators' tree where bytes are left. */
  public static void assertNothingAllocated(Engine engine) {
    if (engine.allocator().getAllocatedMemory() != 0) {
      throw new AssertionError("bytes left: " + engine.allocator());
    }
  }

  /** Rows in an order of their own, for results without ORDER BY. */
  public static List<List<@Nullable Object>> sorted(List<? extends List<?>> rows) {
    List<List<@Nullable Object>> copy = new ArrayList<>();
    rows.forEach(row -> copy.add(new ArrayList<>(row)));
    copy.sort(Comparator.comparing(Object::toString));
    return copy;
  }
}
