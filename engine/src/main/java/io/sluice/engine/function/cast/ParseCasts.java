package io.sluice.engine.function.cast;

import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Conversions from VARCHAR. White space around the value is of no account. */
final class ParseCasts {
  private ParseCasts() {}

  /** Null where there is no such conversion. */
  static @Nullable RowCast find(SqlType to, ZoneId zone) {
    TextCursor text = new TextCursor();
    DateTimeParser time = new DateTimeParser(text, zone);
    RowCast parser =
        switch (to.kind()) {
          case BOOLEAN -> (in, row, out, at) -> bool(text, out, at);
          case TINYINT, SMALLINT, INTEGER, BIGINT -> (in, row, out, at) -> integer(text, out, at);
          case DECIMAL -> (in, row, out, at) -> decimal(text, out, at);
          case REAL, DOUBLE -> (in, row, out, at) -> floating(text, out, at);
          case DATE -> (in, row, out, at) -> time.date() && store(time.value(), out, at);
          case TIME -> (in, row, out, at) -> time.time() && store(time.value(), out, at);
          case TIMESTAMP, TIMESTAMP_TZ -> {
            SqlType.Timestamp type = (SqlType.Timestamp) to;
            yield (in, row, out, at) -> time.timestamp(type) && store(time.value(), out, at);
          }
          case INTERVAL_MONTHS, INTERVAL_MICROS -> {
            IntervalParser interval = new IntervalParser(text);
            boolean months = to.kind() == SqlType.Kind.INTERVAL_MONTHS;
            yield (in, row, out, at) -> interval.parse(months) && store(interval.value(), out, at);
          }
          case UUID -> (in, row, out, at) -> uuid(text, out, at);
          default -> null;
        };
    if (parser == null) {
      return null;
    }
    return (in, row, out, at) -> {
      text.start(in, row);
      return parser.cast(in, row, out, at);
    };
  }

  private static boolean store(long value, Values out, int at) {
    IntegerLoops.set(out, at, value);
    return IntegerLoops.fits(out.layout(), value);
  }

  private static boolean bool(TextCursor text, Values out, int at) {
    boolean yes =
        text.acceptWord("true")
            || text.acceptWord("yes")
            || text.acceptWord("on")
            || text.acceptWord("t")
            || text.acceptWord("y")
            || text.acceptWord("1");
    boolean no =
        !yes
            && (text.acceptWord("false")
                || text.acceptWord("no")
                || text.acceptWord("off")
                || text.acceptWord("f")
                || text.acceptWord("n")
                || text.acceptWord("0"));
    NumericCasts.setBit(out, at, yes);
    return (yes || no) && text.atEnd();
  }

  private static boolean integer(TextCursor text, Values out, int at) {
    boolean minus = text.accept('-');
    if (!minus) {
      text.accept('+');
    }
    if (!text.isDigit()) {
      return false;
    }
    // Negative, as the least value has no positive counterpart.
    long value = 0;
    while (text.isDigit()) {
      int digit = text.next() - '0';
      if (value < Long.MIN_VALUE / 10) {
        return false;
      }
      value = value * 10 - digit;
      if (value > 0) {
        return false;
      }
    }
    if (text.accept('.')) {
      while (text.accept('0')) {
        // 1.0 is an integer, 1.5 is not.
      }
    }
    if (!text.atEnd() || (!minus && value == Long.MIN_VALUE)) {
      return false;
    }
    return store(minus ? value : -value, out, at);
  }

  private static boolean decimal(TextCursor text, Values out, int at) {
    if (text.left() > 1000) {
      return false;
    }
    try {
      return NumericCasts.storeDecimal(out, at, new BigDecimal(text.rest()));
    } catch (NumberFormatException | ArithmeticException invalid) {
      return false;
    }
  }

  private static boolean floating(TextCursor text, Values out, int at) {
    int start = text.position();
    boolean minus = text.accept('-');
    if (!minus) {
      text.accept('+');
    }
    double special;
    if (text.acceptWord("infinity") || text.acceptWord("inf")) {
      special = minus ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    } else if (text.acceptWord("nan")) {
      special = Double.NaN;
    } else {
      text.back(start);
      return number(text.rest(), out, at);
    }
    FloatLoops.set(out, at, special);
    return text.atEnd();
  }

  private static boolean number(String text, Values out, int at) {
    // Java would also take a type suffix and hexadecimal.
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E')) {
        return false;
      }
    }
    try {
      if (out.layout() == Layout.FLOAT64) {
        double value = Double.parseDouble(text);
        out.data().setDouble((long) at << 3, value);
        return Double.isFinite(value);
      }
      float value = Float.parseFloat(text);
      out.data().setFloat((long) at << 2, value);
      return Float.isFinite(value);
    } catch (NumberFormatException invalid) {
      return false;
    }
  }

  private static boolean uuid(TextCursor text, Values out, int at) {
    if (text.left() != 36) {
      return false;
    }
    try {
      UUID value = UUID.fromString(text.rest());
      out.data().setLong((long) at << 4, Long.reverseBytes(value.getMostSignificantBits()));
      out.data().setLong(((long) at << 4) + 8, Long.reverseBytes(value.getLeastSignificantBits()));
      return true;
    } catch (IllegalArgumentException invalid) {
      return false;
    }
  }
}
