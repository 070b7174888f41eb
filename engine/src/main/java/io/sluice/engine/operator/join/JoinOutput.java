package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.operator.hash.RowNumbers;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.jspecify.annotations.Nullable;

/** Output batches that share the left columns instead of copying them. */
final class JoinOutput {
  private final JoinShape shape;
  private final StoredRows right;
  private final BufferAllocator allocator;
  private int[] ids = new int[0];
  private int[] kept = new int[0];

  JoinOutput(JoinShape shape, StoredRows right, BufferAllocator allocator) {
    this.shape = shape;
    this.right = right;
    this.allocator = allocator;
  }

  /**
   * Left rows with the one right row of each.
   *
   * @param rows physical left rows
   * @param heads right rows, -1 for none
   * @param outer whether left rows without a right one stay
   */
  Batch singles(Batch left, int[] rows, int[] heads, int count, boolean outer) {
    int length = left.length();
    reserve(length);
    Arrays.fill(ids, 0, length, -1);
    int n = 0;
    for (int i = 0; i < count; i++) {
      ids[rows[i]] = heads[i];
      if (outer || heads[i] >= 0) {
        kept[n++] = rows[i];
      }
    }
    List<Column> columns = new ArrayList<>();
    try {
      left.columns().forEach(column -> columns.add(column.share()));
      for (int column : shape.storedColumns()) {
        columns.add(right.gather(column, ids, length, allocator));
      }
      return new Batch(columns, length, selection(n, length));
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  /** What a left batch gives when all its pairs are known, or null. */
  @Nullable Batch rest(Batch left, int[] rows, boolean[] matched, boolean[] maybe, int count) {
    reserve(left.length());
    int n = 0;
    for (int i = 0; i < count; i++) {
      boolean keep =
          switch (shape.kind()) {
            case INNER, RIGHT -> false;
            case LEFT, FULL, ANTI -> !matched[i];
            case SEMI -> matched[i];
            case NULL_AWARE_ANTI -> !matched[i] && !maybe[i];
            case MARK -> true;
          };
      kept[n] = rows[i];
      n += keep ? 1 : 0;
    }
    if (n == 0) {
      return null;
    }
    List<Column> columns = new ArrayList<>();
    try {
      left.columns().forEach(column -> columns.add(column.share()));
      switch (shape.kind()) {
        case LEFT, FULL -> {
          for (SqlType type : shape.rightTypes()) {
            columns.add(Cells.constant(type, null, left.length(), allocator));
          }
        }
        case MARK -> columns.add(mark(left.length(), rows, matched, maybe, count));
        case INNER, RIGHT, SEMI, ANTI, NULL_AWARE_ANTI -> {}
      }
      return new Batch(columns, left.length(), selection(n, left.length()));
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private Column mark(int length, int[] rows, boolean[] matched, boolean[] maybe, int count) {
    BitVector marks = new BitVector("", allocator);
    try {
      marks.allocateNew(Math.max(1, length));
      for (int i = 0; i < count; i++) {
        if (!matched[i] && maybe[i]) {
          marks.setNull(rows[i]);
        } else {
          marks.set(rows[i], matched[i] ? 1 : 0);
        }
      }
      marks.setValueCount(length);
      return new FlatColumn(SqlType.BOOLEAN, marks);
    } catch (RuntimeException | Error failure) {
      marks.close();
      throw failure;
    }
  }

  private @Nullable Selection selection(int n, int length) {
    return n == length ? null : RowNumbers.selection(kept, n, allocator);
  }

  private void reserve(int length) {
    if (ids.length < length) {
      ids = new int[length];
      kept = new int[length];
    }
    if (kept.length < length + 1) {
      kept = new int[length + 1];
    }
  }
}
