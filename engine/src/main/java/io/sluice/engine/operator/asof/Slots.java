package io.sluice.engine.operator.asof;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The distinct instants of every entity, ascending, and for each the best right row so far: a row
 * that is eligible for a slot is eligible for all later ones of its entity. An entity's slots are
 * given as a range {@code count << 32 | start}. Owns its memory.
 *
 * <p>The best rows are only written by one thread per slot at a time.
 */
final class Slots implements AutoCloseable {
  /** Where no row is eligible. */
  static final long NO_ROW = -1;

  /** Where the parts of an offered row lie. */
  static final int RANGE = 0;

  static final int TIME = 1;
  static final int ADDRESS = 2;
  static final int BOUNDS = 3;

  private static final int BEST_SHIFT = 4;

  private final ArrowBuf times;
  private final ArrowBuf[] bounds;
  private final ArrowBuf best;
  private final int capacity;
  private final boolean ownsTimes;
  private boolean closed;

  /**
   * @param capacity slots, of which gaps stay unused
   * @param boundCount lower bounds beside the deciding operand
   */
  Slots(int capacity, int boundCount, BufferAllocator allocator) {
    this.capacity = capacity;
    this.ownsTimes = true;
    ArrowBuf[] buffers = new ArrowBuf[boundCount + 2];
    int made = 0;
    try {
      for (; made < buffers.length; made++) {
        long width = made == 0 ? 1L << BEST_SHIFT : 8;
        buffers[made] = allocator.buffer(Math.max(1, capacity * width));
      }
    } catch (RuntimeException | Error failure) {
      for (int i = 0; i < made; i++) {
        buffers[i].close();
      }
      throw failure;
    }
    best = buffers[0];
    times = buffers[1];
    bounds = new ArrowBuf[boundCount];
    System.arraycopy(buffers, 2, bounds, 0, boundCount);
  }

  private Slots(Slots shared, BufferAllocator allocator) {
    this.capacity = shared.capacity;
    this.ownsTimes = false;
    this.times = shared.times;
    this.bounds = shared.bounds;
    this.best = allocator.buffer(Math.max(1, (long) capacity << BEST_SHIFT));
    for (int slot = 0; slot < capacity; slot++) {
      setBest(slot, Long.MIN_VALUE, NO_ROW);
    }
  }

  /** The same slots, not one of which has a row; to be closed before these. */
  Slots emptied(BufferAllocator allocator) {
    return new Slots(this, allocator);
  }

  int capacity() {
    return capacity;
  }

  static long range(int start, int count) {
    return ((long) count << 32) | start;
  }

  /** Sets a slot's codes and leaves it without a row. */
  void open(int slot, long time) {
    times.setLong((long) slot << 3, time);
    best.setLong((long) slot << BEST_SHIFT, Long.MIN_VALUE);
    best.setLong(((long) slot << BEST_SHIFT) + 8, NO_ROW);
  }

  void setBound(int bound, int slot, long code) {
    bounds[bound].setLong((long) slot << 3, code);
  }

  long time(int slot) {
    return times.getLong((long) slot << 3);
  }

  /** The code of the best row's instant; only where there is a row. */
  long bestTime(int slot) {
    return best.getLong((long) slot << BEST_SHIFT);
  }

  /** The address of the best row, or {@link #NO_ROW}. */
  long bestAddress(int slot) {
    return best.getLong(((long) slot << BEST_SHIFT) + 8);
  }

  /** Sets the best row whatever was there. */
  void setBest(int slot, long time, long address) {
    best.setLong((long) slot << BEST_SHIFT, time);
    best.setLong(((long) slot << BEST_SHIFT) + 8, address);
  }

  /**
   * Offers rows to their first eligible slots.
   *
   * @param rows range, time, address and bounds of every row, one row after the other
   */
  void offer(long[] rows, int from, int count) {
    int width = BOUNDS + bounds.length;
    ArrowBuf slotTimes = times;
    int end = from + count * width;
    for (int at = from; at < end; at += width) {
      long range = rows[at + RANGE];
      long time = rows[at + TIME];
      int slot = lowerBound(slotTimes, (int) range, (int) (range >>> 32), time);
      int last = (int) range + (int) (range >>> 32);
      for (int b = 0; b < bounds.length && slot < last; b++) {
        slot = lowerBound(bounds[b], slot, last - slot, rows[at + BOUNDS + b]);
      }
      if (slot < last) {
        offer(best, slot, time, rows[at + ADDRESS]);
      }
    }
  }

  private static void offer(ArrowBuf best, int slot, long time, long address) {
    long at = (long) slot << BEST_SHIFT;
    long current = best.getLong(at);
    if (time > current || (time == current && address > best.getLong(at + 8))) {
      best.setLong(at, time);
      best.setLong(at + 8, address);
    }
  }

  /** The first of {@code count} ascending codes that is not below {@code code}, or the end. */
  private static int lowerBound(ArrowBuf codes, int start, int count, long code) {
    int low = start;
    int length = count;
    while (length > 1) {
      int half = length >>> 1;
      low = codes.getLong((long) (low + half - 1) << 3) < code ? low + half : low;
      length -= half;
    }
    return length == 1 && codes.getLong((long) low << 3) < code ? low + 1 : low;
  }

  /**
   * Lets every slot of an entity know the best row of the slots before it.
   *
   * @param winners is told every row that is the best of a slot, once; or null
   */
  void carryForward(long range, @Nullable Winners winners) {
    int start = (int) range;
    int end = start + (int) (range >>> 32);
    if (end <= start) {
      return;
    }
    long time = bestTime(start);
    long address = bestAddress(start);
    mark(winners, address);
    for (int slot = start + 1; slot < end; slot++) {
      long own = bestTime(slot);
      long ownAddress = bestAddress(slot);
      if (own > time || (own == time && ownAddress > address)) {
        time = own;
        address = ownAddress;
        mark(winners, address);
      } else {
        setBest(slot, time, address);
      }
    }
  }

  private static void mark(@Nullable Winners winners, long address) {
    if (winners != null && address != NO_ROW) {
      winners.mark(address);
    }
  }

  /** Takes over the better rows of another state of the same slots. */
  void merge(Slots other) {
    for (int slot = 0; slot < capacity; slot++) {
      long address = other.bestAddress(slot);
      if (address != NO_ROW) {
        offer(best, slot, other.bestTime(slot), address);
      }
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      best.close();
      if (ownsTimes) {
        times.close();
        for (ArrowBuf bound : bounds) {
          bound.close();
        }
      }
    }
  }
}
