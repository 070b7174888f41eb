package io.sluice.engine.operator.sort;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Sorts: every task makes runs of some ten thousand rows, short enough for a time slice; {@link
 * MergeSupply} merges them.
 */
final class SortBreaker implements Breaker {
  private static final int RUN_ROWS = 65_536;
  private static final long RUN_BYTES = 32 << 20;

  private final SortKeyEncoder encoder;
  private final BufferAllocator allocator;
  private final OperatorStats stats;
  private final List<SortedRun> runs = new ArrayList<>();
  private boolean closed;

  SortBreaker(SortKeyEncoder encoder, QueryMemory memory, OperatorStats stats) {
    this.encoder = encoder;
    this.allocator = memory.child(stats.name());
    this.stats = stats;
  }

  /** Complete once the breaker is; they stay the breaker's. */
  List<SortedRun> runs() {
    return runs;
  }

  private synchronized void addRun(SortedRun run) {
    runs.add(run);
  }

  @Override
  public Sink open(TaskContext task) {
    return new SortSink();
  }

  @Override
  public List<Work> merge(TaskContext task) {
    return List.of();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      runs.forEach(SortedRun::close);
      stats.held(allocator.getPeakMemoryAllocation());
      allocator.close();
    }
  }

  private final class SortSink implements Sink {
    private final RunBuilder builder = new RunBuilder(encoder, allocator);

    @Override
    public SinkAnswer push(Batch batch) {
      builder.add(batch);
      if (builder.rows() >= RUN_ROWS || builder.bytes() >= RUN_BYTES) {
        addRun(builder.build(Integer.MAX_VALUE));
      }
      return SinkAnswer.NEED_MORE;
    }

    @Override
    public boolean finish() {
      if (builder.rows() > 0) {
        addRun(builder.build(Integer.MAX_VALUE));
      }
      return false;
    }

    @Override
    public void close() {
      builder.close();
    }
  }
}
