package io.sluice.engine.testing;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Batches from Java rows and back. */
public final class Batches {
  private Batches() {}

  /** A batch of flat columns. */
  public static Batch of(
      BufferAllocator allocator, List<SqlType> types, List<? extends List<?>> rows) {
    List<Column> columns = new ArrayList<>();
    for (int c = 0; c < types.size(); c++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (List<?> row : rows) {
        values.add(row.get(c));
      }
      columns.add(new FlatColumn(types.get(c), Cells.vector(types.get(c), values, allocator)));
    }
    return new Batch(columns, rows.size());
  }

  /** The selected rows, in order. The batch stays open. */
  public static List<List<@Nullable Object>> rows(Batch batch) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    Selection selection = batch.selection();
    for (int i = 0; i < batch.rowCount(); i++) {
      int row = selection == null ? i : selection.get(i);
      List<@Nullable Object> values = new ArrayList<>();
      for (Column column : batch.columns()) {
        values.add(Cells.get(column, row));
      }
      rows.add(values);
    }
    return rows;
  }
}
