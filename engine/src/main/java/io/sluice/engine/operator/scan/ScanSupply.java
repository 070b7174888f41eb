package io.sluice.engine.operator.scan;

import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The splits of a scan, in order, to whichever task asks next. */
final class ScanSupply implements SourceSupply {
  private final TableScan scan;
  private final List<ScanSplit> splits;
  private final OperatorStats stats;
  private final int maxTasks;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Takes ownership of the scan.
   *
   * @param maxTasks 1 where the order of the rows matters
   */
  ScanSupply(TableScan scan, OperatorStats stats, int maxTasks) {
    this.maxTasks = maxTasks;
    this.scan = scan;
    this.splits = scan.splits();
    this.stats = stats;
  }

  @Override
  public int maxTasks() {
    return Math.clamp(splits.size(), 1, maxTasks);
  }

  @Override
  public Source open(TaskContext task) {
    return new SplitsSource(task);
  }

  @Override
  public void close() {
    scan.close();
  }

  private final class SplitsSource implements Source {
    private final TaskContext task;
    private @Nullable SplitReader reader;

    SplitsSource(TaskContext task) {
      this.task = task;
    }

    @Override
    public Poll poll() {
      while (true) {
        SplitReader open = reader;
        if (open == null) {
          int split = next.getAndIncrement();
          if (split >= splits.size()) {
            next.set(splits.size());
            return Poll.FINISHED;
          }
          stats.add("splits", 1);
          open = scan.open(splits.get(split), task.allocator(), task.config().batchRows());
          reader = open;
        }
        Poll polled = open.poll();
        if (!(polled instanceof Poll.Finished)) {
          return polled;
        }
        close();
      }
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
}
