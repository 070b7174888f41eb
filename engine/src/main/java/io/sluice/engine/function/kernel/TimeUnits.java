package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.time.ZoneId;

/**
 * Steps of units of time on dates and timestamps of one type. Zoned timestamps are counted on the
 * zone's clock, but for units below a day, which are the same everywhere. For one thread.
 */
public final class TimeUnits {
  private final boolean date;
  private final boolean zoned;
  private final long perDay;
  private final ZoneClock clock;

  public TimeUnits(SqlType type, ZoneId zone) {
    this.date = type.kind() == SqlType.Kind.DATE;
    this.zoned = type.kind() == SqlType.Kind.TIMESTAMP_TZ;
    boolean nanos = type instanceof SqlType.Timestamp timestamp && timestamp.precision() == 9;
    this.perDay = nanos ? CivilDate.MICROS_PER_DAY * 1000 : CivilDate.MICROS_PER_DAY;
    this.clock = new ZoneClock(zone);
  }

  private long local(long value) {
    return zoned ? clock.toLocal(value, perDay / 86_400L) : value;
  }

  private long instant(long local) {
    return zoned ? clock.toInstant(local, perDay / 86_400L) : local;
  }

  /** The start of the unit that a value is in. */
  public long truncate(DateTimeField field, long value) {
    if (date) {
      return field.truncateDays(value);
    }
    long local = local(value);
    long start = field.truncate(local, perDay);
    if (!field.ofDate()) {
      // Seen from the value, so that an hour that the clock shows twice stays itself.
      return value - (local - start);
    }
    return instant(start);
  }

  /** How many starts of the unit are passed from one value to the other. */
  public long difference(DateTimeField field, long from, long to) {
    long unitMicros = field.micros();
    if (date) {
      return field.months() > 0
          ? units(field, to) - units(field, from)
          : (field.truncateDays(to) - field.truncateDays(from))
              / (unitMicros / CivilDate.MICROS_PER_DAY);
    }
    if (!field.ofDate()) {
      long unit = unitMicros * (perDay / CivilDate.MICROS_PER_DAY);
      return Math.floorDiv(local(to), unit) - Math.floorDiv(local(from), unit);
    }
    long daysFrom = CivilDate.dayOf(local(from), perDay);
    long daysTo = CivilDate.dayOf(local(to), perDay);
    return field.months() > 0
        ? units(field, daysTo) - units(field, daysFrom)
        : (field.truncateDays(daysTo) - field.truncateDays(daysFrom))
            / (unitMicros / CivilDate.MICROS_PER_DAY);
  }

  /** The number of the unit of whole months that a day is in. */
  private static long units(DateTimeField field, long days) {
    if (field == DateTimeField.ISOYEAR) {
      return CivilDate.isoYear(days);
    }
    long civil = CivilDate.civil(days);
    long months = CivilDate.year(civil) * 12 + CivilDate.month(civil) - 1;
    return switch (field) {
      // These begin with the year after a multiple.
      case CENTURY, MILLENNIUM -> Math.floorDiv(months - 12, field.months());
      default -> Math.floorDiv(months, field.months());
    };
  }

  /** A value plus {@code n} units; ArithmeticException where it leaves the range of a long. */
  public long add(DateTimeField field, long n, long value) {
    if (field.months() > 0) {
      long months = Math.multiplyExact(n, (long) field.months());
      if (Math.abs(months) > 1_000_000_000L) {
        throw new ArithmeticException("months");
      }
      return date
          ? CivilDate.plusMonths(value, months)
          : instant(DateTimeLoops.plusMonths(local(value), months, perDay));
    }
    long micros = Math.multiplyExact(n, field.micros());
    if (date) {
      if (micros % CivilDate.MICROS_PER_DAY != 0) {
        throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a DATE takes whole days only");
      }
      return Math.addExact(value, micros / CivilDate.MICROS_PER_DAY);
    }
    return Math.addExact(value, Math.multiplyExact(micros, perDay / CivilDate.MICROS_PER_DAY));
  }
}
