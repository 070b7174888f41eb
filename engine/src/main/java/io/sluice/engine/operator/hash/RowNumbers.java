package io.sluice.engine.operator.hash;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Row numbers in Java arrays as selections. */
public final class RowNumbers {
  private RowNumbers() {}

  /** Appends the rows of each column to {@code taken}, whose elements the caller closes. */
  public static void take(
      List<? extends Column> columns,
      int[] rows,
      int count,
      BufferAllocator allocator,
      List<Column> taken) {
    try (Selection selection = selection(rows, count, allocator)) {
      for (Column column : columns) {
        taken.add(column.take(selection, allocator));
      }
    }
  }

  /** A selection of the first {@code count} rows, owned by the caller. */
  public static Selection selection(int[] rows, int count, BufferAllocator allocator) {
    ArrowBuf buffer = allocator.buffer(Math.max(4L, (long) count << 2));
    for (int i = 0; i < count; i++) {
      buffer.setInt((long) i << 2, rows[i]);
    }
    return new Selection(buffer, count);
  }
}
