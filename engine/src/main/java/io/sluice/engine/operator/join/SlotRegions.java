package io.sluice.engine.operator.join;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The slots of a hash table, divided into one region per part, so that several threads fill them
 * without meeting. A hash's high bits choose its first slot; search wraps around within the region.
 */
final class SlotRegions {
  private static final int LEAST_LOG = 6;

  private final int slotsLog;
  private final int regionLog;
  private final long regionMask;

  /** Far enough apart that threads do not share cache lines. */
  private final long[] taken;

  private final AtomicBoolean overflow = new AtomicBoolean();

  /**
   * @param keys at most so many
   * @param parts a power of two
   */
  SlotRegions(long keys, int parts) {
    int partsLog = Integer.numberOfTrailingZeros(parts);
    int log = LEAST_LOG + partsLog;
    while (1L << log < keys + keys / 2) {
      log++;
    }
    slotsLog = log;
    regionLog = log - partsLog;
    regionMask = (1L << regionLog) - 1;
    taken = new long[parts * 8];
  }

  long slots() {
    return 1L << slotsLog;
  }

  long first(long hash) {
    return hash >>> (64 - slotsLog);
  }

  long after(long slot) {
    return (slot & ~regionMask) | ((slot + 1) & regionMask);
  }

  int part(long slot) {
    return (int) (slot >>> regionLog);
  }

  /** Counts a slot as taken; false where the region has no room left, which hashes make rare. */
  boolean take(int part) {
    if (++taken[part * 8] > regionMask - (regionMask >>> 3)) {
      overflow.set(true);
      return false;
    }
    return true;
  }

  boolean overflowed() {
    return overflow.get();
  }
}
