package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.Locale;

/** Parts of dates and times: what EXTRACT reads, and the units that times are cut to. */
public enum DateTimeField {
  MILLENNIUM,
  CENTURY,
  DECADE,
  YEAR,
  ISOYEAR,
  QUARTER,
  MONTH,
  WEEK,
  DAY,
  /** Sunday is 0. */
  DOW,
  /** Monday is 1, Sunday is 7. */
  ISODOW,
  DOY,
  HOUR,
  MINUTE,
  SECOND,
  /** Of the minute, seconds included. */
  MILLISECOND,
  /** Of the minute, seconds included. */
  MICROSECOND,
  /** Seconds since 1970-01-01 00:00 UTC. */
  EPOCH;

  /** By its name in SQL, singular or plural. */
  public static DateTimeField parse(String text) {
    String name = text.strip().toUpperCase(Locale.ROOT);
    return switch (name) {
      case "DAYOFWEEK", "WEEKDAY" -> DOW;
      case "DAYOFYEAR" -> DOY;
      case "CENTURIES" -> CENTURY;
      case "MILLENNIA" -> MILLENNIUM;
      default -> {
        for (DateTimeField field : values()) {
          if (field.name().equals(name) || (field.name() + "S").equals(name)) {
            yield field;
          }
        }
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "'"
                + text
                + "' is not a unit of time; there are year, quarter, month, week, day, hour, minute,"
                + " second, millisecond, microsecond and others");
      }
    };
  }

  /** Months of a unit, or 0 if it is not one of whole months. */
  public int months() {
    return switch (this) {
      case MILLENNIUM -> 12_000;
      case CENTURY -> 1200;
      case DECADE -> 120;
      case YEAR, ISOYEAR -> 12;
      case QUARTER -> 3;
      case MONTH -> 1;
      default -> 0;
    };
  }

  /** Microseconds of a unit, or 0 if it is not one of fixed length. */
  public long micros() {
    return switch (this) {
      case WEEK -> 7 * CivilDate.MICROS_PER_DAY;
      case DAY, DOW, ISODOW, DOY -> CivilDate.MICROS_PER_DAY;
      case HOUR -> 3600 * CivilDate.MICROS_PER_SECOND;
      case MINUTE -> 60 * CivilDate.MICROS_PER_SECOND;
      case SECOND -> CivilDate.MICROS_PER_SECOND;
      case MILLISECOND -> 1000;
      case MICROSECOND -> 1;
      default -> 0;
    };
  }

  /** Whether a DATE has this part. */
  public boolean ofDate() {
    return switch (this) {
      case HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND -> false;
      default -> true;
    };
  }

  /** Whether a TIME has this part. */
  public boolean ofTime() {
    return this == EPOCH || !ofDate();
  }

  /** The part of a day number. */
  public long ofDays(long days) {
    long civil = CivilDate.civil(days);
    long year = CivilDate.year(civil);
    return switch (this) {
      case MILLENNIUM -> year > 0 ? (year + 999) / 1000 : -((999 - (year - 1)) / 1000);
      case CENTURY -> year > 0 ? (year + 99) / 100 : -((99 - (year - 1)) / 100);
      case DECADE -> Math.floorDiv(year, 10L);
      case YEAR -> year;
      case ISOYEAR -> CivilDate.isoYear(days);
      case QUARTER -> (CivilDate.month(civil) + 2) / 3;
      case MONTH -> CivilDate.month(civil);
      case WEEK -> CivilDate.isoWeek(days);
      case DAY -> CivilDate.day(civil);
      case DOW -> CivilDate.isoDayOfWeek(days) % 7;
      case ISODOW -> CivilDate.isoDayOfWeek(days);
      case DOY -> CivilDate.dayOfYear(days);
      case EPOCH -> days * 86_400;
      case HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND -> 0;
    };
  }

  /** The part of a time of the day in microseconds. */
  public long ofMicros(long micros) {
    return switch (this) {
      case HOUR -> micros / (3600 * CivilDate.MICROS_PER_SECOND);
      case MINUTE -> micros / (60 * CivilDate.MICROS_PER_SECOND) % 60;
      case SECOND -> micros / CivilDate.MICROS_PER_SECOND % 60;
      case MILLISECOND -> micros / 1000 % 60_000;
      case MICROSECOND -> micros % (60 * CivilDate.MICROS_PER_SECOND);
      default -> throw new AssertionError(this);
    };
  }

  /** The start of the unit that a day is in. */
  public long truncateDays(long days) {
    long civil = CivilDate.civil(days);
    long year = CivilDate.year(civil);
    int month = CivilDate.month(civil);
    return switch (this) {
      case MILLENNIUM -> CivilDate.days(Math.floorDiv(year - 1, 1000L) * 1000 + 1, 1, 1);
      case CENTURY -> CivilDate.days(Math.floorDiv(year - 1, 100L) * 100 + 1, 1, 1);
      case DECADE -> CivilDate.days(Math.floorDiv(year, 10L) * 10, 1, 1);
      case YEAR -> CivilDate.days(year, 1, 1);
      case ISOYEAR -> {
        long first = CivilDate.days(CivilDate.isoYear(days), 1, 4);
        yield first - CivilDate.isoDayOfWeek(first) + 1;
      }
      case QUARTER -> CivilDate.days(year, (month - 1) / 3 * 3 + 1, 1);
      case MONTH -> CivilDate.days(year, month, 1);
      case WEEK -> days - CivilDate.isoDayOfWeek(days) + 1;
      default -> days;
    };
  }

  /** The start of the unit that a timestamp of {@code perDay} units a day is in. */
  public long truncate(long value, long perDay) {
    if (ofDate()) {
      return Math.multiplyExact(truncateDays(CivilDate.dayOf(value, perDay)), perDay);
    }
    long unit = micros() * (perDay / CivilDate.MICROS_PER_DAY);
    return Math.floorDiv(value, unit) * unit;
  }
}
