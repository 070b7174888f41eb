package io.sluice.engine.operator.sort;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Interleave;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.arrow.vector.FieldVector;

/** Merges sorted runs into one ordered stream and gives a range of its rows, by a single task. */
final class MergeSupply implements SourceSupply {
  /** Rows before the offset that one poll passes over. */
  private static final int MAX_SKIPPED = 65_536;

  private final Supplier<List<SortedRun>> runs;
  private final List<OutputColumn> output;
  private final long offset;
  private final long end;

  /**
   * @param runs asked once they are complete; they stay their owner's
   * @param end row number before which to stop
   */
  MergeSupply(Supplier<List<SortedRun>> runs, List<OutputColumn> output, long offset, long end) {
    this.runs = runs;
    this.output = output;
    this.offset = offset;
    this.end = end;
  }

  @Override
  public int maxTasks() {
    return 1;
  }

  @Override
  public Source open(TaskContext task) {
    return new MergeSource(runs.get(), task);
  }

  @Override
  public void close() {}

  private final class MergeSource implements Source {
    private final List<SortedRun> runs;
    private final TaskContext task;
    private final int[] positions;

    /** A heap of runs that have rows left, the least row's run first. */
    private final int[] heap;

    private int heapSize;
    private long next;

    MergeSource(List<SortedRun> runs, TaskContext task) {
      this.runs = runs;
      this.task = task;
      this.positions = new int[runs.size()];
      this.heap = new int[runs.size()];
      for (int run = 0; run < heap.length; run++) {
        if (runs.get(run).rows() > 0) {
          heap[heapSize++] = run;
        }
      }
      for (int i = heapSize / 2 - 1; i >= 0; i--) {
        siftDown(i);
      }
    }

    @Override
    public Poll poll() {
      int batchRows = task.config().batchRows();
      int[] from = new int[batchRows];
      int[] rows = new int[batchRows];
      int count = 0;
      int skipped = 0;
      while (count < batchRows && skipped < MAX_SKIPPED && heapSize > 0 && next < end) {
        int run = heap[0];
        if (next++ >= offset) {
          from[count] = run;
          rows[count++] = positions[run];
        } else {
          skipped++;
        }
        if (++positions[run] == runs.get(run).rows()) {
          heap[0] = heap[--heapSize];
        }
        siftDown(0);
      }
      return count == 0 && skipped == 0 ? Poll.FINISHED : new Poll.Ready(gather(from, rows, count));
    }

    private Batch gather(int[] from, int[] rows, int count) {
      List<Column> columns = new ArrayList<>();
      try {
        for (int c = 0; c < output.size(); c++) {
          int column = c;
          List<FieldVector> sources = runs.stream().map(run -> run.columns().get(column)).toList();
          columns.add(
              new FlatColumn(
                  output.get(c).type(),
                  Interleave.gather(sources, from, rows, count, task.allocator())));
        }
        return new Batch(columns, count);
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
    }

    private void siftDown(int start) {
      int parent = start;
      int moving = heap[parent];
      while (2 * parent + 1 < heapSize) {
        int child = 2 * parent + 1;
        if (child + 1 < heapSize && less(heap[child + 1], heap[child])) {
          child++;
        }
        if (!less(heap[child], moving)) {
          break;
        }
        heap[parent] = heap[child];
        parent = child;
      }
      heap[parent] = moving;
    }

    private boolean less(int a, int b) {
      return SortedRun.compare(runs.get(a), positions[a], runs.get(b), positions[b]) < 0;
    }

    @Override
    public void close() {}
  }
}
