package io.sluice.engine.operator.asof;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One task's right rows on their way to their slots, gathered by partition of the slots, so that a
 * partition's slots stay in the cache while a run of rows is offered to them. A partition is
 * written by the task that holds it; a task that does not get hold of one keeps its rows and tries
 * again later. Used by one thread.
 */
final class OfferBuffer {
  private static final int KEPT_RUNS = 16;

  /** Longs between runs, so that equal fill levels fall into different cache sets. */
  private static final int PADDING = 8;

  private final SlotPartitions partitions;
  private final Slots slots;
  private final int width;
  private final int runLongs;
  private final int stride;
  private final int[] fill;
  private long[] rows;
  private final long[] @Nullable [] kept;
  private final int[] keptLongs;

  OfferBuffer(SlotPartitions partitions, int boundCount) {
    this.partitions = partitions;
    this.slots = partitions.slots();
    this.width = Slots.BOUNDS + boundCount;
    this.runLongs = SlotPartitions.RUN_ROWS * width;
    this.stride = runLongs + PADDING;
    this.fill = new int[partitions.count()];
    this.rows = new long[partitions.count() * stride];
    this.kept = new long[partitions.count()][];
    this.keptLongs = new int[partitions.count()];
  }

  /** Heap bytes of a buffer, without rows that are kept. */
  static long bytes(SlotPartitions partitions, int boundCount) {
    return partitions.count() * (SlotPartitions.RUN_ROWS * (Slots.BOUNDS + boundCount) * 8L + 16);
  }

  /**
   * Takes rows whose address is {@code base} plus a row number.
   *
   * @param ranges of slots, 0 for rows without an entity
   * @param rowNumbers or null for 0, 1, 2 ...
   */
  void add(long[] ranges, long[][] codes, int count, long base, int @Nullable [] rowNumbers) {
    long[] times = codes[0];
    int shift = partitions.shift();
    int boundCount = width - Slots.BOUNDS;
    for (int i = 0; i < count; i++) {
      long range = ranges[i];
      if (range == 0) {
        continue;
      }
      int partition = (int) range >>> shift;
      int used = fill[partition];
      int at = partition * stride + used;
      rows[at + Slots.RANGE] = range;
      rows[at + Slots.TIME] = times[i];
      rows[at + Slots.ADDRESS] = base + (rowNumbers == null ? i : rowNumbers[i]);
      for (int b = 0; b < boundCount; b++) {
        rows[at + Slots.BOUNDS + b] = codes[b + 1][i];
      }
      used += width;
      fill[partition] = used;
      if (used == runLongs) {
        offer(partition);
      }
    }
  }

  /** Offers the partition's rows, or keeps them where another task holds the partition. */
  private void offer(int partition) {
    while (!tryOffer(partition)) {
      if (keptLongs[partition] < KEPT_RUNS * runLongs) {
        keep(partition);
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
      long[] earlier = kept[partition];
      if (earlier != null) {
        slots.offer(earlier, 0, keptLongs[partition] / width);
        keptLongs[partition] = 0;
      }
      slots.offer(rows, partition * stride, fill[partition] / width);
      fill[partition] = 0;
    } finally {
      partitions.release(partition);
    }
    return true;
  }

  private void keep(int partition) {
    long[] target = kept[partition];
    int used = keptLongs[partition];
    int more = fill[partition];
    if (target == null) {
      target = new long[runLongs];
    } else if (target.length < used + more) {
      target = Arrays.copyOf(target, 2 * target.length);
    }
    System.arraycopy(rows, partition * stride, target, used, more);
    kept[partition] = target;
    keptLongs[partition] = used + more;
    fill[partition] = 0;
  }

  /**
   * Offers all rows that are left.
   *
   * @return whether some had to be kept: to be called again
   */
  boolean flush() {
    boolean left = false;
    for (int partition = 0; partition < fill.length; partition++) {
      if (fill[partition] + keptLongs[partition] > 0 && !tryOffer(partition)) {
        left = true;
      }
    }
    if (!left) {
      rows = new long[0];
    }
    return left;
  }
}
