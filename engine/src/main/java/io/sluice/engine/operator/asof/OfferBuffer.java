package io.sluice.engine.operator.asof;

import io.sluice.engine.memory.MemoryReservation;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One task's right rows on their way to their slots, gathered by partition of the slots, so that a
 * partition's slots come into the cache once for many rows. A partition is written by the task that
 * holds it; a task that does not get hold of one keeps its rows and tries again later. Used by one
 * thread.
 */
final class OfferBuffer implements AutoCloseable {
  /** Of a partition's first few rows. */
  private static final int FIRST_ROWS = 256;

  /** How many runs of a partition are kept before a task waits for it. */
  private static final int KEPT_RUNS = 4;

  /** Longs beside a run, so that runs do not begin in the same cache set. */
  private static final int PADDING = 8;

  private final SlotPartitions partitions;
  private final Slots slots;
  private final Slots.Scratch scratch = new Slots.Scratch(SlotPartitions.SEARCH_ROWS);
  private final MemoryReservation heap;
  private final int boundCount;
  private final int width;
  private final int runLongs;

  /** Gathered rows of every partition, and how many longs of each array are used. */
  private final long[][] runs;

  private final int[] fill;

  OfferBuffer(
      SlotPartitions partitions, int boundCount, int orderWidth, BufferAllocator allocator) {
    this.partitions = partitions;
    this.slots = partitions.slots(orderWidth);
    this.boundCount = boundCount;
    this.width = slots.rowWidth();
    this.runLongs = partitions.runRows(width) * width;
    this.runs = new long[partitions.count()][0];
    this.fill = new int[partitions.count()];
    this.heap = new MemoryReservation(allocator);
  }

  /**
   * Takes rows whose address is {@code base} plus a row number.
   *
   * @param ranges of slots, 0 for rows without an entity
   * @param codes of the instants, then of the bounds
   * @param order codes before the address
   * @param rowNumbers or null for 0, 1, 2 ...
   */
  void add(
      long[] ranges,
      long[][] codes,
      long[][] order,
      int count,
      long base,
      int @Nullable [] rowNumbers) {
    long[] times = codes[0];
    int shift = partitions.shift();
    int orderAt = Slots.BOUNDS + boundCount;
    for (int i = 0; i < count; i++) {
      long range = ranges[i];
      if (range == 0) {
        continue;
      }
      int partition = (int) range >>> shift;
      int at = fill[partition];
      long[] rows = runs[partition];
      if (at + width > rows.length) {
        rows = grow(partition);
      }
      rows[at + Slots.RANGE] = range;
      rows[at + Slots.TIME] = times[i];
      rows[at + Slots.ADDRESS] = base + (rowNumbers == null ? i : rowNumbers[i]);
      for (int b = 0; b < boundCount; b++) {
        rows[at + Slots.BOUNDS + b] = codes[b + 1][i];
      }
      for (int c = 0; orderAt + c < width; c++) {
        rows[at + orderAt + c] = order[c][i];
      }
      at += width;
      fill[partition] = at;
      if (at >= runLongs && at % runLongs == 0) {
        offer(partition);
      }
    }
  }

  private long[] grow(int partition) {
    long[] rows = runs[partition];
    int larger = Math.max(FIRST_ROWS * width, 2 * fill[partition]) + PADDING;
    heap.add(larger * (long) Long.BYTES);
    long[] target = Arrays.copyOf(rows, larger);
    runs[partition] = target;
    heap.resize(heap.bytes() - rows.length * (long) Long.BYTES);
    return target;
  }

  /** Offers the partition's rows, or keeps them where another task holds the partition. */
  private void offer(int partition) {
    while (!tryOffer(partition)) {
      if (fill[partition] < KEPT_RUNS * runLongs) {
        return;
      }
      Thread.onSpinWait();
    }
  }

  private boolean tryOffer(int partition) {
    if (!partitions.tryHold(partition)) {
      return false;
    }
    try {
      slots.offer(runs[partition], 0, fill[partition] / width, scratch);
      fill[partition] = 0;
    } finally {
      partitions.release(partition);
    }
    return true;
  }

  /**
   * Offers all rows that are left.
   *
   * @return whether some had to be kept: to be called again
   */
  boolean flush() {
    boolean left = false;
    for (int partition = 0; partition < fill.length; partition++) {
      if (fill[partition] > 0 && !tryOffer(partition)) {
        left = true;
      }
    }
    return left;
  }

  @Override
  public void close() {
    Arrays.fill(runs, new long[0]);
    heap.close();
  }
}
