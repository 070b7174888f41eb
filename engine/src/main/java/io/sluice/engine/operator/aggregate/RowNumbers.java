package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Row numbers in Java arrays as selections. */
final class RowNumbers {
  private RowNumbers() {}

  /** Appends the rows of each column to {@code taken}, whose elements the caller closes. */
  static void take(
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

  static Selection selection(int[] rows, int count, BufferAllocator allocator) {
    ArrowBuf buffer = allocator.buffer(Math.max(4L, (long) count << 2));
    for (int i = 0; i < count; i++) {
      buffer.setInt((long) i << 2, rows[i]);
    }
    return new Selection(buffer, count);
  }
}
