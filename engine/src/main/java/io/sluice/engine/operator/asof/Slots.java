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

  /** Of the best rows, where their order has columns: so many codes each. */
  private @Nullable ArrowBuf order;

  private int orderWidth;
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
    try {
      orderBy(shared.orderWidth, allocator);
    } catch (RuntimeException | Error failure) {
      best.close();
      throw failure;
    }
  }

  /** Rows of equal instants are compared by so many codes before their addresses. */
  void orderBy(int width, BufferAllocator allocator) {
    if (width > 0 && order == null) {
      long codes = (long) capacity * width;
      ArrowBuf buffer = allocator.buffer(Math.max(1, codes << 3));
      for (long at = 0; at < codes; at++) {
        buffer.setLong(at << 3, RowOrder.NONE);
      }
      order = buffer;
      orderWidth = width;
    }
  }

  /** Longs of an offered row. */
  int rowWidth() {
    return BOUNDS + bounds.length + orderWidth;
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

  /** What a task needs to offer rows: where their searches stand. */
  static final class Scratch {
    private final int[] low;
    private final int[] length;

    Scratch(int rows) {
      low = new int[rows];
      length = new int[rows];
    }
  }

  /**
   * Offers rows to their first eligible slots. Rows are searched for side by side, level by level,
   * so that their cache misses overlap instead of following each other.
   *
   * @param rows range (of at least one slot), time, address, bounds and order of every row, one row
   *     after the other
   */
  void offer(long[] rows, int from, int count, Scratch scratch) {
    int width = rowWidth();
    int limit = scratch.low.length;
    for (int done = 0; done < count; done += limit) {
      offerSome(rows, from + done * width, Math.min(limit, count - done), scratch);
    }
  }

  private void offerSome(long[] rows, int from, int count, Scratch scratch) {
    int width = rowWidth();
    int[] low = scratch.low;
    int[] length = scratch.length;
    int longest = 0;
    for (int i = 0; i < count; i++) {
      long range = rows[from + i * width + RANGE];
      low[i] = (int) range;
      length[i] = (int) (range >>> 32);
      longest = Math.max(longest, length[i]);
    }
    lowerBounds(times, rows, from + TIME, width, count, scratch, longest);
    for (int b = 0; b < bounds.length; b++) {
      for (int i = 0; i < count; i++) {
        long range = rows[from + i * width + RANGE];
        int end = (int) range + (int) (range >>> 32);
        // a search that has ended behind the last slot goes on before it; see accepts
        low[i] = Math.min(low[i], end - 1);
        length[i] = end - low[i];
      }
      lowerBounds(bounds[b], rows, from + BOUNDS + b, width, count, scratch, longest);
    }
    update(rows, from, width, count, low, length);
  }

  /** Moves every row to the first of its slots whose code is not below its own, or to the end. */
  private static void lowerBounds(
      ArrowBuf codes, long[] rows, int codeAt, int width, int count, Scratch scratch, int longest) {
    int[] low = scratch.low;
    int[] length = scratch.length;
    for (int left = longest; left > 1; left -= left >>> 1) {
      for (int i = 0; i < count; i++) {
        int half = length[i] >>> 1;
        int middle = low[i] + half;
        // where no half is left the slot itself is read, to no effect
        long code = codes.getLong((long) (middle - 1 + ((half - 1) >>> 31)) << 3);
        low[i] = code < rows[codeAt + i * width] ? middle : low[i];
        length[i] -= half;
      }
    }
    for (int i = 0; i < count; i++) {
      long code = codes.getLong((long) low[i] << 3);
      low[i] += code < rows[codeAt + i * width] ? 1 : 0;
    }
  }

  private void update(long[] rows, int from, int width, int count, int[] slots, int[] eligible) {
    ArrowBuf target = best;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int at = from + i * width;
      long range = rows[at + RANGE];
      int end = (int) range + (int) (range >>> 32);
      int slot = Math.min(slots[i], end - 1);
      // reads what most rows only compare with, before the branches of the next loop
      long current = target.getLong((long) slot << BEST_SHIFT);
      eligible[kept] = i;
      kept += slots[i] < end && rows[at + TIME] >= current ? 1 : 0;
    }
    for (int k = 0; k < kept; k++) {
      int i = eligible[k];
      int at = from + i * width;
      if (bounds.length > 0 && !accepts(slots[i], rows, at)) {
        continue;
      }
      if (order != null) {
        offerInOrder(order, slots[i], rows, at);
      } else {
        offer(target, slots[i], rows[at + TIME], rows[at + ADDRESS]);
      }
    }
  }

  /** Whether a row is eligible for the slot at which all searches have ended. */
  private boolean accepts(int slot, long[] rows, int at) {
    boolean accepted = time(slot) >= rows[at + TIME];
    for (int b = 0; b < bounds.length; b++) {
      accepted &= bounds[b].getLong((long) slot << 3) >= rows[at + BOUNDS + b];
    }
    return accepted;
  }

  private static void offer(ArrowBuf best, int slot, long time, long address) {
    long at = (long) slot << BEST_SHIFT;
    long current = best.getLong(at);
    if (time > current || (time == current && address > best.getLong(at + 8))) {
      best.setLong(at, time);
      best.setLong(at + 8, address);
    }
  }

  private void offerInOrder(ArrowBuf codes, int slot, long[] rows, int at) {
    long time = rows[at + TIME];
    long address = rows[at + ADDRESS];
    int first = at + BOUNDS + bounds.length;
    long own = ((long) slot * orderWidth) << 3;
    int compared = Long.compare(time, bestTime(slot));
    for (int c = 0; c < orderWidth && compared == 0; c++) {
      compared = Long.compare(rows[first + c], codes.getLong(own + (c << 3)));
    }
    if (compared > 0 || (compared == 0 && address > bestAddress(slot))) {
      setBest(slot, time, address);
      for (int c = 0; c < orderWidth; c++) {
        codes.setLong(own + (c << 3), rows[first + c]);
      }
    }
  }

  /** Whether a slot's row goes before another's, of these slots or of others like them. */
  private boolean beats(int slot, Slots others, int other) {
    int compared = Long.compare(bestTime(slot), others.bestTime(other));
    if (order != null && others.order != null) {
      long own = ((long) slot * orderWidth) << 3;
      long theirs = ((long) other * orderWidth) << 3;
      for (int c = 0; c < orderWidth && compared == 0; c++) {
        compared =
            Long.compare(order.getLong(own + (c << 3)), others.order.getLong(theirs + (c << 3)));
      }
    }
    return compared > 0 || (compared == 0 && bestAddress(slot) > others.bestAddress(other));
  }

  private void take(int slot, Slots others, int other) {
    setBest(slot, others.bestTime(other), others.bestAddress(other));
    if (order != null && others.order != null) {
      long width = (long) orderWidth << 3;
      order.setBytes(slot * width, others.order, other * width, width);
    }
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
    mark(winners, bestAddress(start));
    if (order != null) {
      carryInOrder(start, end, winners);
      return;
    }
    long time = bestTime(start);
    long address = bestAddress(start);
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

  private void carryInOrder(int start, int end, @Nullable Winners winners) {
    for (int slot = start + 1; slot < end; slot++) {
      if (beats(slot, this, slot - 1)) {
        mark(winners, bestAddress(slot));
      } else {
        take(slot, this, slot - 1);
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
      if (other.bestAddress(slot) != NO_ROW && other.beats(slot, this, slot)) {
        take(slot, other, slot);
      }
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      best.close();
      if (order != null) {
        order.close();
      }
      if (ownsTimes) {
        times.close();
        for (ArrowBuf bound : bounds) {
          bound.close();
        }
      }
    }
  }
}
