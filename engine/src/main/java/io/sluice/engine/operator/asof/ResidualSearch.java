package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.FilterEvaluator;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Walks back from each left row's closest candidate to the first that passes a condition over both
 * rows. Pairs are tried in rounds, in each of which a row that has not found its match offers twice
 * as many candidates. For one task.
 */
final class ResidualSearch implements AutoCloseable {
  private static final int MAX_WIDTH = 256;

  private final Candidates candidates;
  private final FilterEvaluator condition;
  private final Set<Integer> read;
  private final List<SqlType> rightTypes;
  private final int pairLimit;
  private final BufferAllocator allocator;

  /** Left rows that have not found their match, and where each goes on. */
  private int[] active = {};

  private int activeCount;
  private int[] positions = {};
  private int[] ends = {};
  private int width;
  private int next;
  private int survivors;

  private final int[] pairLeft;
  private final int[] pairPosition;

  ResidualSearch(AsofShape shape, Expression residual, Candidates candidates, TaskContext task) {
    this.candidates = candidates;
    this.read = InputRefs.of(List.of(residual));
    this.rightTypes = shape.plan().right().output().stream().map(OutputColumn::type).toList();
    this.pairLimit = Math.max(MAX_WIDTH, task.config().batchRows());
    this.allocator = task.allocator();
    this.pairLeft = new int[pairLimit];
    this.pairPosition = new int[pairLimit];
    this.condition = task.expressions().compileFilter(residual);
  }

  /**
   * Begins with a batch.
   *
   * @param closest of every row the position to begin at, or -1
   * @param firsts of every row the last position to try
   */
  void begin(int rows, int[] closest, int[] firsts) {
    if (active.length < rows) {
      active = new int[rows];
      positions = new int[rows];
      ends = new int[rows];
    }
    activeCount = 0;
    for (int i = 0; i < rows; i++) {
      if (closest[i] >= 0) {
        active[activeCount++] = i;
        positions[i] = closest[i];
        ends[i] = firsts[i];
        closest[i] = -1;
      }
    }
    width = 1;
    next = 0;
    survivors = 0;
  }

  /**
   * Tries some pairs.
   *
   * @param found gets the position of the first candidate that passes
   * @return whether there is more to try
   */
  boolean step(Batch left, int[] found) {
    if (next == activeCount) {
      activeCount = survivors;
      survivors = 0;
      next = 0;
      width = Math.min(MAX_WIDTH, width * 2);
    }
    if (activeCount == 0) {
      return false;
    }
    int first = next;
    int pairs = 0;
    while (next < activeCount && pairs + width <= pairLimit) {
      int row = active[next++];
      int last = Math.max(ends[row], positions[row] - width + 1);
      for (int position = positions[row]; position >= last; position--) {
        pairLeft[pairs] = row;
        pairPosition[pairs++] = position;
      }
      positions[row] = last - 1;
    }
    int end = next;
    mark(left, pairs, found);
    for (int i = first; i < end; i++) {
      int row = active[i];
      if (found[row] < 0 && positions[row] >= ends[row]) {
        active[survivors++] = row;
      }
    }
    return next < activeCount || survivors > 0;
  }

  /** Sets the found positions of the pairs that pass. */
  private void mark(Batch left, int pairs, int[] found) {
    try (Batch batch = pairs(left, pairs);
        Selection passed = condition.select(batch)) {
      for (int i = 0; i < passed.count(); i++) {
        int pair = passed.get(i);
        int row = pairLeft[pair];
        if (found[row] < 0) {
          found[row] = pairPosition[pair];
        }
      }
    }
  }

  private Batch pairs(Batch left, int pairs) {
    List<Column> columns = new ArrayList<>();
    long[] locations = new long[pairs];
    for (int i = 0; i < pairs; i++) {
      locations[i] = candidates.location(pairPosition[i]);
    }
    try (Selection rows = Selections.of(pairLeft, pairs, allocator)) {
      int leftColumns = left.columns().size();
      for (int c = 0; c < leftColumns; c++) {
        Column column = left.column(c);
        columns.add(read.contains(c) ? column.take(rows, allocator) : unread(column.type(), pairs));
      }
      for (int c = 0; c < rightTypes.size(); c++) {
        columns.add(
            read.contains(leftColumns + c)
                ? candidates.column(c).gather(locations, pairs, allocator)
                : unread(rightTypes.get(c), pairs));
      }
      return new Batch(columns, pairs);
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private Column unread(SqlType type, int rows) {
    return Cells.constant(type, null, rows, allocator);
  }

  @Override
  public void close() {
    condition.close();
  }
}
