package io.sluice.engine.operator.aggregate;

/**
 * A state per group, all in Arrow memory. Groups start empty. Used by one thread at a time; of
 * merged instances neither depends on the order.
 */
interface Accumulator extends AutoCloseable {
  /** Makes states for groups 0 to {@code groups - 1}; those that there are stay. */
  void resize(int groups);

  /** Takes in the rows of a slot. */
  void update(SlotValues values);

  /** Takes in states of another instance: its group {@code from[i]} into group {@code to[i]}. */
  void merge(Accumulator other, int[] from, int[] to, int count);

  /**
   * What is merged for all wanted groups at once.
   *
   * @param mapping of the other's groups to groups here, or -1 for those to leave
   */
  default void mergeMapped(Accumulator other, int[] mapping) {}

  /**
   * All rows are in; nothing comes but merges, in which several threads may read this at a time.
   */
  default void settle() {}

  /** All is merged; now results may be read, by several threads at a time. */
  default void finish() {}

  @Override
  void close();
}
