package io.sluice.engine.operator.aggregate.profile;

import java.math.BigInteger;

/** The exact sum of longs, in two words, and of their squares, in three. */
final class IntegerMoments {
  private long low;
  private long high;
  private long squareLow;
  private long squareMid;
  private long squareHigh;

  void add(long value) {
    addSum(value, value >> 63);
    addSquare(value * value, Math.multiplyHigh(value, value), 0);
  }

  /** Adds a value that came several times. A square's upper word has no sign. */
  void add(long value, long times) {
    addSum(value * times, Math.multiplyHigh(value, times));
    long lowSquare = value * value;
    long highSquare = Math.multiplyHigh(value, value);
    long low0 = lowSquare * times;
    long carry = Math.unsignedMultiplyHigh(lowSquare, times);
    long mid = highSquare * times + carry;
    long overflow = Long.compareUnsigned(mid, carry) < 0 ? 1 : 0;
    addSquare(low0, mid, Math.multiplyHigh(highSquare, times) + overflow);
  }

  private void addSum(long more, long moreHigh) {
    low += more;
    high += moreHigh + (Long.compareUnsigned(low, more) < 0 ? 1 : 0);
  }

  private void addSquare(long more, long moreMid, long moreHigh) {
    squareLow += more;
    long carry = Long.compareUnsigned(squareLow, more) < 0 ? 1 : 0;
    squareMid += moreMid;
    long next = Long.compareUnsigned(squareMid, moreMid) < 0 ? 1 : 0;
    squareMid += carry;
    next += carry == 1 && squareMid == 0 ? 1 : 0;
    squareHigh += moreHigh + next;
  }

  void merge(IntegerMoments other) {
    addSum(other.low, other.high);
    addSquare(other.squareLow, other.squareMid, other.squareHigh);
  }

  BigInteger sum() {
    return BigInteger.valueOf(high).shiftLeft(64).add(unsigned(low));
  }

  BigInteger squares() {
    return BigInteger.valueOf(squareHigh)
        .shiftLeft(128)
        .add(unsigned(squareMid).shiftLeft(64))
        .add(unsigned(squareLow));
  }

  private static BigInteger unsigned(long word) {
    BigInteger value = BigInteger.valueOf(word & Long.MAX_VALUE);
    return word < 0 ? value.setBit(63) : value;
  }
}
