package io.sluice.engine.operator.asof;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Cuts slots into runs that fit the second-level cache, each written by one task at a time. An
 * entity belongs to the partition of its first slot. Where one run holds all, each task has best
 * rows of its own, which are merged in the end.
 */
final class SlotPartitions implements AutoCloseable {
  /**
   * Right rows of one partition that are offered at once, at most: enough for several to fall into
   * one cache line of its slots (512 rows took a third more time, over all).
   */
  private static final int MAX_RUN_ROWS = 8192;

  /** Rows that are searched for side by side. */
  static final int SEARCH_ROWS = 512;

  /** Of all runs of one task. */
  private static final long MAX_RUN_BYTES = 32L << 20;

  /** 24 bytes each: 384 KiB. */
  private static final int CACHED_SLOT_BITS = 14;

  private static final int MAX_PARTITION_BITS = 8;

  /** Spreads the flags, so that tasks do not share cache lines. */
  private static final int FLAG_SHIFT = 4;

  private final Slots slots;
  private final int shift;
  private final int count;
  private final AtomicIntegerArray held;
  private final BufferAllocator allocator;
  private final boolean copies;
  private final List<Slots> own = new ArrayList<>();

  SlotPartitions(Slots slots, int taskCount, BufferAllocator allocator) {
    this.slots = slots;
    this.allocator = allocator;
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(1, slots.capacity() - 1));
    this.shift = Math.max(CACHED_SLOT_BITS, bits - MAX_PARTITION_BITS);
    this.count = Math.max(1, (slots.capacity() + (1 << shift) - 1) >>> shift);
    this.copies = count == 1 && taskCount > 1;
    this.held = new AtomicIntegerArray(count << FLAG_SHIFT);
  }

  /**
   * What a task offers its rows to.
   *
   * @param orderWidth codes by which rows of equal instants are compared
   */
  synchronized Slots slots(int orderWidth) {
    slots.orderBy(orderWidth, allocator);
    if (!copies) {
      return slots;
    }
    Slots copy = slots.emptied(allocator);
    own.add(copy);
    return copy;
  }

  /** Brings the tasks' best rows together. */
  void merge() {
    own.forEach(slots::merge);
    close();
  }

  int shift() {
    return shift;
  }

  int count() {
    return count;
  }

  /** Rows of one partition that a task gathers before it offers them. */
  int runRows(int width) {
    long rows = MAX_RUN_BYTES / ((long) count * width * Long.BYTES);
    return (int) Math.clamp(rows, SEARCH_ROWS, MAX_RUN_ROWS);
  }

  boolean tryHold(int partition) {
    if (copies) {
      return true;
    }
    return held.get(partition << FLAG_SHIFT) == 0
        && held.compareAndSet(partition << FLAG_SHIFT, 0, 1);
  }

  void release(int partition) {
    held.set(partition << FLAG_SHIFT, 0);
  }

  @Override
  public synchronized void close() {
    own.forEach(Slots::close);
    own.clear();
  }
}
