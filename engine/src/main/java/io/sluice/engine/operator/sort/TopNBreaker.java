package io.sluice.engine.operator.sort;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.Take;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the least {@code n} rows of every task. Once a task has {@code n} rows, the greatest of
 * them is a bound: rows above it are dropped by their keys alone.
 */
final class TopNBreaker implements Breaker {
  private static final int MIN_RUN_ROWS = 16_384;
  private static final long RUN_BYTES = 32 << 20;

  private final SortKeyEncoder encoder;
  private final int n;
  private final BufferAllocator allocator;
  private final OperatorStats stats;
  private final List<SortedRun> runs = new ArrayList<>();
  private boolean closed;

  TopNBreaker(SortKeyEncoder encoder, int n, QueryMemory memory, OperatorStats stats) {
    this.encoder = encoder;
    this.n = n;
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
    return new TopNSink();
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

  private final class TopNSink implements Sink {
    private final RunBuilder builder = new RunBuilder(encoder, allocator);
    private @Nullable SortedRun best;

    @Override
    public SinkAnswer push(Batch batch) {
      SortedRun bound = best;
      if (bound != null && bound.rows() == n) {
        addBelow(bound, batch);
      } else {
        builder.add(batch);
      }
      if (builder.rows() >= Math.max(MIN_RUN_ROWS, n) || builder.bytes() >= RUN_BYTES) {
        merge();
      }
      return SinkAnswer.NEED_MORE;
    }

    private void addBelow(SortedRun bound, Batch batch) {
      try (Batch compact = batch.compact(allocator)) {
        int rows = compact.length();
        List<FieldVector> columns = RunBuilder.flatten(compact, allocator);
        try (MemoryReservation reservation = new MemoryReservation(allocator);
            Selection below = rowsBelow(bound, columns, rows, reservation)) {
          if (below.count() > 0) {
            List<FieldVector> taken = new ArrayList<>();
            try {
              for (FieldVector column : columns) {
                taken.add(Take.take(column, below, allocator));
              }
            } catch (RuntimeException | Error failure) {
              taken.forEach(FieldVector::close);
              throw failure;
            }
            builder.add(taken, below.count());
          }
        } finally {
          columns.forEach(FieldVector::close);
        }
      }
    }

    private Selection rowsBelow(
        SortedRun bound, List<FieldVector> columns, int rows, MemoryReservation reservation) {
      SortKeyBytes keys = new SortKeyBytes(reservation);
      encoder.append(columns, rows, keys);
      int greatest = bound.key(n - 1);
      ArrowBuf below = allocator.buffer(Math.max(4L, 4L * rows));
      int count = 0;
      for (int row = 0; row < rows; row++) {
        below.setInt(4L * count, row);
        count += SortKeyBytes.compare(keys, row, bound.keys(), greatest) < 0 ? 1 : 0;
      }
      return new Selection(below, count);
    }

    private void merge() {
      SortedRun old = best;
      if (old != null) {
        best = null;
        try (old) {
          List<FieldVector> columns = new ArrayList<>();
          for (FieldVector column : old.columns()) {
            columns.add(Vectors.share(column, allocator));
          }
          builder.add(columns, old.rows());
        }
      }
      best = builder.build(n);
    }

    @Override
    public boolean finish() {
      if (builder.rows() > 0) {
        merge();
      }
      SortedRun last = best;
      if (last != null) {
        best = null;
        addRun(last);
      }
      return false;
    }

    @Override
    public void close() {
      builder.close();
      SortedRun last = best;
      best = null;
      if (last != null) {
        last.close();
      }
    }
  }
}
