package io.sluice.connectors.iceberg.write;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/**
 * The cells of a column of any form, as positions in one vector. Borrows the column.
 *
 * @param indices positions by row, or null where the row or 0 is the position
 * @param constant whether every row is at position 0
 */
record ColumnCells(FieldVector values, @Nullable IntVector indices, boolean constant) {
  static ColumnCells of(Column column) {
    return switch (column) {
      case FlatColumn flat -> new ColumnCells(flat.vector(), null, false);
      case ConstantColumn repeated -> new ColumnCells(repeated.value(), null, true);
      case DictionaryColumn encoded ->
          new ColumnCells(encoded.dictionary().values(), encoded.indices(), false);
    };
  }

  /** The position of a row's value, or -1 for NULL. */
  int position(int row) {
    if (indices != null) {
      return indices.isNull(row) ? -1 : indices.get(row);
    }
    int position = constant ? 0 : row;
    return values.isNull(position) ? -1 : position;
  }
}
