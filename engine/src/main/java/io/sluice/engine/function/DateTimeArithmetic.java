package io.sluice.engine.function;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.CivilDate;
import io.sluice.engine.function.kernel.DateTimeLoops;
import io.sluice.engine.function.kernel.DateTimeLoops.LongOperation;
import io.sluice.engine.function.kernel.DateTimeText;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.function.kernel.ZoneClock;
import io.sluice.engine.type.SqlType;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code + - * /} mean for dates, times, timestamps and intervals. Months clamp to the end of
 * a shorter month; for a zoned timestamp they are counted on the session's clock. A day of an
 * interval is 24 hours.
 */
final class DateTimeArithmetic {
  private static final long MICROS = CivilDate.MICROS_PER_DAY;

  private DateTimeArithmetic() {}

  /** The function for these operands, or null if neither is a date, a time or an interval. */
  static @Nullable BoundFunction bind(String operator, SqlType a, SqlType b) {
    return switch (operator) {
      case "add" -> isInterval(b) || !isInterval(a) ? plus(a, b, false) : swapped(b, a);
      case "subtract" -> {
        BoundFunction difference = difference(a, b);
        yield difference != null ? difference : plus(a, b, true);
      }
      case "multiply" -> isInterval(a) ? scale(a, b, false, false) : scale(b, a, false, true);
      case "divide" -> isInterval(a) ? scale(a, b, true, false) : null;
      default -> null;
    };
  }

  private static boolean isInterval(SqlType type) {
    return type.kind() == SqlType.Kind.INTERVAL_MONTHS
        || type.kind() == SqlType.Kind.INTERVAL_MICROS;
  }

  private static long perDay(SqlType type) {
    return type instanceof SqlType.Timestamp timestamp && timestamp.precision() == 9
        ? MICROS * 1000
        : MICROS;
  }

  private static @Nullable BoundFunction swapped(SqlType point, SqlType interval) {
    BoundFunction direct = plus(point, interval, false);
    if (direct == null) {
      return null;
    }
    KernelFactory factory =
        (type, environment) -> {
          Kernel kernel = direct.kernel().create(type, environment);
          Values[] reversed = new Values[2];
          return (arguments, out, count) -> {
            reversed[0] = arguments[1];
            reversed[1] = arguments[0];
            kernel.evaluate(reversed, out, count);
          };
        };
    return new BoundFunction("add", List.of(interval, point), direct.type(), true, false, factory);
  }

  /** A point in time, or an interval of the same kind, plus or minus an interval. */
  private static @Nullable BoundFunction plus(SqlType a, SqlType interval, boolean minus) {
    if (!isInterval(interval)) {
      return null;
    }
    boolean months = interval.kind() == SqlType.Kind.INTERVAL_MONTHS;
    String name = minus ? "subtract" : "add";
    String sign = minus ? "-" : "+";
    int direction = minus ? -1 : 1;
    KernelFactory factory =
        switch (a.kind()) {
          case NULL -> {
            BoundFunction same = plus(interval, interval, minus);
            yield same == null ? null : same.kernel();
          }
          case INTERVAL_MONTHS, INTERVAL_MICROS ->
              a.kind() != interval.kind()
                  ? null
                  : byRow(sign, minus ? Math::subtractExact : Math::addExact);
          case DATE ->
              months
                  ? byRow(sign, (u, v) -> CivilDate.plusMonths(u, direction * v))
                  : byRow(
                      sign, (u, v) -> DateTimeLoops.plusDays(u, Math.multiplyExact(v, direction)));
          case TIME ->
              months ? null : byRow(sign, (u, v) -> DateTimeLoops.plusTime(u, minus ? -v : v));
          case TIMESTAMP ->
              months
                  ? byRow(sign, (u, v) -> DateTimeLoops.plusMonths(u, direction * v, perDay(a)))
                  : KernelFactory.of(
                      (arguments, out, count) ->
                          DateTimeLoops.addMicros(arguments[0], arguments[1], out, count, minus));
          case TIMESTAMP_TZ ->
              months
                  ? (type, environment) -> zonedMonths(sign, direction, perDay(a), environment)
                  : KernelFactory.of(
                      (arguments, out, count) ->
                          DateTimeLoops.addMicros(arguments[0], arguments[1], out, count, minus));
          default -> null;
        };
    if (factory == null) {
      return null;
    }
    SqlType left = a.kind() == SqlType.Kind.NULL ? interval : a;
    return new BoundFunction(name, List.of(left, interval), left, true, false, factory);
  }

  private static Kernel zonedMonths(
      String sign, int direction, long perDay, KernelEnvironment environment) {
    ZoneClock clock = new ZoneClock(environment.zone());
    long perSecond = perDay / 86_400L;
    return rows(
        sign,
        (u, v) ->
            clock.toInstant(
                DateTimeLoops.plusMonths(clock.toLocal(u, perSecond), direction * v, perDay),
                perSecond));
  }

  /** The time from one point to another, in microseconds. */
  private static @Nullable BoundFunction difference(SqlType a, SqlType b) {
    if (!isPoint(a) || !isPoint(b)) {
      return null;
    }
    SqlType common = ImplicitTypes.common(a, b);
    if (common == null) {
      return null;
    }
    LongOperation operation =
        switch (common.kind()) {
          case DATE -> (u, v) -> Math.multiplyExact(u - v, MICROS);
          case TIME -> (u, v) -> u - v;
          default ->
              perDay(common) == MICROS
                  ? Math::subtractExact
                  : (u, v) -> Math.subtractExact(u, v) / 1000;
        };
    return new BoundFunction(
        "subtract",
        List.of(common, common),
        SqlType.INTERVAL_MICROS,
        true,
        false,
        byRow("-", operation));
  }

  private static boolean isPoint(SqlType type) {
    return switch (type.kind()) {
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  /** An interval times or divided by a number; fractions of a unit are rounded to even. */
  private static @Nullable BoundFunction scale(
      SqlType interval, SqlType factor, boolean divide, boolean swap) {
    if (!isInterval(interval) || !(factor.isNumeric() || factor.kind() == SqlType.Kind.NULL)) {
      return null;
    }
    boolean integer = factor.isInteger() && !divide;
    SqlType number = integer ? SqlType.BIGINT : SqlType.DOUBLE;
    int intervalAt = swap ? 1 : 0;
    Kernel kernel =
        integer
            ? (arguments, out, count) ->
                DateTimeLoops.run(
                    arguments[intervalAt],
                    arguments[1 - intervalAt],
                    out,
                    count,
                    "*",
                    Math::multiplyExact)
            : (arguments, out, count) ->
                scale(arguments[intervalAt], arguments[1 - intervalAt], out, count, divide);
    return new BoundFunction(
        divide ? "divide" : "multiply",
        swap ? List.of(number, interval) : List.of(interval, number),
        interval,
        true,
        false,
        KernelFactory.of(kernel));
  }

  private static void scale(Values interval, Values factor, Values out, int count, boolean divide) {
    for (int i = 0; i < count; i++) {
      if (out.isNull(i)) {
        IntegerLoops.set(out, i, 0);
        continue;
      }
      long units = IntegerLoops.get(interval, i);
      double by = FloatLoops.get(factor, i);
      String operation =
          DateTimeText.text(interval.type(), units, ZoneOffset.UTC) + (divide ? " / " : " * ") + by;
      if (divide && by == 0) {
        throw new EngineException(ErrorCode.DIVISION_BY_ZERO, "division by zero: " + operation);
      }
      double result = Math.rint(divide ? units / by : units * by);
      boolean fits = Math.abs(result) < 0x1p63 && IntegerLoops.fits(out.layout(), (long) result);
      if (!fits) {
        throw new EngineException(
            ErrorCode.NUMERIC_OVERFLOW, operation + " is out of range for " + out.type().sql());
      }
      IntegerLoops.set(out, i, (long) result);
    }
  }

  static BoundFunction negate(SqlType interval) {
    return new BoundFunction(
        "negate",
        List.of(interval),
        interval,
        true,
        false,
        KernelFactory.of((arguments, out, count) -> IntegerLoops.negate(arguments[0], out, count)));
  }

  private static KernelFactory byRow(String operator, LongOperation operation) {
    return KernelFactory.of(rows(operator, operation));
  }

  private static Kernel rows(String operator, LongOperation operation) {
    return (arguments, out, count) ->
        DateTimeLoops.run(arguments[0], arguments[1], out, count, operator, operation);
  }
}
