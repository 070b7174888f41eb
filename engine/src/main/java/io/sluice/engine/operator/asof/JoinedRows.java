package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.Take;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.FilterEvaluator;
import io.sluice.engine.pipeline.TaskContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.function.IntFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Puts the right columns beside left batches, for one task: the tolerance is checked, then rows
 * without a match get NULLs or are dropped. Left columns are shared, not copied.
 */
final class JoinedRows implements AutoCloseable {
  private final AsofShape shape;
  private final List<RightColumn> rightColumns;
  private final IntFunction<ChunkedColumn> payload;
  private final BufferAllocator allocator;
  private final @Nullable FilterEvaluator tolerance;
  private final SortedSet<Integer> toleranceColumns;

  /** Of the matches of the batch at hand: the right instant's code. */
  private long[] instants = {};

  /** Where the payload lies, or -1 for left rows without a match. */
  private long[] locations = {};

  JoinedRows(
      AsofShape shape,
      List<RightColumn> rightColumns,
      IntFunction<ChunkedColumn> payload,
      TaskContext task) {
    this.shape = shape;
    this.rightColumns = rightColumns;
    this.payload = payload;
    this.allocator = task.allocator();
    Expression condition = shape.plan().tolerance();
    this.toleranceColumns = InputRefs.of(condition == null ? List.of() : List.of(condition));
    this.tolerance = condition == null ? null : task.expressions().compileFilter(condition);
  }

  /** Room for the matches of a batch. */
  void reserve(int rows) {
    if (locations.length < rows) {
      locations = new long[rows];
      instants = new long[rows];
    }
  }

  /** Row {@code row} has no match. */
  void miss(int row) {
    locations[row] = -1;
  }

  /** Row {@code row} has a match. */
  void match(int row, long instant, long location) {
    instants[row] = instant;
    locations[row] = location;
  }

  /**
   * The joined rows of a batch without a selection, after {@link #match} or {@link #miss} for every
   * row.
   *
   * @param left stays the caller's
   * @return null where no row is left
   */
  @Nullable Batch join(Batch left) {
    int rows = left.length();
    FilterEvaluator condition = tolerance;
    if (condition != null && countMatches(rows) > 0) {
      applyTolerance(condition, left, rows);
    }
    int matches = countMatches(rows);
    boolean inner = !shape.plan().outer();
    if (rows == 0 || (inner && matches == 0)) {
      return null;
    }
    List<Column> columns = new ArrayList<>();
    Selection selection = null;
    try {
      selection = inner && matches < rows ? matched(rows, matches) : null;
      left.columns().forEach(column -> columns.add(column.share()));
      boolean padded = !inner && matches < rows;
      for (RightColumn column : rightColumns) {
        columns.add(right(column, left, rows, padded));
      }
      return new Batch(columns, rows, selection);
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      if (selection != null) {
        selection.close();
      }
      throw failure;
    }
  }

  private int countMatches(int rows) {
    int matches = 0;
    for (int i = 0; i < rows; i++) {
      matches += locations[i] < 0 ? 0 : 1;
    }
    return matches;
  }

  /** Turns matches into misses where the tolerance is not kept. */
  private void applyTolerance(FilterEvaluator condition, Batch left, int rows) {
    List<Column> columns = new ArrayList<>();
    int leftColumns = left.columns().size();
    Selection matched = matched(rows, countMatches(rows));
    try {
      left.columns().forEach(column -> columns.add(column.share()));
      for (int c = 0; c < rightColumns.size(); c++) {
        RightColumn column = rightColumns.get(c);
        columns.add(
            toleranceColumns.contains(leftColumns + c)
                ? right(column, left, rows, true)
                : Cells.constant(column.type(), null, rows, allocator));
      }
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      matched.close();
      throw failure;
    }
    try (Batch candidates = new Batch(columns, rows, matched);
        Selection kept = condition.select(candidates)) {
      int next = 0;
      for (int i = 0; i < rows; i++) {
        if (next < kept.count() && kept.get(next) == i) {
          next++;
        } else {
          locations[i] = -1;
        }
      }
    }
  }

  private Selection matched(int rows, int matches) {
    ArrowBuf numbers = allocator.buffer(Math.max(4, matches * 4L));
    int at = 0;
    for (int i = 0; i < rows; i++) {
      if (locations[i] >= 0) {
        numbers.setInt((long) at++ << 2, i);
      }
    }
    return new Selection(numbers, matches);
  }

  private Column right(RightColumn column, Batch left, int rows, boolean padded) {
    return switch (column) {
      case RightColumn.OfLeft key ->
          padded ? padded(left.column(key.column()), rows) : left.column(key.column()).share();
      case RightColumn.OfInstant instant -> instants(instant, rows);
      case RightColumn.OfPayload kept ->
          payload.apply(kept.index()).gather(locations, rows, allocator);
    };
  }

  /** A left column, NULL where there is no match. */
  private Column padded(Column column, int rows) {
    ArrowBuf numbers = allocator.buffer(Math.max(4, rows * 4L));
    for (int i = 0; i < rows; i++) {
      numbers.setInt((long) i << 2, locations[i] < 0 ? -1 : i);
    }
    try (Selection indices = new Selection(numbers, rows)) {
      if (column instanceof ConstantColumn constant) {
        try (FieldVector flat = constant.flatten(allocator)) {
          return new FlatColumn(column.type(), Take.take(flat, indices, allocator));
        }
      }
      return column.take(indices, allocator);
    }
  }

  private Column instants(RightColumn.OfInstant column, int rows) {
    FieldVector vector = Vectors.create(column.type(), allocator);
    try {
      BaseFixedWidthVector fixed = (BaseFixedWidthVector) vector;
      fixed.allocateNew(rows);
      ArrowBuf validity = fixed.getValidityBuffer();
      validity.setZero(0, validity.capacity());
      boolean inverted = shape.inverted();
      int width = fixed.getTypeWidth();
      for (int i = 0; i < rows; i++) {
        boolean matched = locations[i] >= 0;
        RightColumn.write(vector, width, i, matched ? Operands.value(instants[i], inverted) : 0);
        if (matched) {
          BitVectorHelper.setBit(validity, i);
        }
      }
      vector.setValueCount(rows);
      return new FlatColumn(column.type(), vector);
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    if (tolerance != null) {
      tolerance.close();
    }
  }
}
