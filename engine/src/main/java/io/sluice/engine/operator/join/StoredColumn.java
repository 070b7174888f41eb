package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** One column of all stored rows, complete and safe for all threads. Owns its memory. */
sealed interface StoredColumn extends AutoCloseable
    permits FixedColumn, StringColumn, EncodedColumn, NestedColumn {
  /**
   * The column of all stores, one after another; they stay open and keep the memory.
   *
   * @param rows of each store
   */
  static StoredColumn of(
      SqlType type, List<? extends ColumnStore> stores, int[] rows, BufferAllocator allocator) {
    return switch (type.kind()) {
      case VARCHAR, VARBINARY -> StringColumns.of(type, cast(stores), rows, allocator);
      case ARRAY, ROW, MAP, NULL -> new NestedColumn(type, cast(stores));
      default -> new FixedColumn(type, cast(stores));
    };
  }

  @SuppressWarnings("unchecked")
  private static <T extends ColumnStore> List<T> cast(List<? extends ColumnStore> stores) {
    return (List<T>) stores;
  }

  /** The values of rows in any order; -1 gives NULL. The caller closes the column. */
  Column gather(int[] ids, int count, BufferAllocator allocator);

  @Override
  void close();
}
