package io.sluice.engine.function.kernel;

/**
 * The proleptic Gregorian calendar over days since 1970-01-01. Algorithms after Howard Hinnant,
 * "chrono-compatible low-level date algorithms": eras of 400 years that begin in March.
 */
public final class CivilDate {
  public static final long MICROS_PER_SECOND = 1_000_000L;
  public static final long MICROS_PER_DAY = 86_400L * MICROS_PER_SECOND;

  private CivilDate() {}

  /** The day of a timestamp of {@code perDay} units a day, which are micro- or nanoseconds. */
  public static long dayOf(long value, long perDay) {
    // Division by a constant is several times as fast.
    return perDay == MICROS_PER_DAY
        ? Math.floorDiv(value, MICROS_PER_DAY)
        : Math.floorDiv(value, MICROS_PER_DAY * 1000);
  }

  /** Days of a date; the month is 1 to 12, the day may lie outside the month. */
  public static long days(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }

  /** Year, month and day in one: {@code year << 9 | month << 5 | day}. */
  public static long civil(long days) {
    long z = days + 719_468;
    long era = Math.floorDiv(z, 146_097L);
    long dayOfEra = z - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shifted = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    long month = shifted < 10 ? shifted + 3 : shifted - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 9 | month << 5 | day;
  }

  public static long year(long civil) {
    return civil >> 9;
  }

  public static int month(long civil) {
    return (int) (civil >> 5) & 15;
  }

  public static int day(long civil) {
    return (int) civil & 31;
  }

  public static boolean isLeap(long year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  public static int monthLength(long year, int month) {
    return switch (month) {
      case 2 -> isLeap(year) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /** Days after adding months: the day of the month stays, or is the last of a shorter month. */
  public static long plusMonths(long days, long months) {
    long civil = civil(days);
    long index = Math.addExact(year(civil) * 12 + month(civil) - 1, months);
    long year = Math.floorDiv(index, 12L);
    int month = (int) Math.floorMod(index, 12L) + 1;
    return days(year, month, Math.min(day(civil), monthLength(year, month)));
  }

  /** The day of the year, from 1. */
  public static int dayOfYear(long days) {
    return (int) (days - days(year(civil(days)), 1, 1)) + 1;
  }

  /** The ISO day of the week: Monday is 1, Sunday is 7. */
  public static int isoDayOfWeek(long days) {
    return (int) Math.floorMod(days + 3, 7L) + 1;
  }

  /** The year that the ISO week of a day belongs to: that of its Thursday. */
  public static long isoYear(long days) {
    return year(civil(days + 4 - isoDayOfWeek(days)));
  }

  /** The ISO week, 1 to 53. */
  public static int isoWeek(long days) {
    long thursday = days + 4 - isoDayOfWeek(days);
    return (dayOfYear(thursday) - 1) / 7 + 1;
  }
}
