package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.CivilDate;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.function.kernel.ZoneClock;
import io.sluice.engine.type.SqlType;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** Conversions among dates, times and timestamps. Zone-less and zoned ones meet in the zone. */
final class DateTimeCasts {
  private static final long MICROS = CivilDate.MICROS_PER_DAY;

  private DateTimeCasts() {}

  private interface Step {
    long apply(long value);
  }

  /** Null where there is no such conversion. */
  static @Nullable RowCast find(SqlType from, SqlType to, ZoneId zone) {
    ZoneClock clock = new ZoneClock(zone);
    if (from instanceof SqlType.Timestamp a && to instanceof SqlType.Timestamp b) {
      return timestamps(a, b, clock);
    }
    if (from.kind() == SqlType.Kind.DATE && to instanceof SqlType.Timestamp b) {
      long perDay = perDay(b);
      return checked(
          value -> {
            long local = Math.multiplyExact(value, perDay);
            return b.zoned() ? clock.toInstant(local, perDay / 86_400L) : local;
          });
    }
    if (from instanceof SqlType.Timestamp a) {
      long perDay = perDay(a);
      return switch (to.kind()) {
        case DATE -> checked(value -> CivilDate.dayOf(local(value, a, clock), perDay));
        case TIME ->
            checked(value -> exact(Math.floorMod(local(value, a, clock), perDay), perDay / MICROS));
        default -> null;
      };
    }
    return null;
  }

  static boolean lossless(SqlType from, SqlType to) {
    return to.kind() == SqlType.Kind.DATE
        || (to.kind() == SqlType.Kind.TIME && perDay(from) == MICROS);
  }

  private static RowCast timestamps(SqlType.Timestamp a, SqlType.Timestamp b, ZoneClock clock) {
    return checked(
        value -> {
          long scaled =
              a.precision() == b.precision()
                  ? value
                  : b.precision() == 9 ? Math.multiplyExact(value, 1000L) : exact(value, 1000);
          if (a.zoned() == b.zoned()) {
            return scaled;
          }
          return b.zoned()
              ? clock.toInstant(scaled, perDay(b) / 86_400L)
              : clock.toLocal(scaled, perDay(b) / 86_400L);
        });
  }

  private static long local(long value, SqlType.Timestamp type, ZoneClock clock) {
    return type.zoned() ? clock.toLocal(value, perDay(type) / 86_400L) : value;
  }

  private static long exact(long value, long divisor) {
    if (value % divisor != 0) {
      throw new ArithmeticException("digits are lost");
    }
    return value / divisor;
  }

  static long perDay(SqlType type) {
    return type instanceof SqlType.Timestamp timestamp && timestamp.precision() == 9
        ? MICROS * 1000
        : MICROS;
  }

  private static RowCast checked(Step step) {
    return (in, row, out, at) -> store(in, row, out, at, step);
  }

  private static boolean store(Values in, int row, Values out, int at, Step step) {
    try {
      long result = step.apply(IntegerLoops.get(in, row));
      IntegerLoops.set(out, at, result);
      return IntegerLoops.fits(out.layout(), result);
    } catch (ArithmeticException outOfRange) {
      return false;
    }
  }
}
