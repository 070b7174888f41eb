package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The rows of a monotone spine, each beside its best right row; of another one nothing. */
final class SpineSupply implements SourceSupply {
  private final Spine spine;
  private final Function<TaskContext, JoinedRows> joins;
  private final LongUnaryOperator locations;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param joins makes a task's joiner
   * @param locations of the payload by the right row's address
   */
  SpineSupply(Spine spine, Function<TaskContext, JoinedRows> joins, LongUnaryOperator locations) {
    this.spine = spine;
    this.joins = joins;
    this.locations = locations;
  }

  @Override
  public int maxTasks() {
    return Math.max(1, spine.batches().size());
  }

  @Override
  public Source open(TaskContext task) {
    return new JoinedSource(joins.apply(task), task);
  }

  @Override
  public void close() {}

  private final class JoinedSource implements Source {
    private final JoinedRows joined;
    private final TaskContext task;

    JoinedSource(JoinedRows joined, TaskContext task) {
      this.joined = joined;
      this.task = task;
    }

    @Override
    public Poll poll() {
      List<SpineBatch> batches = spine.batches();
      while (true) {
        int index = next.getAndIncrement();
        if (index >= batches.size() || !spine.monotone()) {
          next.set(batches.size());
          return Poll.FINISHED;
        }
        Batch rows = join(batches.get(index));
        if (rows != null) {
          return new Poll.Ready(rows);
        }
        task.checkCancelled();
      }
    }

    private @Nullable Batch join(SpineBatch batch) {
      int rows = batch.rows();
      Slots slots = spine.slots();
      joined.reserve(rows);
      for (int i = 0; i < rows; i++) {
        int slot = spine.slot(batch.firstRow() + i);
        long address = slot < 0 ? Slots.NO_ROW : slots.bestAddress(slot);
        if (address == Slots.NO_ROW) {
          joined.miss(i);
        } else {
          joined.match(i, slots.bestTime(slot), locations.applyAsLong(address));
        }
      }
      return joined.join(batch.batch());
    }

    @Override
    public void close() {
      joined.close();
    }
  }
}
