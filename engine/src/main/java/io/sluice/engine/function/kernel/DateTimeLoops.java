package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.time.DateTimeException;
import java.time.ZoneOffset;

/** Arithmetic of dates, times, timestamps and intervals. Overflow is an error. */
public final class DateTimeLoops {
  private DateTimeLoops() {}

  /** One row of an operation; an ArithmeticException says that the result is out of range. */
  @FunctionalInterface
  public interface LongOperation {
    long apply(long a, long b);
  }

  /** Timestamps plus or minus microseconds of the same unit, without a call per row. */
  public static void addMicros(Values a, Values b, Values out, int count, boolean minus) {
    boolean nanos = out.type() instanceof SqlType.Timestamp type && type.precision() == 9;
    if (nanos) {
      LongOperation operation =
          minus
              ? (u, v) -> Math.subtractExact(u, Math.multiplyExact(v, 1000L))
              : (u, v) -> Math.addExact(u, Math.multiplyExact(v, 1000L));
      run(a, b, out, count, minus ? "-" : "+", operation);
      return;
    }
    long flags =
        minus
            ? IntegerLoops.subtractInt64(a, b, out, count)
            : IntegerLoops.addInt64(a, b, out, count);
    if (flags < 0) {
      // Says which row it is, if that row is not NULL.
      run(a, b, out, count, minus ? "-" : "+", minus ? Math::subtractExact : Math::addExact);
    }
  }

  /** Any operation, row by row; NULL rows are left out. */
  public static void run(
      Values a, Values b, Values out, int count, String operator, LongOperation operation) {
    for (int i = 0; i < count; i++) {
      if (out.isNull(i)) {
        IntegerLoops.set(out, i, 0);
        continue;
      }
      long u = IntegerLoops.get(a, i);
      long v = IntegerLoops.get(b, i);
      try {
        long result = operation.apply(u, v);
        if (!IntegerLoops.fits(out.layout(), result)) {
          throw outOfRange(a, u, operator, b, v, out);
        }
        IntegerLoops.set(out, i, result);
      } catch (ArithmeticException | DateTimeException overflow) {
        throw outOfRange(a, u, operator, b, v, out);
      }
    }
  }

  private static EngineException outOfRange(
      Values a, long u, String operator, Values b, long v, Values out) {
    return new EngineException(
        ErrorCode.NUMERIC_OVERFLOW,
        DateTimeText.text(a.type(), u, ZoneOffset.UTC)
            + " "
            + operator
            + " "
            + DateTimeText.text(b.type(), v, ZoneOffset.UTC)
            + " is out of range for "
            + out.type().sql());
  }

  /** A time of the day plus microseconds, around the clock. */
  public static long plusTime(long time, long micros) {
    return Math.floorMod(time + micros % CivilDate.MICROS_PER_DAY, CivilDate.MICROS_PER_DAY);
  }

  /** A date plus an interval of whole days. */
  public static long plusDays(long date, long micros) {
    if (micros % CivilDate.MICROS_PER_DAY != 0) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "an interval of "
              + DateTimeText.text(SqlType.INTERVAL_MICROS, micros, ZoneOffset.UTC)
              + " is not whole days, so it cannot be added to a DATE; add it to"
              + " CAST(... AS TIMESTAMP)");
    }
    return Math.addExact(date, micros / CivilDate.MICROS_PER_DAY);
  }

  /** A timestamp of {@code perDay} units a day plus months. */
  public static long plusMonths(long value, long months, long perDay) {
    long days = CivilDate.dayOf(value, perDay);
    long moved = CivilDate.plusMonths(days, months);
    return Math.addExact(Math.multiplyExact(moved, perDay), value - days * perDay);
  }
}
