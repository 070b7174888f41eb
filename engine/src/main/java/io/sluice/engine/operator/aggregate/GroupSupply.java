package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.plan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** The groups of a complete {@link HashAggregate} in batches. */
final class GroupSupply implements SourceSupply {
  private record Slice(GroupState state, int from, int count) {}

  private final HashAggregate aggregate;
  private final List<OutputColumn> output;
  private final int batchRows;
  private final AtomicInteger next = new AtomicInteger();
  private List<Slice> slices = List.of();

  GroupSupply(HashAggregate aggregate, List<OutputColumn> output, int batchRows) {
    this.aggregate = aggregate;
    this.output = output;
    this.batchRows = batchRows;
  }

  @Override
  public synchronized int maxTasks() {
    List<Slice> all = new ArrayList<>();
    for (GroupState state : aggregate.results()) {
      for (int from = 0; from < state.size(); from += batchRows) {
        all.add(new Slice(state, from, Math.min(batchRows, state.size() - from)));
      }
    }
    slices = all;
    return Math.max(1, all.size());
  }

  private synchronized List<Slice> slices() {
    return slices;
  }

  @Override
  public Source open(TaskContext task) {
    return new GroupSource(slices(), task.allocator());
  }

  @Override
  public void close() {
    // the groups are the breaker's
    aggregate.close();
  }

  private final class GroupSource implements Source {
    private final List<Slice> all;
    private final BufferAllocator allocator;

    GroupSource(List<Slice> all, BufferAllocator allocator) {
      this.all = all;
      this.allocator = allocator;
    }

    @Override
    public Poll poll() {
      int i = next.getAndIncrement();
      return i < all.size() ? new Poll.Ready(read(all.get(i))) : Poll.FINISHED;
    }

    private Batch read(Slice slice) {
      AggregateProgram program = aggregate.program();
      List<Column> columns = new ArrayList<>();
      try {
        int hidden = program.numbersSets() ? 1 : 0;
        for (int k = 0; k < program.groups().size(); k++) {
          add(columns, slice.state().keys(hidden + k, slice.from(), slice.count(), allocator));
        }
        for (Finisher finisher : program.finishers()) {
          add(columns, finisher.finish(slice.state(), slice.from(), slice.count(), allocator));
        }
        return new Batch(columns, slice.count());
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
    }

    private void add(List<Column> columns, FieldVector vector) {
      columns.add(new FlatColumn(output.get(columns.size()).type(), vector));
    }

    @Override
    public void close() {
      // reads what the breaker holds
    }
  }
}
