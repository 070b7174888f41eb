package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.operator.hash.RowNumbers;
import io.sluice.engine.pipeline.TaskContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Some pairs of a left row of one batch and a right row; what the condition says of each. */
final class Pairs implements AutoCloseable {
  private final JoinShape shape;
  private final StoredRows right;
  private final BufferAllocator allocator;
  private final @Nullable Evaluator condition;

  /** The pairs: selected left rows by position, and right rows by number. */
  final int[] positions;

  final int[] ids;
  int count;

  private final int[] leftRows;

  Pairs(JoinShape shape, StoredRows right, TaskContext task) {
    this.shape = shape;
    this.right = right;
    this.allocator = task.allocator();
    int capacity = task.config().batchRows();
    this.positions = new int[capacity];
    this.ids = new int[capacity];
    this.leftRows = new int[capacity];
    PairCondition pairs = shape.condition();
    this.condition = pairs == null ? null : task.expressions().compile(pairs.expression());
  }

  int capacity() {
    return positions.length;
  }

  /**
   * Keeps the pairs for which the condition is TRUE.
   *
   * @param rows physical left rows by position
   * @param unknown is set for each position that has a pair whose condition is NULL; or null
   */
  void keepTrue(Batch left, int[] rows, boolean @Nullable [] unknown) {
    PairCondition pairs = shape.condition();
    if (condition == null || pairs == null || count == 0) {
      return;
    }
    try (Batch batch = new Batch(read(left, rows, pairs), count);
        Column result = condition.evaluate(batch);
        FieldVector vector = result.flatten(allocator)) {
      ArrowBuf data = vector.getDataBuffer();
      ArrowBuf validity = vector.getValidityBuffer();
      boolean nulls = vector.getNullCount() > 0;
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int position = positions[i];
        int id = ids[i];
        if (nulls && BitVectorHelper.get(validity, i) == 0) {
          if (unknown != null) {
            unknown[position] = true;
          }
          continue;
        }
        positions[kept] = position;
        ids[kept] = id;
        kept += BitVectorHelper.get(data, i);
      }
      count = kept;
    }
  }

  private List<Column> read(Batch left, int[] rows, PairCondition pairs) {
    List<Column> columns = new ArrayList<>();
    try {
      takeLeft(left, rows, pairs.leftColumns(), columns);
      for (int column : pairs.rightColumns()) {
        columns.add(right.gather(column, ids, count, allocator));
      }
      return columns;
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private void takeLeft(Batch left, int[] rows, List<Integer> wanted, List<Column> columns) {
    if (wanted.isEmpty()) {
      return;
    }
    for (int i = 0; i < count; i++) {
      leftRows[i] = rows[positions[i]];
    }
    try (Selection selection = RowNumbers.selection(leftRows, count, allocator)) {
      for (int column : wanted) {
        columns.add(left.column(column).take(selection, allocator));
      }
    }
  }

  /** The pairs as left columns, then right columns; the right row -1 is NULLs. */
  Batch output(Batch left, int[] rows) {
    List<Column> columns = new ArrayList<>();
    try {
      List<Integer> all = new ArrayList<>();
      for (int c = 0; c < left.columns().size(); c++) {
        all.add(c);
      }
      takeLeft(left, rows, all, columns);
      for (int column : shape.storedColumns()) {
        columns.add(right.gather(column, ids, count, allocator));
      }
      return new Batch(columns, count);
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  @Override
  public void close() {
    if (condition != null) {
      condition.close();
    }
  }
}
