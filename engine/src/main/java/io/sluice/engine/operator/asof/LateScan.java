package io.sluice.engine.operator.asof;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A scan that is planned when its first task starts, from what earlier pipelines have found.
 * Planning may block and runs on a thread of its own. Every batch carries, in one more BIGINT
 * column that repeats it, a number that belongs to its first row.
 */
final class LateScan implements SourceSupply {
  /** How splits are read. */
  interface SplitAccess {
    /** The splits to read, in order; once. */
    List<ScanSplit> choose(List<ScanSplit> all);

    SplitReader open(TableScan scan, ScanSplit split, BufferAllocator allocator, int batchRows);

    /** What the batch last read by the reader carries. */
    long mark(ScanSplit split, SplitReader reader);
  }

  private record Planned(TableScan scan, List<ScanSplit> splits) {}

  private final int workers;
  private final Supplier<@Nullable TableScan> planner;
  private final SplitAccess access;
  private final AtomicInteger next = new AtomicInteger();
  private @Nullable CompletableFuture<@Nullable Planned> planned;

  /**
   * @param planner gives the scan, which it then owns, or null where there is nothing to read
   */
  LateScan(int workers, Supplier<@Nullable TableScan> planner, SplitAccess access) {
    this.workers = workers;
    this.planner = planner;
    this.access = access;
  }

  @Override
  public int maxTasks() {
    return workers;
  }

  @Override
  public Source open(TaskContext task) {
    return new LateSource(task);
  }

  private synchronized CompletableFuture<@Nullable Planned> planned() {
    CompletableFuture<@Nullable Planned> running = planned;
    if (running == null) {
      running = CompletableFuture.supplyAsync(this::plan, Thread::startVirtualThread);
      planned = running;
    }
    return running;
  }

  private @Nullable Planned plan() {
    TableScan scan = planner.get();
    if (scan == null) {
      return null;
    }
    try {
      return new Planned(scan, access.choose(scan.splits()));
    } catch (RuntimeException | Error failure) {
      scan.close();
      throw failure;
    }
  }

  @Override
  public synchronized void close() {
    CompletableFuture<@Nullable Planned> running = planned;
    planned = CompletableFuture.completedFuture(null);
    if (running != null) {
      CompletableFuture<Void> closing =
          running.thenAccept(
              plan -> {
                if (plan != null) {
                  plan.scan().close();
                }
              });
      assert closing != null;
    }
  }

  private final class LateSource implements Source {
    private final TaskContext task;
    private @Nullable SplitReader reader;
    private @Nullable ScanSplit split;

    LateSource(TaskContext task) {
      this.task = task;
    }

    @Override
    public Poll poll() {
      CompletableFuture<@Nullable Planned> planning = planned();
      if (!planning.isDone()) {
        return new Poll.Blocked(planning.handle((plan, failure) -> null));
      }
      Planned plan = result(planning);
      if (plan == null) {
        return Poll.FINISHED;
      }
      while (true) {
        SplitReader open = reader;
        if (open == null) {
          int index = next.getAndIncrement();
          if (index >= plan.splits().size()) {
            next.set(plan.splits().size());
            return Poll.FINISHED;
          }
          ScanSplit chosen = plan.splits().get(index);
          split = chosen;
          open = access.open(plan.scan(), chosen, task.allocator(), task.config().batchRows());
          reader = open;
        }
        switch (open.poll()) {
          case Poll.Ready ready -> {
            return new Poll.Ready(mark(ready.batch(), access.mark(Built.of(split), open)));
          }
          case Poll.Blocked blocked -> {
            return blocked;
          }
          case Poll.Finished ignored -> close();
        }
      }
    }

    private static @Nullable Planned result(CompletableFuture<@Nullable Planned> planning) {
      try {
        return planning.join();
      } catch (CompletionException failed) {
        if (failed.getCause() instanceof EngineException known) {
          throw known;
        }
        throw new EngineException(
            ErrorCode.INTERNAL, "cannot plan a scan: " + failed.getCause(), failed);
      }
    }

    private Batch mark(Batch batch, long number) {
      List<Column> columns = new ArrayList<>(batch.columns());
      try {
        columns.add(Cells.constant(SqlType.BIGINT, number, batch.length(), task.allocator()));
      } catch (RuntimeException | Error failure) {
        batch.close();
        throw failure;
      }
      return new Batch(columns, batch.length(), batch.selection());
    }

    @Override
    public void close() {
      SplitReader open = reader;
      reader = null;
      if (open != null) {
        open.close();
      }
    }
  }

  /** The number that a batch of a late scan carries. */
  static long mark(Batch batch) {
    return (Long) Built.of(Cells.get(batch.columns().getLast(), 0));
  }
}
