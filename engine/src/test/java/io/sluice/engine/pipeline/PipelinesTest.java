package io.sluice.engine.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class PipelinesTest {
  private static final int WORKERS = 4;
  private final Scheduler scheduler = new Scheduler(WORKERS);

  @AfterEach
  void close() {
    scheduler.close();
  }

  private static MemoryTable table(int rows) {
    List<List<?>> values = new ArrayList<>();
    for (long i = 0; i < rows; i++) {
      values.add(List.of(i));
    }
    return MemoryTable.of("t", Map.of("x", SqlType.BIGINT), values, 6);
  }

  private QueryRun start(
      MemoryTable table, BufferAllocator allocator, Function<PipelineBuilder, Flow> translation) {
    PhysicalPlan plan = new PhysicalPlan.LimitPlan(table.plan(), 0, -1);
    return QueryRun.start(
        compiler -> {
          OperatorStats stats = PlanNames.stats(plan);
          return compiler.compile(plan, stats, () -> translate(plan, stats, compiler, translation));
        },
        new EngineConfig(WORKERS, 10, 1 << 30, 1 << 30, true),
        PlanRunner.context(table),
        new QueryMemory(allocator, "query", 1 << 30),
        scheduler);
  }

  /** The test's translation in place of the LIMIT's, whose input is the scan. */
  private static Flow translate(
      PhysicalPlan plan,
      OperatorStats stats,
      PipelineCompiler compiler,
      Function<PipelineBuilder, Flow> translation) {
    return translation.apply(new PipelineBuilder(compiler, plan.inputs(), stats));
  }

  private static List<List<@Nullable Object>> read(QueryRun run) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (run) {
      for (Batch batch = PlanRunner.next(run); batch != null; batch = PlanRunner.next(run)) {
        rows.addAll(Batches.rows(batch));
        batch.close();
      }
    }
    return rows;
  }

  /** Counts rows, then spreads work over as many pieces as there are workers. */
  private static final class Counter implements Breaker {
    final AtomicLong rows = new AtomicLong();
    final AtomicInteger merges = new AtomicInteger();
    final AtomicInteger steps = new AtomicInteger();
    final AtomicBoolean closed = new AtomicBoolean();
    final long stopAt;

    Counter(long stopAt) {
      this.stopAt = stopAt;
    }

    @Override
    public Sink open(TaskContext task) {
      return new Sink() {
        private int finishes;

        @Override
        public SinkAnswer push(Batch batch) {
          long now = rows.addAndGet(batch.rowCount());
          batch.close();
          return now >= stopAt ? SinkAnswer.FINISHED : SinkAnswer.NEED_MORE;
        }

        @Override
        public boolean finish() {
          return ++finishes < 3;
        }

        @Override
        public void close() {
          assertTrue(finishes == 0 || finishes == 3, "finish is called until it is done");
        }
      };
    }

    @Override
    public List<Work> merge(TaskContext task) {
      merges.incrementAndGet();
      List<Work> pieces = new ArrayList<>();
      for (int i = 0; i < WORKERS; i++) {
        AtomicInteger left = new AtomicInteger(5);
        pieces.add(
            context -> {
              steps.incrementAndGet();
              return left.decrementAndGet() > 0;
            });
      }
      return pieces;
    }

    @Override
    public void close() {
      closed.set(true);
    }
  }

  /** One row with a number that is asked for when the pipeline starts. */
  private record OneRow(LongSupplier value) implements SourceSupply {
    @Override
    public int maxTasks() {
      return 1;
    }

    @Override
    public Source open(TaskContext task) {
      AtomicBoolean given = new AtomicBoolean();
      return new Source() {
        @Override
        public Poll poll() {
          return given.getAndSet(true)
              ? Poll.FINISHED
              : new Poll.Ready(
                  Batches.of(
                      task.allocator(),
                      List.of(SqlType.BIGINT),
                      List.of(List.of(value.getAsLong()))));
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }

  @Test
  void aBreakersWorkIsDoneBeforeItsReadersStart(BufferAllocator allocator) {
    MemoryTable table = table(1000);
    Counter counter = new Counter(Long.MAX_VALUE);
    QueryRun run =
        start(
            table,
            allocator,
            builder -> {
              Completion counted = builder.into(builder.input(0), counter);
              return builder.source(
                  new OneRow(() -> counter.rows.get() * 1000 + counter.steps.get()), counted);
            });
    assertEquals(List.of(List.of(1_000_000L + WORKERS * 5L)), read(run));
    assertEquals(1, counter.merges.get());
    assertTrue(counter.closed.get());
  }

  @Test
  void aSinkThatWantsNoMoreStopsAllTasks(BufferAllocator allocator) {
    MemoryTable table = table(100_000);
    Counter counter = new Counter(50);
    QueryRun run =
        start(
            table,
            allocator,
            builder ->
                builder.source(
                    new OneRow(counter.rows::get), builder.into(builder.input(0), counter)));
    long rows = (Long) read(run).getFirst().getFirst();
    assertTrue(rows >= 50 && rows < 1000, rows + " rows");
    assertTrue(table.batchesRead() < 100, table.batchesRead() + " batches");
  }

  @Test
  void aSecondFlowStartsWhenTheFirstHasEnded(BufferAllocator allocator) {
    MemoryTable table = table(1000);
    AtomicLong passed = new AtomicLong();
    AtomicBoolean closed = new AtomicBoolean();
    AtomicBoolean openWhenRead = new AtomicBoolean();
    QueryRun run =
        start(
            table,
            allocator,
            builder -> {
              Flow first = builder.append(builder.input(0), task -> new Repeat(1, passed));
              Flow both =
                  builder.andThen(
                      first,
                      new OneRow(
                          () -> {
                            openWhenRead.set(!closed.get());
                            return -passed.get();
                          }));
              builder.closeAfter(both, () -> closed.set(true));
              return both;
            });
    List<List<@Nullable Object>> rows = read(run);
    assertEquals(1001, rows.size());
    assertTrue(rows.contains(List.of(-1000L)), "the second flow sees all of the first");
    assertTrue(openWhenRead.get());
    assertTrue(closed.get());
  }

  /** Every row several times, one small batch at a time, and one more at the end. */
  private static final class Repeat implements Operator {
    private final int times;
    private final AtomicLong rows;
    private @Nullable Batch current;
    private int left;
    private boolean closed;

    Repeat(int times, AtomicLong rows) {
      this.times = times;
      this.rows = rows;
    }

    @Override
    public Progress push(Batch batch, Output out) {
      assertFalse(closed);
      assertEquals(null, current);
      rows.addAndGet(batch.rowCount());
      current = batch;
      left = times;
      return resume(out);
    }

    @Override
    public Progress resume(Output out) {
      Batch batch = Objects.requireNonNull(current);
      while (left > 0) {
        left--;
        out.push(batch.share());
        if (out.full() && left > 0) {
          return Progress.MORE;
        }
      }
      current = null;
      batch.close();
      return Progress.NEED_INPUT;
    }

    @Override
    public Progress finish(Output out) {
      return Progress.NEED_INPUT;
    }

    @Override
    public void close() {
      closed = true;
      if (current != null) {
        current.close();
        current = null;
      }
    }
  }

  @Test
  void operatorsThatMultiplyRowsAreResumed(BufferAllocator allocator) {
    MemoryTable table = table(200);
    AtomicLong first = new AtomicLong();
    AtomicLong second = new AtomicLong();
    QueryRun run =
        start(
            table,
            allocator,
            builder ->
                builder.append(
                    builder.append(builder.input(0), task -> new Repeat(7, first)),
                    task -> new Repeat(5, second)));
    assertEquals(200 * 35, read(run).size());
    assertEquals(200, first.get());
    assertEquals(1400, second.get());
  }

  @Test
  void endlessOperatorsStopWhenTheQueryDoes(BufferAllocator allocator) {
    MemoryTable table = table(200);
    QueryRun run =
        start(
            table,
            allocator,
            builder -> {
              Counter counter = new Counter(Long.MAX_VALUE);
              Flow flow =
                  builder.append(
                      builder.input(0), task -> new Repeat(Integer.MAX_VALUE, new AtomicLong()));
              return builder.source(new OneRow(counter.rows::get), builder.into(flow, counter));
            });
    run.cancel();
    EngineException failure = assertThrows(EngineException.class, () -> read(run));
    assertEquals(ErrorCode.CANCELLED, failure.code());
  }

  @Test
  void aFailureBeforeTheFirstRowFreesWhatWasBuilt(BufferAllocator allocator) {
    AtomicBoolean closed = new AtomicBoolean();
    EngineException failure =
        assertThrows(
            EngineException.class,
            () ->
                start(
                    table(1),
                    allocator,
                    builder -> {
                      builder.own(() -> closed.set(true));
                      throw new EngineException(ErrorCode.UNSUPPORTED, "no");
                    }));
    assertEquals(ErrorCode.UNSUPPORTED, failure.code());
    assertTrue(closed.get());
  }

  @Test
  void aFailingCloseIsAFailureOfTheQuery(BufferAllocator allocator) {
    QueryRun run =
        start(
            table(10),
            allocator,
            builder -> {
              builder.own(
                  () -> {
                    throw new IllegalStateException("cannot close");
                  });
              return builder.input(0);
            });
    EngineException failure = assertThrows(EngineException.class, () -> read(run));
    assertEquals(ErrorCode.INTERNAL, failure.code());
  }

  @Test
  void endsWhenWhatAWorkerClosesIsClosed(BufferAllocator allocator) throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch mayClose = new CountDownLatch(1);
    AtomicBoolean closed = new AtomicBoolean();
    AutoCloseable slow =
        () -> {
          closing.countDown();
          assertTrue(mayClose.await(60, TimeUnit.SECONDS));
          closed.set(true);
        };
    QueryRun run =
        start(
            table(100),
            allocator,
            builder -> {
              Flow flow = builder.input(0);
              builder.closeAfter(flow, slow);
              return flow;
            });
    assertTrue(closing.await(60, TimeUnit.SECONDS));
    AtomicBoolean ended = new AtomicBoolean();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  run.close();
                  ended.set(closed.get());
                });
    // long enough for one that does not wait
    reader.join(300);
    assertTrue(reader.isAlive(), "the reader's close waits");
    mayClose.countDown();
    reader.join(60_000);
    assertTrue(ended.get());
  }
}
