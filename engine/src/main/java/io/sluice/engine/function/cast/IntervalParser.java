package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.CivilDate;

/**
 * Reads intervals as they are written by casts and by SQL literals: {@code 1 year 2 months}, {@code
 * 1-2}, {@code 3 days 04:05:06.5}, {@code 3 04:05:06}.
 */
final class IntervalParser {
  private static final long SECOND = CivilDate.MICROS_PER_SECOND;

  private final TextCursor text;
  private long months;
  private long micros;
  private boolean anyMonths;
  private boolean anyMicros;

  IntervalParser(TextCursor text) {
    this.text = text;
  }

  private long value;

  /** What the last successful parse read: months or microseconds. */
  long value() {
    return value;
  }

  boolean parse(boolean wantMonths) {
    months = 0;
    micros = 0;
    anyMonths = false;
    anyMicros = false;
    try {
      while (!text.atEnd()) {
        if (!part()) {
          return false;
        }
        while (text.accept(' ')) {
          // between parts
        }
      }
    } catch (ArithmeticException outOfRange) {
      return false;
    }
    value = wantMonths ? months : micros;
    return wantMonths ? anyMonths && !anyMicros : anyMicros && !anyMonths;
  }

  private boolean part() {
    boolean minus = text.accept('-');
    if (!minus) {
      text.accept('+');
    }
    long amount = text.digits(1, 18);
    if (amount < 0) {
      return false;
    }
    if (text.peek() == ':') {
      return clock(amount, minus);
    }
    if (text.accept('-')) {
      long rest = text.digits(1, 2);
      months =
          Math.addExact(
              months, signed(Math.addExact(Math.multiplyExact(amount, 12L), rest), minus));
      anyMonths = true;
      return rest >= 0 && rest < 12;
    }
    long fraction = 0;
    boolean fractional = false;
    if (text.accept('.')) {
      fractional = true;
      long scale = SECOND;
      while (text.isDigit()) {
        scale /= 10;
        int digit = text.next() - '0';
        if (scale == 0 && digit != 0) {
          return false;
        }
        fraction += digit * scale;
      }
    }
    while (text.accept(' ')) {
      // before the unit
    }
    return unit(amount, fraction, fractional, minus);
  }

  private static long signed(long amount, boolean minus) {
    return minus ? -amount : amount;
  }

  private boolean unit(long amount, long fraction, boolean fractional, boolean minus) {
    long perUnit;
    if (text.acceptWord("year")) {
      return months(amount, 12, fractional, minus);
    } else if (text.acceptWord("quarter")) {
      return months(amount, 3, fractional, minus);
    } else if (text.acceptWord("month")) {
      return months(amount, 1, fractional, minus);
    } else if (text.acceptWord("week")) {
      perUnit = 7 * CivilDate.MICROS_PER_DAY;
    } else if (text.acceptWord("day")) {
      perUnit = CivilDate.MICROS_PER_DAY;
    } else if (text.acceptWord("hour")) {
      perUnit = 3600 * SECOND;
    } else if (text.acceptWord("minute")) {
      perUnit = 60 * SECOND;
    } else if (text.acceptWord("second")) {
      perUnit = SECOND;
    } else if (text.acceptWord("millisecond")) {
      perUnit = 1000;
    } else if (text.acceptWord("microsecond")) {
      perUnit = 1;
    } else {
      // A bare number before a time of the day is days.
      if (fractional || text.atEnd()) {
        return false;
      }
      micros =
          Math.addExact(
              micros, Math.multiplyExact(signed(amount, minus), CivilDate.MICROS_PER_DAY));
      anyMicros = true;
      return true;
    }
    text.accept('s');
    anyMicros = true;
    long whole = Math.multiplyExact(amount, perUnit);
    long part = Math.multiplyExact(fraction, perUnit);
    micros = Math.addExact(micros, signed(Math.addExact(whole, part / SECOND), minus));
    return part % SECOND == 0;
  }

  private boolean months(long amount, int factor, boolean fractional, boolean minus) {
    text.accept('s');
    anyMonths = true;
    months = Math.addExact(months, signed(Math.multiplyExact(amount, (long) factor), minus));
    return !fractional;
  }

  private boolean clock(long hours, boolean minus) {
    text.accept(':');
    long minutes = text.digits(2, 2);
    long seconds = text.accept(':') ? text.digits(2, 2) : 0;
    long fraction = 0;
    if (text.accept('.')) {
      long scale = SECOND;
      while (text.isDigit()) {
        scale /= 10;
        int digit = text.next() - '0';
        if (scale == 0 && digit != 0) {
          return false;
        }
        fraction += digit * scale;
      }
    }
    if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
      return false;
    }
    long total =
        Math.addExact(
            Math.multiplyExact(hours, 3600 * SECOND), (minutes * 60 + seconds) * SECOND + fraction);
    micros = Math.addExact(micros, signed(total, minus));
    anyMicros = true;
    return true;
  }
}
