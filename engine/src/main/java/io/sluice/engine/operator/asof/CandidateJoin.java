package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.sort.SortKeyBytes;
import io.sluice.engine.pipeline.Operator;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Finds each left row's best candidate as left batches come by. */
final class CandidateJoin implements Operator {
  private final AsofShape shape;
  private final Candidates candidates;
  private final BufferAllocator allocator;
  private final TaskContext task;
  private final List<Runnable> closes = new ArrayList<>();
  private final Operands operands;
  private final @Nullable OrderedKeys instantKeys;
  private final EntityTable.EntityLookup lookup;
  private final @Nullable ResidualSearch residual;
  private final JoinedRows joined;
  private long[] ranges = {};
  private int[] found = {};
  private int[] firsts = {};
  private @Nullable Batch current;

  /**
   * @param allocator of private state
   */
  CandidateJoin(
      AsofShape shape, Candidates candidates, BufferAllocator allocator, TaskContext task) {
    this.shape = shape;
    this.candidates = candidates;
    this.allocator = allocator;
    this.task = task;
    PhysicalPlan.AsofJoinPlan plan = shape.plan();
    boolean direct = shape.directInstant();
    try {
      operands =
          new Operands(
              task.expressions(),
              plan.leftKeys(),
              direct ? List.of(shape.left().getFirst()) : List.of());
      closes.add(operands::close);
      OrderedKeys keys =
          direct
              ? null
              : new OrderedKeys(task.expressions(), plan.leftMatch(), false, task.allocator());
      instantKeys = keys;
      if (keys != null) {
        closes.add(keys::close);
      }
      lookup = candidates.entities().lookup();
      closes.add(lookup::close);
      Expression condition = shape.residual();
      ResidualSearch search =
          condition == null ? null : new ResidualSearch(shape, condition, candidates, task);
      residual = search;
      if (search != null) {
        closes.add(search::close);
      }
      joined = new JoinedRows(shape, RightColumn.kept(shape), candidates::column, task);
      closes.add(joined::close);
    } catch (RuntimeException | Error failure) {
      closes.forEach(Runnable::run);
      throw failure;
    }
  }

  @Override
  public Progress push(Batch batch, Output out) {
    current = batch;
    Batch rows = batch.compact(task.allocator());
    current = rows;
    search(rows);
    return resume(out);
  }

  /** Finds the closest candidate of every row. */
  private void search(Batch rows) {
    int count = operands.load(rows);
    if (ranges.length < count) {
      ranges = new long[count];
      found = new int[count];
      firsts = new int[count];
    }
    boolean[] absent = operands.absent();
    InstantRanks ranks = candidates.ranks();
    if (instantKeys == null || ranks == null) {
      lookup.find(operands.keys(), count, absent, ranges);
      long[] codes = shape.directInstant() ? operands.codes()[0] : ranges;
      for (int i = 0; i < count; i++) {
        closest(i, codes[i]);
      }
    } else {
      try (MemoryReservation reservation = new MemoryReservation(allocator)) {
        SortKeyBytes keys = OrderedKeys.list(reservation);
        instantKeys.append(rows, absent, keys);
        lookup.find(operands.keys(), count, absent, ranges);
        boolean inclusive = shape.plan().direction().inclusive();
        for (int i = 0; i < count; i++) {
          closest(i, ranges[i] == 0 ? 0 : ranks.leftCode(keys, i, inclusive));
        }
      }
    }
    if (residual != null) {
      residual.begin(count, found, firsts);
    }
  }

  private void closest(int row, long code) {
    long range = ranges[row];
    found[row] = range == 0 ? -1 : candidates.lastUpTo(range, code);
    firsts[row] = (int) range;
  }

  @Override
  public Progress resume(Output out) {
    Batch rows = Built.of(current);
    if (residual != null) {
      while (residual.step(rows, found)) {
        if (task.yieldDue()) {
          return Progress.MORE;
        }
      }
    }
    int count = rows.length();
    joined.reserve(count);
    for (int i = 0; i < count; i++) {
      if (found[i] < 0) {
        joined.miss(i);
      } else {
        joined.match(i, candidates.code(found[i]), candidates.location(found[i]));
      }
    }
    Batch result = joined.join(rows);
    current = null;
    rows.close();
    if (result != null) {
      out.push(result);
    }
    return Progress.NEED_INPUT;
  }

  @Override
  public Progress finish(Output out) {
    return Progress.NEED_INPUT;
  }

  @Override
  public void close() {
    closes.forEach(Runnable::run);
    closes.clear();
    Batch open = current;
    current = null;
    if (open != null) {
      open.close();
    }
  }
}
