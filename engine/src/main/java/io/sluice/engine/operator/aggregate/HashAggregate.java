package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Grouping: every task groups its own rows; few groups are then merged by one task, many by all of
 * them, each taking the groups of one partition after another.
 */
final class HashAggregate implements Breaker {
  /** Fewer groups are merged by one task. */
  private static final int MANY_GROUPS = 16_384;

  private static final int PARTITIONS = 64;

  private final AggregateProgram program;
  private final BufferAllocator allocator;
  private final OperatorStats stats;

  /** Guarded by this: one state per task that has ended. */
  private final List<GroupState> runs = new ArrayList<>();

  private final List<GroupPartitions> orders = new ArrayList<>();
  private final List<GroupState> results = new ArrayList<>();
  private boolean closed;

  /** Takes ownership of the allocator of its private state. */
  HashAggregate(AggregateProgram program, BufferAllocator allocator, OperatorStats stats) {
    this.program = program;
    this.allocator = allocator;
    this.stats = stats;
  }

  AggregateProgram program() {
    return program;
  }

  /** The groups of each partition, once this is complete. */
  List<GroupState> results() {
    return results;
  }

  @Override
  public Sink open(TaskContext task) {
    return new GroupSink();
  }

  private synchronized void add(GroupState run) {
    if (closed) {
      run.close();
    } else {
      runs.add(run);
    }
  }

  @Override
  public synchronized List<Work> merge(TaskContext task) {
    runs.sort(Comparator.comparingInt(GroupState::size).reversed());
    long groups = 0;
    for (GroupState run : runs) {
      groups += run.size();
    }
    stats.held(allocator.getAllocatedMemory());
    if (runs.isEmpty()) {
      runs.add(new GroupState(program, allocator));
    }
    if (runs.size() == 1 || groups < MANY_GROUPS) {
      // the others are merged into the largest
      results.add(runs.removeFirst());
      return List.of(new MergeAll());
    }
    boolean mapped = program.mergesMapped();
    // what is merged by a mapping is read once per partition
    int partitions = mapped ? Math.min(PARTITIONS, ceilingPowerOfTwo(runs.size())) : PARTITIONS;
    List<Work> pieces = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      orders.add(new GroupPartitions(runs.get(i).table(), partitions, allocator));
    }
    AtomicInteger left = new AtomicInteger(partitions);
    for (int p = 0; p < partitions; p++) {
      GroupState target = new GroupState(program, allocator);
      results.add(target);
      pieces.add(new MergePartition(p, target, left));
    }
    return pieces;
  }

  private static int ceilingPowerOfTwo(int value) {
    return value <= 1 ? 1 : Integer.highestOneBit(value - 1) << 1;
  }

  private synchronized void closeRuns() {
    runs.forEach(GroupState::close);
    runs.clear();
    orders.forEach(GroupPartitions::close);
    orders.clear();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      closeRuns();
      results.forEach(GroupState::close);
      allocator.close();
    }
  }

  private final class GroupSink implements Sink {
    private final GroupState state = new GroupState(program, allocator);
    private final GroupInput input = new GroupInput(program, state, allocator);
    private boolean handedOver;

    @Override
    public SinkAnswer push(Batch batch) {
      try (batch) {
        input.read(batch);
      }
      return SinkAnswer.NEED_MORE;
    }

    @Override
    public boolean finish() {
      input.close();
      state.settle();
      handedOver = true;
      add(state);
      return false;
    }

    @Override
    public void close() {
      input.close();
      if (!handedOver) {
        handedOver = true;
        state.close();
      }
    }
  }

  /** Merges all other runs into the one result. */
  private final class MergeAll implements Work {
    @Override
    public boolean step(TaskContext task) {
      GroupState target = results.getFirst();
      for (GroupState run : runs) {
        int size = run.size();
        int[] from = new int[size];
        int[] to = new int[size];
        for (int i = 0; i < size; i++) {
          from[i] = i;
        }
        run.resize();
        target.merge(run, from, to, size);
        target.mergeMapped(run, to);
        task.checkCancelled();
      }
      addEmptySets(target);
      target.finish();
      stats.held(allocator.getAllocatedMemory());
      closeRuns();
      return false;
    }
  }

  private void addEmptySets(GroupState target) {
    if (!program.numbersSets() || target.size() > 0) {
      return;
    }
    try (GroupInput input = new GroupInput(program, target, allocator)) {
      for (int set = 0; set < program.groupingSets().size(); set++) {
        if (program.groupingSets().get(set).isEmpty()) {
          input.addEmptySet(set);
        }
      }
    }
  }

  /** Merges one partition's groups of all runs. */
  private final class MergePartition implements Work {
    private static final int STEP = 4096;

    private final int partition;
    private final GroupState target;
    private final AtomicInteger left;
    private final int[] from = new int[STEP];
    private final int[] to = new int[STEP];
    private int run;

    MergePartition(int partition, GroupState target, AtomicInteger left) {
      this.partition = partition;
      this.target = target;
      this.left = left;
    }

    @Override
    public boolean step(TaskContext task) {
      while (run < runs.size()) {
        mergeRun(runs.get(run), orders.get(run), task);
        run++;
        if (task.yieldDue()) {
          return true;
        }
      }
      target.finish();
      if (left.decrementAndGet() == 0) {
        stats.held(allocator.getAllocatedMemory());
        closeRuns();
      }
      return false;
    }

    private void mergeRun(GroupState source, GroupPartitions order, TaskContext task) {
      boolean mapped = program.mergesMapped();
      int[] mapping = new int[0];
      if (mapped) {
        mapping = new int[source.size()];
        Arrays.fill(mapping, -1);
      }
      int end = order.end(partition);
      for (int start = order.start(partition); start < end; start += STEP) {
        int count = Math.min(STEP, end - start);
        for (int i = 0; i < count; i++) {
          from[i] = order.group(start + i);
        }
        target.merge(source, from, to, count);
        if (mapped) {
          for (int i = 0; i < count; i++) {
            mapping[from[i]] = to[i];
          }
        }
        task.checkCancelled();
      }
      if (mapped) {
        target.mergeMapped(source, mapping);
      }
    }
  }
}
