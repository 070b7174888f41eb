package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;

/** One column of one task's stored rows. */
sealed interface ColumnStore extends AutoCloseable permits FixedStore, StringStore, NestedStore {
  static ColumnStore create(SqlType type, BufferAllocator allocator) {
    return switch (type.kind()) {
      case VARCHAR, VARBINARY -> new StringStore(type, allocator);
      case ARRAY, ROW, MAP, NULL -> new NestedStore(type, allocator);
      default -> new FixedStore(type, allocator);
    };
  }

  /**
   * Appends values.
   *
   * @param rows physical rows of the column
   * @param first the number of the first value here
   */
  void append(Column column, int[] rows, int count, int first);

  @Override
  void close();
}
