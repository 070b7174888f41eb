package io.sluice.engine.operator.aggregate;

import java.math.BigInteger;

/**
 * An integer of base-2<sup>32</sup> digits times a power of two: what an exact sum comes out as.
 * One is reused from group to group.
 */
final class ExactValue {
  private static final long DIGIT = 0xFFFFFFFFL;

  private final long[] digits;
  private int length;
  private int exponent;
  private boolean negative;

  /** Holds sums of at most {@code chunks} chunks. */
  ExactValue(int chunks) {
    this.digits = new long[chunks + 2];
  }

  /** Chunk {@code i}, of any size and sign, to be followed by {@link #settle}. */
  void chunk(int i, long value) {
    digits[i] = value;
  }

  /**
   * Carries between chunks, so that sign and digits come out.
   *
   * @param chunks how many were set
   * @param exponentOfFirst of two, of chunk 0
   */
  void settle(int chunks, int exponentOfFirst) {
    exponent = exponentOfFirst;
    long carry = 0;
    for (int i = 0; i < chunks; i++) {
      // the chunk may be close to either end of its range
      long low = (digits[i] & DIGIT) + carry;
      carry = (digits[i] >> 32) + (low >> 32);
      digits[i] = low & DIGIT;
    }
    digits[chunks] = carry & DIGIT;
    digits[chunks + 1] = (carry >> 32) & DIGIT;
    length = chunks + 2;
    negative = carry < 0;
    if (negative) {
      long one = 1;
      for (int i = 0; i < length; i++) {
        long digit = (~digits[i] & DIGIT) + one;
        digits[i] = digit & DIGIT;
        one = digit >>> 32;
      }
    }
    while (length > 0 && digits[length - 1] == 0) {
      length--;
    }
  }

  boolean isZero() {
    return length == 0;
  }

  /** Whether no rounding is needed for {@link #toDouble}. */
  boolean isExactDouble() {
    if (length == 0) {
      return true;
    }
    int first = 0;
    while (digits[first] == 0) {
      first++;
    }
    int bits = 32 * length - Integer.numberOfLeadingZeros((int) digits[length - 1]);
    int zeros = 32 * first + Long.numberOfTrailingZeros(digits[first]);
    return bits - zeros <= 53 && exponent + bits <= 1024;
  }

  /** The exact value divided by 2 to the {@link #exponent}. */
  BigInteger integer() {
    byte[] bytes = new byte[length * 4];
    for (int i = 0; i < length; i++) {
      int digit = (int) digits[length - 1 - i];
      bytes[4 * i] = (byte) (digit >>> 24);
      bytes[4 * i + 1] = (byte) (digit >>> 16);
      bytes[4 * i + 2] = (byte) (digit >>> 8);
      bytes[4 * i + 3] = (byte) digit;
    }
    BigInteger magnitude = new BigInteger(1, bytes);
    return negative ? magnitude.negate() : magnitude;
  }

  int exponent() {
    return exponent;
  }

  /** Rounded to the nearest double, ties to even; infinite where it is too large. */
  double toDouble() {
    return round(53, -1074);
  }

  /** Rounded to the nearest float, ties to even; infinite where it is too large. */
  float toFloat() {
    return (float) round(24, -149);
  }

  private double round(int precision, int least) {
    if (length == 0) {
      return 0.0;
    }
    int bits = 32 * length - Integer.numberOfLeadingZeros((int) digits[length - 1]);
    int last = Math.max(exponent + bits - precision, least);
    int drop = last - exponent;
    long kept;
    if (drop <= 0) {
      kept = bits(0, bits);
      last = exponent;
    } else {
      kept = drop >= bits ? 0 : bits(drop, bits - drop);
      boolean half = drop <= bits && bit(drop - 1);
      if (half && ((kept & 1) != 0 || anyBelow(drop - 1))) {
        kept++;
      }
    }
    double magnitude = Math.scalb((double) kept, last);
    return negative ? -magnitude : magnitude;
  }

  private boolean bit(int i) {
    return ((digits[i >> 5] >>> (i & 31)) & 1) != 0;
  }

  private boolean anyBelow(int end) {
    for (int i = 0; i < end >> 5; i++) {
      if (digits[i] != 0) {
        return true;
      }
    }
    return (end & 31) != 0 && (digits[end >> 5] & ((1L << (end & 31)) - 1)) != 0;
  }

  /** At most 54 bits from bit {@code from}. */
  private long bits(int from, int count) {
    int digit = from >> 5;
    int shift = from & 31;
    long value = digits[digit] >>> shift;
    if (digit + 1 < length) {
      value |= digits[digit + 1] << (32 - shift);
    }
    if (digit + 2 < length && shift > 0) {
      value |= digits[digit + 2] << (64 - shift);
    }
    return count >= 64 ? value : value & ((1L << count) - 1);
  }
}
