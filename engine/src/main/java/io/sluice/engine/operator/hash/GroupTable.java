package io.sluice.engine.operator.hash;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Numbers distinct keys 0, 1, 2, ... in the order in which they come. NULL is a key like others.
 * All memory is the allocator's. Used by one thread at a time, but for {@link #find}.
 */
public sealed interface GroupTable extends AutoCloseable permits WordGroupTable, RowGroupTable {
  int MAX_GROUPS = 1 << 30;

  static GroupTable create(KeyLayout layout, BufferAllocator allocator) {
    return layout.isWord()
        ? new WordGroupTable(layout, allocator)
        : new RowGroupTable(layout, allocator);
  }

  KeyLayout layout();

  /** How many keys there are. */
  int size();

  /** Numbers of the encoder's keys, new where a key has not come before. */
  void add(KeyEncoder keys, int[] ids);

  /**
   * Numbers of the encoder's keys, -1 where a key has not come. Several threads may look up side by
   * side while none adds.
   */
  void find(KeyEncoder keys, int[] ids);

  /** Numbers of keys of another table of the same layout, new where a key has not come before. */
  void addFrom(GroupTable other, int[] otherIds, int count, int[] ids);

  /** The hash of a key, which is the same in every table. */
  long hash(int id);

  /**
   * One column of the keys {@code from} to {@code from + count}.
   *
   * @return a vector, owned by the caller
   */
  FieldVector keys(int column, int from, int count, BufferAllocator allocator);

  /** Bytes held. */
  long bytes();

  @Override
  void close();
}
