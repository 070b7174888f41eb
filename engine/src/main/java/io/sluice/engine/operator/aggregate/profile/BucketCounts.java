package io.sluice.engine.operator.aggregate.profile;

import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.hash.Hashes;
import java.util.Arrays;

/**
 * How many values are in each bucket of a {@link Domain}, at the finest level at which there are at
 * most {@link Profile#EXACT_VALUES} buckets with values; at the coarsest level there may be more.
 * Which level that is depends on the set of values alone, since a part of them never needs a
 * coarser one: a sketch that collapses uniformly, as in Epicoco et al., "UDDSketch", IEEE Access
 * 2020, with powers of two in place of logarithms.
 */
final class BucketCounts {
  private static final int SMALLEST = 16;

  private final Domain domain;
  private final MemoryReservation memory;
  private int level;

  /** Each bucket's least value. */
  private long[] lows;

  /** 0 where there is no bucket. */
  private long[] times;

  private int size;

  BucketCounts(Domain domain, MemoryReservation memory) {
    this.domain = domain;
    this.memory = memory;
    memory.add(bytes(SMALLEST));
    this.lows = new long[SMALLEST];
    this.times = new long[SMALLEST];
  }

  private static long bytes(int capacity) {
    return 2L * Long.BYTES * capacity;
  }

  /** Whether each value is its own bucket. */
  boolean isExact() {
    return level == 0;
  }

  int size() {
    return size;
  }

  /**
   * Adds a value.
   *
   * @return false, and nothing is added, if buckets must be made coarser first
   */
  boolean add(long value, long more) {
    long low = domain.low(value, level);
    int mask = lows.length - 1;
    int at = (int) (Hashes.word(low) >>> 32) & mask;
    while (times[at] != 0) {
      if (lows[at] == low) {
        times[at] += more;
        return true;
      }
      at = (at + 1) & mask;
    }
    if (size >= Profile.EXACT_VALUES && level < domain.coarsest()) {
      return false;
    }
    lows[at] = low;
    times[at] = more;
    if (++size > lows.length / 2) {
      rebuild(2 * lows.length);
    }
    return true;
  }

  /** Goes to the next level. */
  void coarsen() {
    level++;
    rebuild(lows.length);
  }

  private void rebuild(int capacity) {
    memory.add(bytes(capacity));
    long[] oldLows = lows;
    long[] oldTimes = times;
    lows = new long[capacity];
    times = new long[capacity];
    size = 0;
    int mask = capacity - 1;
    for (int i = 0; i < oldTimes.length; i++) {
      if (oldTimes[i] == 0) {
        continue;
      }
      long low = domain.low(oldLows[i], level);
      int at = (int) (Hashes.word(low) >>> 32) & mask;
      while (times[at] != 0 && lows[at] != low) {
        at = (at + 1) & mask;
      }
      size += times[at] == 0 ? 1 : 0;
      lows[at] = low;
      times[at] += oldTimes[i];
    }
    memory.resize(memory.bytes() - bytes(oldTimes.length));
  }

  /** Takes in other counts where these are not exact any more. */
  void merge(BucketCounts other) {
    while (level < other.level) {
      coarsen();
    }
    other.forEach(this::addCoarse);
  }

  /** Adds a value, at a coarser level if need be. */
  void addCoarse(long value, long more) {
    while (!add(value, more)) {
      coarsen();
    }
  }

  /** Takes a bucket's least value and the number of its values. */
  @FunctionalInterface
  interface Visitor {
    void visit(long low, long times);
  }

  /** In no order. */
  void forEach(Visitor visitor) {
    for (int i = 0; i < times.length; i++) {
      if (times[i] != 0) {
        visitor.visit(lows[i], times[i]);
      }
    }
  }

  /** All buckets in order. */
  Distribution distribution() {
    long[] ordered = new long[size];
    int[] next = {0};
    forEach((low, ignored) -> ordered[next[0]++] = low);
    Arrays.sort(ordered);
    Distribution distribution = new Distribution(domain);
    for (long low : ordered) {
      distribution.add(low, domain.high(low, level), times(low));
    }
    return distribution;
  }

  private long times(long low) {
    int mask = lows.length - 1;
    int at = (int) (Hashes.word(low) >>> 32) & mask;
    while (lows[at] != low || times[at] == 0) {
      at = (at + 1) & mask;
    }
    return times[at];
  }
}
