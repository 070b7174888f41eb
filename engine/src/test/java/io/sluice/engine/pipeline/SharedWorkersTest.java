package io.sluice.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedWorkersTest {
  private static final MemoryTable POINT =
      MemoryTable.of("point", Map.of("x", SqlType.BIGINT), List.of(List.of(42L)), 1);

  /** Some two gigabytes, of the same few rows. */
  private static MemoryTable huge() {
    List<List<?>> rows = new ArrayList<>();
    String text = "x".repeat(1000);
    for (int i = 0; i < 2000; i++) {
      rows.add(List.of(text));
    }
    return MemoryTable.ofSplits(
        "huge", Map.of("text", SqlType.VARCHAR), Collections.nCopies(1000, rows));
  }

  private static EngineConfig config(int workers, long queryLimit) {
    return new EngineConfig(workers, 1000, 4L << 30, queryLimit, true);
  }

  @Test
  void pausedReadersCostLittleAndDelayNobody() throws Exception {
    MemoryTable huge = huge();
    try (Engine engine = new Engine(config(2, 1L << 30))) {
      List<QueryExecution> paused = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        paused.add(engine.execute(huge.plan(), PlanRunner.context(huge)));
        Objects.requireNonNull(PlanRunner.next(paused.getLast())).close();
      }
      Thread.sleep(500);
      long perReader = engine.allocator().getAllocatedMemory() / 8;
      assertTrue(perReader < 32 << 20, perReader + " bytes per paused reader");
      assertTrue(
          medianPointMillis(engine) < 100, () -> "a point query behind eight paused readers");
      paused.forEach(QueryExecution::close);
      PlanRunner.assertNothingAllocated(engine);
    }
  }

  @Test
  void busyQueriesDelayAPointQueryByASliceOrTwo() throws Exception {
    MemoryTable huge = huge();
    PhysicalPlan nothing =
        new PhysicalPlan.TopNPlan(huge.plan(), List.of(new SortKey(0, false, false)), 0, 1);
    try (Engine engine = new Engine(config(2, 1L << 30))) {
      List<QueryExecution> busy = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        busy.add(engine.execute(nothing, PlanRunner.context(huge)));
      }
      Thread.sleep(300);
      double millis = medianPointMillis(engine);
      assertTrue(millis < 100, millis + " ms for a point query beside eight busy ones");
      busy.forEach(QueryExecution::close);
      PlanRunner.assertNothingAllocated(engine);
    }
  }

  private static double medianPointMillis(Engine engine) {
    double[] millis = new double[9];
    for (int i = 0; i < millis.length; i++) {
      long start = System.nanoTime();
      try (QueryExecution point = engine.execute(POINT.plan(), PlanRunner.context(POINT))) {
        assertEquals(1, PlanRunner.drain(point));
      }
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    return millis[millis.length / 2];
  }

  @Test
  void cancelEndsAQuerySoonAndFreesEverything() {
    MemoryTable huge = huge();
    PhysicalPlan plan =
        new PhysicalPlan.TopNPlan(huge.plan(), List.of(new SortKey(0, false, false)), 0, 1);
    try (Engine engine = new Engine(config(2, 1L << 30))) {
      try (QueryExecution running = engine.execute(plan, PlanRunner.context(huge))) {
        long start = System.nanoTime();
        running.cancel();
        EngineException failure =
            assertThrows(EngineException.class, () -> PlanRunner.drain(running));
        assertEquals(ErrorCode.CANCELLED, failure.code());
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        assertTrue(millis < 1000, millis + " ms to cancel");
        // The end shows after everything is freed, before anyone closes.
        PlanRunner.assertNothingAllocated(engine);
        running.cancel();
      }
      assertEquals(0, huge.openReaders());
    }
  }

  @Test
  void memoryLimitNamesItsSettingAndTheOperator() {
    MemoryTable huge = huge();
    PhysicalPlan plan =
        new PhysicalPlan.SortPlan(huge.plan(), List.of(new SortKey(0, false, false)));
    try (Engine engine = new Engine(config(2, 64 << 20))) {
      try (QueryExecution running = engine.execute(plan, PlanRunner.context(huge))) {
        EngineException failure =
            assertThrows(EngineException.class, () -> PlanRunner.drain(running));
        assertEquals(ErrorCode.MEMORY_LIMIT, failure.code());
        String message = Objects.requireNonNull(failure.getMessage());
        assertTrue(message.contains("64 MiB (engine.memory.query-limit) in sort"), message);
        PlanRunner.assertNothingAllocated(engine);
      }
      try (QueryExecution point = engine.execute(POINT.plan(), PlanRunner.context(POINT))) {
        assertEquals(1, PlanRunner.drain(point));
      }
    }
  }

  @Test
  void memoryOfAllQueriesIsLimitedToo() {
    MemoryTable huge = huge();
    PhysicalPlan plan =
        new PhysicalPlan.SortPlan(huge.plan(), List.of(new SortKey(0, false, false)));
    EngineConfig config = new EngineConfig(2, 1000, 64 << 20, 1L << 30, true);
    try (Engine engine = new Engine(config);
        QueryExecution running = engine.execute(plan, PlanRunner.context(huge))) {
      EngineException failure =
          assertThrows(EngineException.class, () -> PlanRunner.drain(running));
      assertEquals(ErrorCode.MEMORY_LIMIT, failure.code());
      String message = Objects.requireNonNull(failure.getMessage());
      assertTrue(message.contains("64 MiB (engine.memory.limit)"), message);
      PlanRunner.assertNothingAllocated(engine);
    }
  }

  @Test
  void batchesOutliveTheirQuery() {
    try (Engine engine = new Engine(config(1, 1L << 30))) {
      Batch batch;
      try (QueryExecution point = engine.execute(POINT.plan(), PlanRunner.context(POINT))) {
        batch = Objects.requireNonNull(PlanRunner.next(point));
      }
      assertEquals(List.of(List.of(42L)), Batches.rows(batch));
      assertEquals(1, engine.allocator().getChildAllocators().size());
      batch.close();
      PlanRunner.assertNothingAllocated(engine);
      assertEquals(0, engine.allocator().getChildAllocators().size());
    }
  }

  @Test
  void anyFailureLeavesNothingAndTheEngineGoesOn() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      rows.add(List.of("row " + random.nextInt()));
    }
    MemoryTable table =
        MemoryTable.of("t", Map.of("a", SqlType.VARCHAR), rows, 9).withDictionaries();
    List<SortKey> keys = List.of(new SortKey(0, true, false));
    try (Engine engine = new Engine(new EngineConfig(3, 100, 4L << 30, 400_000, true))) {
      for (int i = 0; i < 200; i++) {
        int failAt = random.nextInt(200);
        MemoryTable faulty =
            table.onBatch(
                batch -> {
                  if (batch == failAt) {
                    throw ThreadLocalRandom.current().nextBoolean()
                        ? new IllegalStateException("injected")
                        : new EngineException(ErrorCode.CORRUPT_FILE, "injected");
                  }
                });
        MemoryTable input = random.nextBoolean() ? faulty.blocking() : faulty;
        PhysicalPlan plan =
            switch (random.nextInt(4)) {
              case 0 -> input.plan();
              case 1 -> new PhysicalPlan.SortPlan(input.plan(), keys);
              case 2 -> new PhysicalPlan.TopNPlan(input.plan(), keys, 0, 50);
              default -> new PhysicalPlan.LimitPlan(input.plan(), 10, 3000);
            };
        int read = random.nextInt(60);
        boolean cancels = random.nextInt(3) == 0;
        try (QueryExecution running = engine.execute(plan, PlanRunner.context(input))) {
          for (int b = 0; b < read; b++) {
            Batch batch = PlanRunner.next(running);
            if (batch == null) {
              break;
            }
            batch.close();
          }
          if (cancels) {
            running.cancel();
          }
        } catch (EngineException e) {
          assertTrue(
              List.of(
                      ErrorCode.INTERNAL,
                      ErrorCode.CORRUPT_FILE,
                      ErrorCode.MEMORY_LIMIT,
                      ErrorCode.CANCELLED)
                  .contains(e.code()),
              "seed " + seed + ": " + e);
        }
        assertEquals(0, engine.allocator().getAllocatedMemory(), "seed " + seed + ", run " + i);
        assertEquals(0, input.openReaders(), "seed " + seed + ", run " + i);
      }
    }
  }
}
