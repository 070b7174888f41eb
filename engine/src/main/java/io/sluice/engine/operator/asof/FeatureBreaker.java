package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.expression.FilterEvaluator;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Streams the keys and instants of a scan past the spine's slots, then lets every slot know the
 * best row up to it.
 */
final class FeatureBreaker implements Breaker {
  /**
   * What is read of a batch, over the columns of the narrow scan.
   *
   * @param filters all must be true
   * @param order of rows of equal instants, known before the first batch
   */
  record Inputs(
      List<Expression> filters,
      List<Expression> keys,
      List<Operands.Ordered> ordered,
      RowOrder order) {}

  private static final int ENTITIES_PER_PIECE = 1 << 14;

  private final Spine spine;
  private final Inputs inputs;
  private final Supplier<@Nullable Winners> winnersOf;
  private final BufferAllocator allocator;
  private final OperatorStats stats;
  private @Nullable SlotPartitions partitions;
  private @Nullable Winners winners;

  /**
   * @param winnersOf makes what is told every winner, or null where no payload is read
   */
  FeatureBreaker(
      Spine spine,
      Inputs inputs,
      Supplier<@Nullable Winners> winnersOf,
      BufferAllocator allocator,
      OperatorStats stats) {
    this.spine = spine;
    this.inputs = inputs;
    this.winnersOf = winnersOf;
    this.allocator = allocator;
    this.stats = stats;
  }

  @Override
  public synchronized Sink open(TaskContext task) {
    SlotPartitions shared = partitions;
    if (shared == null) {
      shared = new SlotPartitions(spine.slots(), task.taskCount(), allocator);
      partitions = shared;
    }
    return new FeatureSink(task, shared);
  }

  /** Complete once the breaker is. */
  @Nullable Winners winners() {
    return winners;
  }

  @Override
  public List<Work> merge(TaskContext task) {
    if (partitions != null) {
      partitions.merge();
    }
    winners = winnersOf.get();
    int entities = spine.entityCount();
    List<Work> pieces = new ArrayList<>();
    AtomicInteger left =
        new AtomicInteger((entities + ENTITIES_PER_PIECE - 1) / ENTITIES_PER_PIECE);
    for (int from = 0; from < entities; from += ENTITIES_PER_PIECE) {
      int first = from;
      int end = Math.min(entities, from + ENTITIES_PER_PIECE);
      pieces.add(context -> carry(first, end, left));
    }
    return pieces;
  }

  private boolean carry(int first, int end, AtomicInteger left) {
    Winners told = winners;
    Slots slots = spine.slots();
    for (int entity = first; entity < end; entity++) {
      slots.carryForward(spine.range(entity), told);
    }
    if (left.decrementAndGet() == 0 && told != null) {
      told.number();
      stats.add("winners", told.count());
    }
    return false;
  }

  @Override
  public void close() {
    if (winners != null) {
      winners.close();
    }
    if (partitions != null) {
      partitions.close();
    }
  }

  private final class FeatureSink implements Sink {
    private final List<FilterEvaluator> filters = new ArrayList<>();
    private final Operands operands;
    private final EntityTable.EntityLookup lookup;
    private final SlotPartitions shared;
    private final RowOrder.Codes orderCodes;
    private @Nullable OfferBuffer offers;
    private long[] ranges = {};
    private int[] rowNumbers = {};
    private long streamed;

    FeatureSink(TaskContext task, SlotPartitions shared) {
      this.shared = shared;
      this.orderCodes = inputs.order().new Codes(task.allocator());
      ExpressionCompiler compiler = task.expressions();
      try {
        for (Expression filter : inputs.filters()) {
          filters.add(compiler.compileFilter(filter));
        }
        operands = new Operands(compiler, inputs.keys(), inputs.ordered());
      } catch (RuntimeException | Error failure) {
        filters.forEach(FilterEvaluator::close);
        throw failure;
      }
      lookup = spine.entities().lookup();
    }

    @Override
    public SinkAnswer push(Batch batch) {
      Batch rows = batch;
      streamed += batch.rowCount();
      for (FilterEvaluator filter : filters) {
        rows = filter.filter(rows);
      }
      try (Batch open = rows) {
        if (open.rowCount() > 0) {
          offer(open);
        }
      }
      return SinkAnswer.NEED_MORE;
    }

    private void offer(Batch batch) {
      int count = operands.load(batch);
      if (ranges.length < count) {
        ranges = new long[count];
        rowNumbers = new int[count];
      }
      lookup.find(operands.keys(), count, operands.absent(), ranges);
      Selection selection = batch.selection();
      if (selection != null) {
        for (int i = 0; i < count; i++) {
          rowNumbers[i] = selection.get(i);
        }
      }
      offers()
          .add(
              ranges,
              operands.codes(),
              orderCodes.load(batch),
              count,
              LateScan.mark(batch),
              selection == null ? null : rowNumbers);
    }

    /** Made when there is a batch: only then the width of a row is known. */
    private OfferBuffer offers() {
      OfferBuffer open = offers;
      if (open == null) {
        int bounds = inputs.ordered().size() - 1;
        open = new OfferBuffer(shared, bounds, inputs.order().width(), allocator);
        offers = open;
      }
      return open;
    }

    @Override
    public boolean finish() {
      boolean more = offers != null && offers.flush();
      if (!more) {
        stats.add("feature rows streamed", streamed);
      }
      return more;
    }

    @Override
    public void close() {
      filters.forEach(FilterEvaluator::close);
      operands.close();
      lookup.close();
      if (offers != null) {
        offers.close();
      }
    }
  }
}
