package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.CivilDate;
import io.sluice.engine.function.kernel.ZoneClock;
import io.sluice.engine.type.SqlType;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Reads ISO 8601 dates, times and timestamps: {@code 2013-01-31}, {@code 12:30[:15[.123456]]}, both
 * joined by a space or a T, then {@code Z}, an offset or a zone's name.
 */
final class DateTimeParser {
  private final TextCursor text;
  private final ZoneClock session;
  private long value;

  DateTimeParser(TextCursor text, ZoneId session) {
    this.text = text;
    this.session = new ZoneClock(session);
  }

  /** What the last successful method read. */
  long value() {
    return value;
  }

  /** Days. A time of midnight behind it is accepted. */
  boolean date() {
    if (!civil()) {
      return false;
    }
    if (text.atEnd()) {
      return true;
    }
    long days = value;
    if (!(text.accept('T') || text.accept(' ')) || !clock(6) || value != 0 || !text.atEnd()) {
      return false;
    }
    value = days;
    return true;
  }

  /** Microseconds of the day. */
  boolean time() {
    return clock(6) && text.atEnd() && value < CivilDate.MICROS_PER_DAY;
  }

  /** The type's units. A zone-less type refuses a zone, as it would be lost. */
  boolean timestamp(SqlType.Timestamp type) {
    if (!civil()) {
      return false;
    }
    long days = value;
    long units = 0;
    if (!text.atEnd()) {
      if (!(text.accept('T') || text.accept('t') || text.accept(' '))) {
        return false;
      }
      if (!clock(type.precision())) {
        return false;
      }
      units = value;
    }
    long perDay = DateTimeCasts.perDay(type);
    try {
      long local = Math.addExact(Math.multiplyExact(days, perDay), units);
      if (!type.zoned()) {
        value = local;
        return text.atEnd();
      }
      if (text.atEnd()) {
        value = session.toInstant(local, perDay / 86_400L);
        return true;
      }
      ZoneId zone = zone();
      if (zone == null) {
        return false;
      }
      value =
          zone instanceof ZoneOffset offset
              ? Math.subtractExact(local, offset.getTotalSeconds() * (perDay / 86_400L))
              : new ZoneClock(zone).toInstant(local, perDay / 86_400L);
      return true;
    } catch (ArithmeticException outOfRange) {
      return false;
    }
  }

  private boolean civil() {
    boolean minus = text.accept('-');
    if (!minus) {
      text.accept('+');
    }
    long year = text.digits(4, 7);
    if (year < 0 || !text.accept('-')) {
      return false;
    }
    year = minus ? -year : year;
    int month = (int) text.digits(1, 2);
    if (month < 1 || month > 12 || !text.accept('-')) {
      return false;
    }
    int day = (int) text.digits(1, 2);
    if (day < 1 || day > CivilDate.monthLength(year, month)) {
      return false;
    }
    value = CivilDate.days(year, month, day);
    return true;
  }

  /** A time of the day in units of the given digits; 24:00:00 is the end of the day. */
  private boolean clock(int precision) {
    long hour = text.digits(1, 2);
    if (hour < 0 || hour > 24 || !text.accept(':')) {
      return false;
    }
    long minute = text.digits(2, 2);
    if (minute < 0 || minute > 59) {
      return false;
    }
    long second = 0;
    long fraction = 0;
    if (text.accept(':')) {
      second = text.digits(2, 2);
      if (second < 0 || second > 59) {
        return false;
      }
      if (text.accept('.')) {
        fraction = fraction(precision);
        if (fraction < 0) {
          return false;
        }
      }
    }
    long perSecond = precision == 9 ? 1_000_000_000L : 1_000_000L;
    value = ((hour * 60 + minute) * 60 + second) * perSecond + fraction;
    return hour < 24 || (minute == 0 && second == 0 && fraction == 0);
  }

  /** Further digits than the precision must be zero. */
  private long fraction(int precision) {
    if (!text.isDigit()) {
      return -1;
    }
    long result = 0;
    int digits = 0;
    while (text.isDigit()) {
      int digit = text.next() - '0';
      if (digits < precision) {
        result = result * 10 + digit;
        digits++;
      } else if (digit != 0) {
        return -1;
      }
    }
    for (; digits < precision; digits++) {
      result *= 10;
    }
    return result;
  }

  private @Nullable ZoneId zone() {
    text.accept(' ');
    if (text.accept('Z') || text.accept('z')) {
      return text.atEnd() ? ZoneOffset.UTC : null;
    }
    int sign = text.peek();
    try {
      if (sign == '+' || sign == '-') {
        text.next();
        long hours = text.digits(2, 2);
        boolean colon = text.accept(':');
        long minutes = text.atEnd() && !colon ? 0 : text.digits(2, 2);
        long seconds = text.accept(':') ? text.digits(2, 2) : 0;
        if (hours < 0 || minutes < 0 || seconds < 0 || !text.atEnd()) {
          return null;
        }
        int total = (int) ((hours * 60 + minutes) * 60 + seconds);
        return ZoneOffset.ofTotalSeconds(sign == '-' ? -total : total);
      }
      return ZoneId.of(text.rest());
    } catch (DateTimeException unknown) {
      return null;
    }
  }
}
