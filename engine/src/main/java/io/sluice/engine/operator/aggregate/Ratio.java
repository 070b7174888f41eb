package io.sluice.engine.operator.aggregate;

import java.math.BigInteger;

/** Quotients of exact integers, rounded once. */
public final class Ratio {
  private static final int PRECISION = 53;
  private static final int LEAST_EXPONENT = -1074;
  private static final long EXACT = 1L << PRECISION;

  private Ratio() {}

  /** {@code numerator / denominator}, to the nearest double. The denominator is positive. */
  static double of(long numerator, long denominator) {
    if (numerator > -EXACT && numerator < EXACT && denominator < EXACT) {
      return (double) numerator / (double) denominator;
    }
    return of(BigInteger.valueOf(numerator), BigInteger.valueOf(denominator), 0);
  }

  /**
   * {@code numerator / denominator} times two to the {@code exponent}, to the nearest double, ties
   * to even. The denominator is positive.
   */
  public static double of(BigInteger numerator, BigInteger denominator, int exponent) {
    if (numerator.signum() == 0) {
      return 0.0;
    }
    BigInteger dividend = numerator.abs();
    BigInteger divisor = denominator;
    int shift = PRECISION + 12 - (dividend.bitLength() - divisor.bitLength());
    if (shift > 0) {
      dividend = dividend.shiftLeft(shift);
    } else {
      divisor = divisor.shiftLeft(-shift);
    }
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    // what is left of the division only decides ties: one more low bit tells it
    BigInteger quotient = parts[0].shiftLeft(1);
    if (parts[1].signum() != 0) {
      quotient = quotient.setBit(0);
    }
    int unit = exponent - shift - 1;
    int last = Math.max(unit + quotient.bitLength() - PRECISION, LEAST_EXPONENT);
    int drop = last - unit;
    BigInteger kept = quotient.shiftRight(drop);
    boolean half = quotient.testBit(drop - 1);
    if (half && (kept.testBit(0) || quotient.getLowestSetBit() < drop - 1)) {
      kept = kept.add(BigInteger.ONE);
    }
    double magnitude = Math.scalb((double) kept.longValueExact(), last);
    return numerator.signum() < 0 ? -magnitude : magnitude;
  }
}
