package io.sluice.engine.expression;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.function.kernel.Values;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;

/** Hands values on as columns. */
final class ValuesColumns {
  private ValuesColumns() {}

  /** The values as a column of the same form. The caller closes it. */
  static Column column(Values values) {
    if (values.isConstant()) {
      return new ConstantColumn(values.type(), values.toVector(), values.count());
    }
    if (values.isDictionary()) {
      IntVector indices = (IntVector) values.toIndices();
      return new DictionaryColumn(indices, values.dictionary().retain());
    }
    return new FlatColumn(values.type(), values.toVector());
  }

  /** Adds the values of {@code count} rows. */
  static void append(Values values, int count, List<@Nullable Object> cells) {
    try (Column column = column(values)) {
      for (int i = 0; i < count; i++) {
        cells.add(Cells.get(column, i));
      }
    }
  }

  /** Row 0 as a vector of one row. The caller closes it. */
  static FieldVector cell(Values values, BufferAllocator allocator) {
    try (Column column = column(values)) {
      return Cells.vector(
          values.type(), Collections.singletonList(Cells.get(column, 0)), allocator);
    }
  }
}
