package io.sluice.engine.function.kernel;

import io.sluice.engine.type.SqlType;
import java.time.Instant;
import java.time.ZoneId;

/** Dates, times, timestamps and intervals as text, in the form that casts give and read. */
public final class DateTimeText {
  private DateTimeText() {}

  /** As {@code 2013-01-31}; years beyond four digits get a sign. */
  public static void appendDate(StringBuilder out, long days) {
    long civil = CivilDate.civil(days);
    long year = CivilDate.year(civil);
    if (year > 9999) {
      out.append('+');
    } else if (year < 0) {
      out.append('-');
    }
    pad(out, Math.abs(year), 4);
    out.append('-');
    pad(out, CivilDate.month(civil), 2);
    out.append('-');
    pad(out, CivilDate.day(civil), 2);
  }

  /** As {@code 12:30:00.5}: the fraction only as far as it is not zero. */
  public static void appendTime(StringBuilder out, long units, int digits) {
    long perSecond = digits == 9 ? 1_000_000_000L : CivilDate.MICROS_PER_SECOND;
    long seconds = digits == 9 ? units / 1_000_000_000L : units / CivilDate.MICROS_PER_SECOND;
    long fraction = units - seconds * perSecond;
    pad(out, seconds / 3600, 2);
    out.append(':');
    pad(out, seconds / 60 % 60, 2);
    out.append(':');
    pad(out, seconds % 60, 2);
    if (fraction != 0) {
      out.append('.');
      int start = out.length();
      pad(out, fraction, digits);
      int end = out.length();
      while (end > start && out.charAt(end - 1) == '0') {
        end--;
      }
      out.setLength(end);
    }
  }

  /** As {@code 2013-01-31 12:30:00}, for a zoned one in {@code zone} and with its offset. */
  public static void appendTimestamp(
      StringBuilder out, long value, SqlType.Timestamp type, ZoneId zone) {
    long perSecond = type.precision() == 9 ? 1_000_000_000L : CivilDate.MICROS_PER_SECOND;
    long seconds = Math.floorDiv(value, perSecond);
    long fraction = Math.floorMod(value, perSecond);
    int offset = 0;
    if (type.zoned()) {
      offset = zone.getRules().getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
      seconds += offset;
    }
    long days = Math.floorDiv(seconds, 86_400L);
    appendDate(out, days);
    out.append(' ');
    appendTime(out, (seconds - days * 86_400L) * perSecond + fraction, type.precision());
    if (type.zoned()) {
      appendOffset(out, offset);
    }
  }

  private static void appendOffset(StringBuilder out, int offset) {
    int seconds = Math.abs(offset);
    out.append(offset < 0 ? '-' : '+');
    pad(out, seconds / 3600, 2);
    if (seconds % 3600 != 0) {
      out.append(':');
      pad(out, seconds / 60 % 60, 2);
      if (seconds % 60 != 0) {
        out.append(':');
        pad(out, seconds % 60, 2);
      }
    }
  }

  /** As {@code 1 year 2 months}. */
  public static void appendMonths(StringBuilder out, long months) {
    int start = out.length();
    unit(out, start, months / 12, "year");
    unit(out, start, months % 12, "month");
    if (out.length() == start) {
      out.append("0 months");
    }
  }

  /** As {@code 3 days 04:05:06.5}. */
  public static void appendMicros(StringBuilder out, long micros) {
    int start = out.length();
    long days = micros / CivilDate.MICROS_PER_DAY;
    long rest = micros % CivilDate.MICROS_PER_DAY;
    unit(out, start, days, "day");
    if (rest != 0 || out.length() == start) {
      if (out.length() > start) {
        out.append(' ');
      }
      if (rest < 0) {
        out.append('-');
      }
      appendTime(out, Math.abs(rest), 6);
    }
  }

  private static void unit(StringBuilder out, int start, long amount, String name) {
    if (amount != 0) {
      out.append(out.length() > start ? " " : "").append(amount).append(' ').append(name);
      if (Math.abs(amount) != 1) {
        out.append('s');
      }
    }
  }

  private static void pad(StringBuilder out, long value, int width) {
    long limit = 10;
    for (int digits = 1; digits < width; digits++) {
      if (value < limit) {
        out.append('0');
      }
      limit *= 10;
    }
    out.append(value);
  }

  /** Any date, time, timestamp or interval as text. */
  public static String text(SqlType type, long value, ZoneId zone) {
    StringBuilder out = new StringBuilder();
    switch (type.kind()) {
      case DATE -> appendDate(out, value);
      case TIME -> appendTime(out, value, 6);
      case TIMESTAMP, TIMESTAMP_TZ -> appendTimestamp(out, value, (SqlType.Timestamp) type, zone);
      case INTERVAL_MONTHS -> appendMonths(out, value);
      case INTERVAL_MICROS -> appendMicros(out, value);
      default -> out.append(value);
    }
    return out.toString();
  }
}
