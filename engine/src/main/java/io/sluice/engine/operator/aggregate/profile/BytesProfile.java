package io.sluice.engine.operator.aggregate.profile;

import io.sluice.engine.memory.MemoryReservation;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** A profile of values that are strings of bytes, ordered by them. */
public final class BytesProfile implements Profile {
  private final MemoryReservation memory;
  private final boolean hasOrder;
  private byte @Nullable [] least;
  private byte @Nullable [] greatest;

  /** The first 8 bytes of {@link #least} and {@link #greatest} as unsigned numbers. */
  private long leastHead;

  private long greatestHead;

  /** Until there are too many different values. */
  private @Nullable BytesCounts exact;

  private @Nullable DistinctSketch distinct;

  /** Of numbers in this form, added beside. */
  private @Nullable BucketCounts numbers;

  /**
   * Takes its memory from a reservation that others may share.
   *
   * @param hasOrder whether there is a least and a greatest value
   */
  public BytesProfile(boolean hasOrder, MemoryReservation memory) {
    this.hasOrder = hasOrder;
    this.memory = memory;
    this.exact = new BytesCounts(memory);
  }

  /** A profile of the same kind without values. */
  public BytesProfile empty(MemoryReservation of) {
    return new BytesProfile(hasOrder, of);
  }

  /** Adds a value that came {@code times} times, at least once. */
  public void add(ArrowBuf bytes, long start, int length, long times) {
    long hash = DistinctSketch.hash(bytes, start, length);
    if (exact != null) {
      if (exact.add(bytes, start, length, hash, times)) {
        return;
      }
      giveUpExact();
    }
    Objects.requireNonNull(distinct).add(hash);
    if (hasOrder) {
      bound(bytes, start, length);
    }
  }

  /** Adds what a value is as a number. */
  public void addNumber(double value, long times) {
    numbers().addCoarse(Domain.ordered(value), times);
  }

  private BucketCounts numbers() {
    BucketCounts made = numbers;
    if (made == null) {
      made = new BucketCounts(Domain.FLOATING, memory);
      numbers = made;
    }
    return made;
  }

  private void giveUpExact() {
    BytesCounts counted = Objects.requireNonNull(exact);
    exact = null;
    DistinctSketch sketch = new DistinctSketch(memory);
    distinct = sketch;
    for (int value = 0; value < counted.size(); value++) {
      sketch.add(counted.hash(value));
      if (hasOrder) {
        int start = counted.start(value);
        bound(Arrays.copyOfRange(counted.bytes(), start, start + counted.length(value)));
      }
    }
    counted.release();
  }

  private void bound(ArrowBuf bytes, long start, int length) {
    long head = head(bytes, start, length);
    boolean below = least == null || Long.compareUnsigned(head, leastHead) <= 0;
    boolean above = greatest == null || Long.compareUnsigned(head, greatestHead) >= 0;
    if (below || above) {
      byte[] copy = new byte[length];
      bytes.getBytes(start, copy);
      bound(copy);
    }
  }

  private void bound(byte[] value) {
    if (least == null || Arrays.compareUnsigned(value, least) < 0) {
      memory.resize(memory.bytes() + value.length - (least == null ? 0 : least.length));
      least = value;
      leastHead = head(value);
    }
    if (greatest == null || Arrays.compareUnsigned(value, greatest) > 0) {
      memory.resize(memory.bytes() + value.length - (greatest == null ? 0 : greatest.length));
      greatest = value;
      greatestHead = head(value);
    }
  }

  /** Zero bytes stand for what is missing. */
  private static long head(ArrowBuf bytes, long start, int length) {
    if (length >= Long.BYTES) {
      return Long.reverseBytes(bytes.getLong(start));
    }
    long head = 0;
    for (int i = 0; i < length; i++) {
      head |= (bytes.getByte(start + i) & 0xffL) << (56 - 8 * i);
    }
    return head;
  }

  private static long head(byte[] bytes) {
    long head = 0;
    for (int i = 0; i < Math.min(bytes.length, Long.BYTES); i++) {
      head |= (bytes[i] & 0xffL) << (56 - 8 * i);
    }
    return head;
  }

  @Override
  public void merge(Profile other) {
    BytesProfile that = (BytesProfile) other;
    if (that.numbers != null) {
      numbers().merge(that.numbers);
    }
    BytesCounts theirs = that.exact;
    if (theirs != null) {
      for (int value = 0; value < theirs.size(); value++) {
        mergeValue(theirs, value);
      }
      return;
    }
    if (exact != null) {
      giveUpExact();
    }
    Objects.requireNonNull(distinct).merge(Objects.requireNonNull(that.distinct));
    if (that.least != null && that.greatest != null) {
      bound(that.least);
      bound(that.greatest);
    }
  }

  private void mergeValue(BytesCounts theirs, int value) {
    if (exact != null) {
      if (exact.add(theirs, value)) {
        return;
      }
      giveUpExact();
    }
    Objects.requireNonNull(distinct).add(theirs.hash(value));
    if (hasOrder) {
      int start = theirs.start(value);
      bound(Arrays.copyOfRange(theirs.bytes(), start, start + theirs.length(value)));
    }
  }

  @Override
  public void describe(ProfileJson json) {
    BytesCounts counted = exact;
    int[] order = counted == null ? new int[0] : sorted(counted);
    if (counted == null) {
      json.distinct(Objects.requireNonNull(distinct).estimate(), false);
    } else {
      json.distinct(counted.size(), true);
    }
    if (hasOrder) {
      if (counted != null && counted.size() > 0) {
        least = value(counted, order[0]);
        greatest = value(counted, order[order.length - 1]);
      }
      json.extremes(
          least == null ? null : json.cell(least), greatest == null ? null : json.cell(greatest));
    }
    json.moments(null);
    Distribution distribution =
        numbers == null ? new Distribution(Domain.FLOATING) : numbers.distribution();
    if (numbers != null && least != null && greatest != null) {
      distribution.bound(Domain.ordered(json.number(least)), Domain.ordered(json.number(greatest)));
    }
    json.distribution(distribution, counted != null);
    if (counted == null) {
      json.top(null, i -> "");
    } else if (hasOrder) {
      long[] times = IntStream.of(order).mapToLong(counted::times).toArray();
      json.top(times, i -> json.cell(value(counted, order[i])));
    }
  }

  private static byte[] value(BytesCounts counts, int value) {
    int start = counts.start(value);
    return Arrays.copyOfRange(counts.bytes(), start, start + counts.length(value));
  }

  private static int[] sorted(BytesCounts counts) {
    byte[] bytes = counts.bytes();
    return IntStream.range(0, counts.size())
        .boxed()
        .sorted(
            (a, b) ->
                Arrays.compareUnsigned(
                    bytes,
                    counts.start(a),
                    counts.start(a) + counts.length(a),
                    bytes,
                    counts.start(b),
                    counts.start(b) + counts.length(b)))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
