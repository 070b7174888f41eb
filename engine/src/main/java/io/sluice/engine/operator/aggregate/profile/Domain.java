package io.sluice.engine.operator.aggregate.profile;

/**
 * How values that are kept as longs of the same order are put into buckets. At level 0 each value
 * is its own bucket; a bucket of the next level is two of the one before, or one alone.
 */
public enum Domain {
  /** Integers and decimals' integers; a bucket is at most 1/256 of its values wide. */
  INTEGER(54),
  /** Instants, dates and intervals; all buckets are equally wide. */
  TIME(62),
  /** Doubles in the order of {@link #ordered}; a bucket is at most 1/256 of its values wide. */
  FLOATING(44);

  private static final int LAST_BIT = 62;

  private final int coarsest;

  Domain(int coarsest) {
    this.coarsest = coarsest;
  }

  /** A double that is not NaN as a long of the same order; -0.0 is 0.0. */
  public static long ordered(double value) {
    return flip(Double.doubleToRawLongBits(value + 0.0));
  }

  /** What {@link #ordered} was made of. */
  public static double floating(long ordered) {
    return Double.longBitsToDouble(flip(ordered));
  }

  private static long flip(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }

  /** The last level. */
  int coarsest() {
    return coarsest;
  }

  /** The least value of the bucket of a value. */
  long low(long value, int level) {
    return value & ~rest(value, level);
  }

  /** The greatest value of a bucket. */
  long high(long low, int level) {
    return low | rest(low, level);
  }

  /** The low bits that tell values of the same bucket apart. */
  private long rest(long value, int level) {
    if (this != INTEGER) {
      return (1L << level) - 1;
    }
    // a value's upper bits count, from the first that differs from its sign
    long magnitude = value ^ (value >> 63);
    int first = 63 - Long.numberOfLeadingZeros(magnitude | 1);
    return (1L << Math.max(0, level - LAST_BIT + first)) - 1;
  }

  /** The value as a number; a time's is its integer. */
  double number(long value) {
    return this == FLOATING ? floating(value) : value;
  }

  /** The value at a fraction of the way from one to another, both of a bucket. */
  long between(long low, long high, double fraction) {
    if (this != FLOATING) {
      return low + (long) ((high - low) * fraction);
    }
    double from = floating(low);
    double to = floating(high);
    return Double.isFinite(from) && Double.isFinite(to)
        ? Math.clamp(ordered(from + (to - from) * fraction), low, high)
        : low;
  }
}
