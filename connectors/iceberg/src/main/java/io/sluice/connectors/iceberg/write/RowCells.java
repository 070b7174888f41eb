package io.sluice.connectors.iceberg.write;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;

/** One row, whose cells may lie in several batches. Borrows what it points at. */
final class RowCells {
  private final ColumnCells[] cells;
  private final int[] rows;

  RowCells(int columns) {
    cells = new ColumnCells[columns];
    rows = new int[columns];
  }

  /** A row of a batch of all columns. */
  RowCells at(ColumnCells[] batch, int row) {
    System.arraycopy(batch, 0, cells, 0, cells.length);
    Arrays.fill(rows, row);
    return this;
  }

  /** Another batch's cell for one column. */
  void replace(int column, ColumnCells other, int row) {
    cells[column] = other;
    rows[column] = row;
  }

  /** The position of a column's value within its vector, or -1 for NULL. */
  int position(int column) {
    return cells[column].position(rows[column]);
  }

  FieldVector values(int column) {
    return cells[column].values();
  }
}
