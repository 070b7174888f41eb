package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * All values of each group, as longs of the same order, 12 bytes each. The middle ones are found by
 * counting digits, so that the values' order neither shows nor costs.
 */
final class MedianValues implements Accumulator {
  private static final int FEW = 64;
  private static final int DIGIT_BITS = 8;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final int argument;
  private final BufferAllocator allocator;
  private GrowingBuffer values;

  /** The group of each value; of no account while values lie by groups. */
  private final GrowingBuffer groupOf;

  private long size;
  private int groups;

  /** Where each group's values start, and at last where the last one's end; once they are so. */
  private final GrowingBuffer starts;

  /** How many groups the values lie by, or -1 while they lie as they came. */
  private int grouped = -1;

  MedianValues(int argument, BufferAllocator allocator) {
    this.argument = argument;
    this.allocator = allocator;
    this.values = new GrowingBuffer(allocator);
    this.groupOf = new GrowingBuffer(allocator);
    this.starts = new GrowingBuffer(allocator);
  }

  @Override
  public void resize(int groupCount) {
    groups = groupCount;
  }

  @Override
  public void update(SlotValues input) {
    ArgumentValues argumentValues = input.argument(argument);
    int count = input.count();
    ArrowBuf to = reserve(count);
    ArrowBuf of = groupOf.buffer();
    int[] inputGroups = input.groups();
    switch (argumentValues.form()) {
      case LONG -> append(argumentValues.longs(), to, count);
      case DOUBLE -> append(argumentValues.doubles(), to, count);
      case DECIMAL -> {
        if (isWide(argumentValues)) {
          append(argumentValues.doubles(), to, count);
        } else {
          append(argumentValues.longs(), to, count);
        }
      }
      case BYTES -> throw new AssertionError(argumentValues.type());
    }
    for (int i = 0; i < count; i++) {
      of.setInt((size + i) << 2, inputGroups[i]);
    }
    size += count;
  }

  private static boolean isWide(ArgumentValues values) {
    return !ColumnProfiles.isWord(values.type());
  }

  /** Room for more values, which come after {@link #size}. */
  private ArrowBuf reserve(long count) {
    groupOf.ensure((size + count) << 2);
    return values.ensure((size + count) << 3);
  }

  private void append(long[] from, ArrowBuf to, int count) {
    for (int i = 0; i < count; i++) {
      to.setLong((size + i) << 3, from[i]);
    }
  }

  private void append(double[] from, ArrowBuf to, int count) {
    for (int i = 0; i < count; i++) {
      to.setLong((size + i) << 3, OrderedLongs.of(from[i]));
    }
  }

  /** Puts the values of each group together. */
  @Override
  public void settle() {
    ArrowBuf bounds = starts.ensure((groups + 1L) << 3);
    bounds.setZero(0, bounds.capacity());
    ArrowBuf of = groupOf.buffer();
    for (long i = 0; i < size; i++) {
      long at = (of.getInt(i << 2) + 1L) << 3;
      bounds.setLong(at, bounds.getLong(at) + 1);
    }
    for (int group = 0; group < groups; group++) {
      long at = (long) group << 3;
      bounds.setLong(at + 8, bounds.getLong(at + 8) + bounds.getLong(at));
    }
    if (groups > 1) {
      GrowingBuffer ordered = new GrowingBuffer(allocator);
      try {
        ArrowBuf to = ordered.ensure(size << 3);
        ArrowBuf from = values.buffer();
        // each start moves to the group's end, which is the next one's start
        for (long i = 0; i < size; i++) {
          long at = (long) of.getInt(i << 2) << 3;
          long place = bounds.getLong(at);
          bounds.setLong(at, place + 1);
          to.setLong(place << 3, from.getLong(i << 3));
        }
      } catch (RuntimeException | Error failure) {
        ordered.close();
        throw failure;
      }
      for (int group = groups; group > 0; group--) {
        bounds.setLong((long) group << 3, bounds.getLong((group - 1L) << 3));
      }
      bounds.setLong(0, 0);
      values.close();
      values = ordered;
    }
    grouped = groups;
  }

  private long start(int group) {
    return starts.buffer().getLong((long) group << 3);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    MedianValues that = (MedianValues) other;
    assert that.grouped >= 0;
    scatter();
    for (int i = 0; i < count; i++) {
      long start = that.start(from[i]);
      long more = that.start(from[i] + 1) - start;
      if (more > 0) {
        ArrowBuf target = reserve(more);
        target.setBytes(size << 3, that.values.buffer(), start << 3, more << 3);
        for (long j = 0; j < more; j++) {
          groupOf.buffer().setInt((size + j) << 2, to[i]);
        }
        size += more;
      }
    }
  }

  /** Notes the groups of values that lie by groups, so that others may follow. */
  private void scatter() {
    ArrowBuf of = groupOf.buffer();
    for (int group = 0; group < grouped; group++) {
      for (long i = start(group); i < start(group + 1); i++) {
        of.setInt(i << 2, group);
      }
    }
    grouped = -1;
  }

  @Override
  public void finish() {
    if (grouped != groups) {
      scatter();
      settle();
    }
  }

  /** How many values the group has. */
  long count(int group) {
    return start(group + 1) - start(group);
  }

  /** Sets the two middle values, equal where there is one; the group has values. */
  void middle(int group, long[] pair) {
    long start = start(group);
    long count = count(group);
    long rank = (count - 1) / 2;
    if (count <= FEW) {
      long[] few = new long[(int) count];
      for (int i = 0; i < few.length; i++) {
        few[i] = values.buffer().getLong((start + i) << 3);
      }
      Arrays.sort(few);
      pair[0] = few[(int) rank];
      pair[1] = few[(int) (count / 2)];
      return;
    }
    select(values.buffer(), start, count, rank, pair);
    if (count % 2 == 1) {
      pair[1] = pair[0];
    }
  }

  /** Sets the value of a rank and the one that follows it. */
  private static void select(ArrowBuf from, long start, long count, long rank, long[] pair) {
    long[] counts = new long[DIGITS];
    long prefix = 0;
    long left = rank;
    long equal = count;
    for (int shift = 64 - DIGIT_BITS; shift >= 0; shift -= DIGIT_BITS) {
      Arrays.fill(counts, 0);
      long known = shift == 64 - DIGIT_BITS ? 0 : -1L << (shift + DIGIT_BITS);
      for (long i = start; i < start + count; i++) {
        long value = from.getLong(i << 3) ^ Long.MIN_VALUE;
        if ((value & known) == prefix) {
          counts[(int) (value >>> shift) & (DIGITS - 1)]++;
        }
      }
      int digit = 0;
      while (left >= counts[digit]) {
        left -= counts[digit++];
      }
      prefix |= (long) digit << shift;
      equal = counts[digit];
    }
    pair[0] = prefix ^ Long.MIN_VALUE;
    pair[1] = pair[0];
    if (left + 1 == equal) {
      pair[1] = Long.MAX_VALUE;
      for (long i = start; i < start + count; i++) {
        long value = from.getLong(i << 3);
        if (value > pair[0] && value < pair[1]) {
          pair[1] = value;
        }
      }
    }
  }

  @Override
  public void close() {
    values.close();
    groupOf.close();
    starts.close();
  }
}
