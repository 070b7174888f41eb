package io.sluice.engine.operator.aggregate.profile;

import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.aggregate.Ratio;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A profile of values that are longs, or doubles as {@link Domain#ordered} longs without NaN. */
public final class WordProfile implements Profile {
  private final Domain domain;
  private final MemoryReservation memory;
  private long count;
  private long least = Long.MAX_VALUE;
  private long greatest = Long.MIN_VALUE;

  /** Of integers and times; sums of doubles are not kept here. */
  private final IntegerMoments moments = new IntegerMoments();

  private final BucketCounts buckets;

  /** Once buckets hold several values. */
  private @Nullable DistinctSketch distinct;

  /** Takes its memory from a reservation that others may share. */
  public WordProfile(Domain domain, MemoryReservation memory) {
    this.domain = domain;
    this.memory = memory;
    this.buckets = new BucketCounts(domain, memory);
  }

  /** A profile of the same kind without values. */
  public WordProfile empty(MemoryReservation of) {
    return new WordProfile(domain, of);
  }

  /** Adds a value that came {@code times} times, at least once. */
  public void add(long value, long times) {
    count += times;
    if (domain != Domain.FLOATING) {
      if (times == 1) {
        moments.add(value);
      } else {
        moments.add(value, times);
      }
    }
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    count(value, times);
  }

  private void count(long value, long times) {
    if (distinct != null) {
      distinct.add(DistinctSketch.hash(value));
      buckets.addCoarse(value, times);
    } else if (!buckets.add(value, times)) {
      sketch().add(DistinctSketch.hash(value));
      buckets.addCoarse(value, times);
    }
  }

  /** The sketch of different values, made of those that were counted one by one. */
  private DistinctSketch sketch() {
    DistinctSketch made = distinct;
    if (made == null) {
      DistinctSketch all = new DistinctSketch(memory);
      buckets.forEach((value, ignored) -> all.add(DistinctSketch.hash(value)));
      made = all;
      distinct = all;
    }
    return made;
  }

  @Override
  public void merge(Profile other) {
    WordProfile that = (WordProfile) other;
    count += that.count;
    least = Math.min(least, that.least);
    greatest = Math.max(greatest, that.greatest);
    moments.merge(that.moments);
    if (that.distinct == null) {
      that.buckets.forEach(this::count);
    } else {
      sketch().merge(that.distinct);
      buckets.merge(that.buckets);
    }
  }

  @Override
  public void describe(ProfileJson json) {
    boolean isExact = distinct == null;
    json.distinct(distinct == null ? buckets.size() : distinct.estimate(), isExact);
    if (count == 0) {
      json.extremes(null, null);
    } else {
      json.extremes(json.cell(domain, least), json.cell(domain, greatest));
    }
    json.moments(domain == Domain.FLOATING ? null : this);
    Distribution distribution = buckets.distribution();
    distribution.bound(least, greatest);
    json.distribution(distribution, isExact);
    json.top(isExact ? distribution.counts() : null, i -> json.cell(domain, distribution.low(i)));
  }

  /** The mean of integers in units of 10^-scale, rounded once; there is at least one. */
  double mean(int scale) {
    BigInteger divisor = BigInteger.TEN.pow(scale).multiply(BigInteger.valueOf(count));
    return Ratio.of(moments.sum(), divisor, 0);
  }

  /** The mean of integers, rounded down. */
  long meanInteger() {
    BigInteger[] parts = moments.sum().divideAndRemainder(BigInteger.valueOf(count));
    return parts[0].longValueExact() - (parts[1].signum() < 0 ? 1 : 0);
  }

  /** The population's standard deviation. */
  double deviation(int scale) {
    BigInteger n = BigInteger.valueOf(count);
    BigInteger spread = n.multiply(moments.squares()).subtract(moments.sum().pow(2));
    BigInteger divisor = n.pow(2).multiply(BigInteger.TEN.pow(2 * scale));
    return Math.sqrt(Ratio.of(spread, divisor, 0));
  }

  long count() {
    return count;
  }
}
