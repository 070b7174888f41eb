package io.sluice.server.ingest;

import io.sluice.engine.ErrorCode;
import org.apache.arrow.vector.types.TimeUnit;

/** Times in one unit as times in another, or not at all. */
final class TimeUnits {
  private TimeUnits() {}

  /** Units in a second. */
  static long perSecond(TimeUnit unit) {
    return switch (unit) {
      case SECOND -> 1L;
      case MILLISECOND -> 1_000L;
      case MICROSECOND -> 1_000_000L;
      case NANOSECOND -> 1_000_000_000L;
    };
  }

  /**
   * The same time in the other unit.
   *
   * @param remedy what the client can do where digits would be lost
   */
  static long convert(long value, long fromPerSecond, long toPerSecond, String remedy) {
    if (fromPerSecond == toPerSecond) {
      return value;
    }
    if (fromPerSecond < toPerSecond) {
      long factor = toPerSecond / fromPerSecond;
      long high = Math.multiplyHigh(value, factor);
      long low = value * factor;
      if ((high != 0 || low < 0) && (high != -1 || low >= 0)) {
        throw new ConversionProblem(
            ErrorCode.NUMERIC_OVERFLOW, "the time " + value + " is out of range");
      }
      return low;
    }
    long divisor = fromPerSecond / toPerSecond;
    if (value % divisor != 0) {
      throw new ConversionProblem(
          ErrorCode.INVALID_CAST,
          "the time " + value + " ns has more than six digits of a second" + remedy);
    }
    return value / divisor;
  }
}
