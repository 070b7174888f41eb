package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Some columns of one task's rows, by segment. */
final class RowStore implements AutoCloseable {
  private final List<Integer> inputs;
  private final List<ColumnStore> columns = new ArrayList<>();
  private int rows;

  /**
   * @param inputs the columns of batches that are kept
   * @param types of the batches' columns
   */
  RowStore(List<Integer> inputs, List<SqlType> types, BufferAllocator allocator) {
    this.inputs = inputs;
    for (int input : inputs) {
      columns.add(ColumnStore.create(types.get(input), allocator));
    }
  }

  int rows() {
    return rows;
  }

  /** The columns, in the order of the inputs. */
  List<ColumnStore> columns() {
    return columns;
  }

  /** Appends physical rows of a batch, which stays the caller's. */
  void append(Batch batch, int[] chosen, int count) {
    for (int c = 0; c < columns.size(); c++) {
      columns.get(c).append(batch.column(inputs.get(c)), chosen, count, rows);
    }
    rows = Math.addExact(rows, count);
  }

  @Override
  public void close() {
    columns.forEach(ColumnStore::close);
  }
}
