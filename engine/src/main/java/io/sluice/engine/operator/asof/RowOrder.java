package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.TableScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * How right rows of equal times are compared: by their places, or first by columns that the scan
 * names when it is planned. One for each scan, shared by its tasks.
 */
final class RowOrder {
  /** NULL, lowest. */
  static final long NONE = Long.MIN_VALUE;

  private volatile List<HiddenColumn> columns = List.of();

  /**
   * The scan itself, or one that reads the order's columns too, behind the others.
   *
   * @param scan is closed where it is not the result
   * @param read the scan's columns
   */
  TableScan complete(TableScan scan, List<String> read) {
    List<HiddenColumn> order = scan.rowOrder();
    if (order.isEmpty()) {
      return scan;
    }
    List<String> all = new ArrayList<>(read);
    order.forEach(column -> all.add(column.columnName()));
    try (scan) {
      TableScan complete = scan.reading(all);
      columns = order;
      return complete;
    }
  }

  /** How many columns come before the place; does not change once there are batches. */
  int width() {
    return columns.size();
  }

  /** What one task needs to read the order's columns. */
  final class Codes {
    private final BufferAllocator allocator;
    private long[][] codes = {};

    Codes(BufferAllocator allocator) {
      this.allocator = allocator;
    }

    /** Of the selected rows of a batch of a {@link LateScan}: by column and row. */
    long[][] load(Batch batch) {
      int width = width();
      if (codes.length < width) {
        codes = new long[width][0];
      }
      int first = batch.columns().size() - 1 - width;
      for (int c = 0; c < width; c++) {
        if (codes[c].length < batch.rowCount()) {
          codes[c] = new long[batch.rowCount()];
        }
        try (FieldVector values = batch.column(first + c).flatten(allocator)) {
          load((BigIntVector) values, batch.selection(), batch.rowCount(), codes[c]);
        }
      }
      return codes;
    }

    /** The same as arrays of the caller's own. */
    long[][] copy(Batch batch) {
      long[][] loaded = load(batch);
      long[][] own = new long[width()][];
      for (int c = 0; c < own.length; c++) {
        own[c] = Arrays.copyOf(loaded[c], batch.rowCount());
      }
      return own;
    }

    private static void load(
        BigIntVector values, @Nullable Selection selection, int rows, long[] codes) {
      for (int i = 0; i < rows; i++) {
        int row = selection == null ? i : selection.get(i);
        codes[i] = values.isNull(row) ? NONE : values.get(row);
      }
    }
  }
}
