package io.sluice.engine.operator.aggregate;

/** Doubles as longs of the same order: NaN is the greatest and equal to NaN, -0.0 is 0.0. */
final class OrderedLongs {
  private OrderedLongs() {}

  static long of(double value) {
    // adding 0.0 makes -0.0 equal to 0.0; doubleToLongBits makes all NaNs one
    return flip(Double.doubleToLongBits(value + 0.0));
  }

  static double toDouble(long ordered) {
    return Double.longBitsToDouble(flip(ordered));
  }

  private static long flip(long bits) {
    return bits ^ ((bits >> 63) & Long.MAX_VALUE);
  }
}
