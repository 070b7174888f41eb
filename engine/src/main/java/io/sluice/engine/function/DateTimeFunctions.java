package io.sluice.engine.function;

import static io.sluice.engine.function.FunctionFamily.takes;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.cast.TimestampText;
import io.sluice.engine.function.kernel.CivilDate;
import io.sluice.engine.function.kernel.DateTimeField;
import io.sluice.engine.function.kernel.DateTimeText;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.TimeUnits;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.function.kernel.ZoneClock;
import io.sluice.engine.type.SqlType;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** Cutting, counting, moving and making of dates and timestamps. */
final class DateTimeFunctions {
  private static final SqlType TEXT = SqlType.VARCHAR;
  private static final SqlType LONG = SqlType.BIGINT;

  private DateTimeFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Dates and times");
    family.add(
        "date_trunc",
        2,
        2,
        "date_trunc(unit, a)",
        "The start of the year, quarter, month, week, day, hour, ... that a is in.",
        "date_trunc('month', DATE '2013-05-04') = DATE '2013-05-01'",
        DateTimeFunctions::truncate);
    family.add(
        "date_diff",
        3,
        3,
        "date_diff(unit, a, b)",
        "How many starts of the unit lie after a and not after b; negative if b is before a.",
        "date_diff('day', DATE '2013-05-04', DATE '2013-05-06') = 2",
        DateTimeFunctions::difference);
    family.add(
        "date_add",
        3,
        3,
        "date_add(unit, n, a)",
        "a plus n units; months clamp to the end of a shorter month.",
        "date_add('month', 1, DATE '2013-01-31') = DATE '2013-02-28'",
        DateTimeFunctions::add);
    family.add(
        "last_day",
        "last_day(a)",
        "The last day of the month.",
        "last_day(DATE '2013-02-03') = DATE '2013-02-28'",
        takes(SqlType.DATE)
            .gives(SqlType.DATE)
            .infallible()
            .by(RowLoops.longs((arguments, row) -> lastDay(IntegerLoops.get(arguments[0], row)))),
        takes(SqlType.TIMESTAMP)
            .gives(SqlType.DATE)
            .infallible()
            .by(
                RowLoops.longs(
                    (arguments, row) ->
                        lastDay(
                            Math.floorDiv(
                                IntegerLoops.get(arguments[0], row), CivilDate.MICROS_PER_DAY)))));
    making(family);
    epochs(family);
    family.add(
        "at_time_zone",
        2,
        2,
        "a AT TIME ZONE zone",
        "For a TIMESTAMP the instant at which the zone's clock shows it: the later one where it"
            + " does so twice, counted from before the gap where it does not. For a TIMESTAMP WITH"
            + " TIME ZONE what the zone's clock shows.",
        "(TIMESTAMP '2013-07-01 12:00:00' AT TIME ZONE 'America/New_York')"
            + " = TIMESTAMP WITH TIME ZONE '2013-07-01 16:00:00+00'",
        DateTimeFunctions::atTimeZone);
    return family.functions();
  }

  private static long lastDay(long days) {
    long civil = CivilDate.civil(days);
    long year = CivilDate.year(civil);
    int month = CivilDate.month(civil);
    return CivilDate.days(year, month, CivilDate.monthLength(year, month));
  }

  private static boolean isPoint(SqlType type) {
    return switch (type.kind()) {
      case DATE, TIMESTAMP, TIMESTAMP_TZ -> true;
      default -> false;
    };
  }

  private static SqlType point(SqlType type) {
    return type.kind() == SqlType.Kind.NULL ? SqlType.TIMESTAMP : type;
  }

  private static boolean isText(SqlType type) {
    return ImplicitTypes.convertible(type, TEXT);
  }

  // ---- units

  private static @Nullable BoundFunction truncate(List<SqlType> types) {
    SqlType type = point(types.get(1));
    if (!isText(types.get(0)) || !isPoint(type)) {
      return null;
    }
    return unitFunction(
        "date_trunc",
        List.of(TEXT, type),
        type,
        environment -> {
          TimeUnits units = new TimeUnits(type, environment.zone());
          UnitArgument unit = new UnitArgument();
          return RowLoops.longs(
              (arguments, row) -> {
                DateTimeField field = known(unit.field(arguments[0], row), "date_trunc", type);
                return units.truncate(field, IntegerLoops.get(arguments[1], row));
              });
        });
  }

  private static @Nullable BoundFunction difference(List<SqlType> types) {
    SqlType common = ImplicitTypes.common(types.get(1), types.get(2));
    SqlType type = common == null ? null : point(common);
    if (type == null || !isText(types.get(0)) || !isPoint(type)) {
      return null;
    }
    return unitFunction(
        "date_diff",
        List.of(TEXT, type, type),
        LONG,
        environment -> {
          TimeUnits units = new TimeUnits(type, environment.zone());
          UnitArgument unit = new UnitArgument();
          return RowLoops.longs(
              (arguments, row) -> {
                DateTimeField field = known(unit.field(arguments[0], row), "date_diff", type);
                long from = IntegerLoops.get(arguments[1], row);
                long to = IntegerLoops.get(arguments[2], row);
                return units.difference(field, from, to);
              });
        });
  }

  private static @Nullable BoundFunction add(List<SqlType> types) {
    SqlType type = point(types.get(2));
    if (!isText(types.get(0)) || !ImplicitTypes.convertible(types.get(1), LONG) || !isPoint(type)) {
      return null;
    }
    return unitFunction(
        "date_add",
        List.of(TEXT, LONG, type),
        type,
        environment -> {
          TimeUnits units = new TimeUnits(type, environment.zone());
          UnitArgument unit = new UnitArgument();
          return RowLoops.longs(
              (arguments, row) -> {
                DateTimeField field = known(unit.field(arguments[0], row), "date_add", type);
                long n = IntegerLoops.get(arguments[1], row);
                return checked(arguments[2], row, n, type, (a, b) -> units.add(field, b, a));
              });
        });
  }

  /** Gives {@code operation(value, n)}, or says what is out of range. */
  private static long checked(
      Values values, int row, long n, SqlType type, LongBinaryOperator operation) {
    long value = IntegerLoops.get(values, row);
    try {
      long result = operation.applyAsLong(value, n);
      if (type.kind() == SqlType.Kind.DATE && result != (int) result) {
        throw new ArithmeticException("int overflow");
      }
      return result;
    } catch (ArithmeticException outOfRange) {
      throw new EngineException(
          ErrorCode.NUMERIC_OVERFLOW,
          DateTimeText.text(type, value, ZoneOffset.UTC)
              + " plus "
              + n
              + " units is out of range for "
              + type.sql(),
          outOfRange);
    }
  }

  private static DateTimeField known(DateTimeField field, String function, SqlType type) {
    boolean usable =
        field != DateTimeField.EPOCH && (field.ofDate() || type.kind() != SqlType.Kind.DATE);
    if (!usable) {
      throw UnitArgument.noPart(function, field, type);
    }
    return field;
  }

  private interface Maker {
    Kernel make(KernelEnvironment environment);
  }

  private static BoundFunction unitFunction(
      String name, List<SqlType> types, SqlType type, Maker maker) {
    return new BoundFunction(
        name, types, type, true, false, (result, environment) -> maker.make(environment));
  }

  // ---- making

  private static void making(FunctionFamily family) {
    family.add(
        "make_date",
        "make_date(year, month, day)",
        "The date of these parts.",
        "make_date(2013, 5, 4) = DATE '2013-05-04'",
        takes(LONG, LONG, LONG)
            .gives(SqlType.DATE)
            .by(
                RowLoops.longs(
                    (arguments, row) ->
                        days(
                            number(arguments, 0, row),
                            number(arguments, 1, row),
                            number(arguments, 2, row)))));
    family.add(
        "make_time",
        "make_time(hour, minute, second)",
        "The time of these parts; the second may have a fraction.",
        "make_time(12, 30, 15.5) = TIME '12:30:15.5'",
        takes(LONG, LONG, SqlType.DOUBLE)
            .gives(SqlType.TIME)
            .by(RowLoops.longs((arguments, row) -> timeOfDay(arguments, 0, row))));
    family.add(
        "make_timestamp",
        "make_timestamp(year, month, day, hour, minute, second)",
        "The timestamp of these parts; the second may have a fraction.",
        "make_timestamp(2013, 5, 4, 12, 30, 15.5) = TIMESTAMP '2013-05-04 12:30:15.5'",
        takes(LONG, LONG, LONG, LONG, LONG, SqlType.DOUBLE)
            .gives(SqlType.TIMESTAMP)
            .by(
                RowLoops.longs(
                    (arguments, row) -> {
                      long days =
                          days(
                              number(arguments, 0, row),
                              number(arguments, 1, row),
                              number(arguments, 2, row));
                      if (Math.abs(days) > 106_751_990) {
                        throw invalid("year " + number(arguments, 0, row));
                      }
                      return days * CivilDate.MICROS_PER_DAY + timeOfDay(arguments, 3, row);
                    })));
  }

  private static long number(Values[] arguments, int which, int row) {
    return IntegerLoops.get(arguments[which], row);
  }

  private static EngineException invalid(String what) {
    return new EngineException(ErrorCode.INVALID_ARGUMENT, "there is no " + what);
  }

  private static long days(long year, long month, long day) {
    boolean valid =
        Math.abs(year) <= 5_000_000
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= CivilDate.monthLength(year, (int) month);
    if (!valid) {
      throw invalid("date " + year + "-" + month + "-" + day);
    }
    return CivilDate.days(year, (int) month, (int) day);
  }

  private static long timeOfDay(Values[] arguments, int first, int row) {
    long hour = number(arguments, first, row);
    long minute = number(arguments, first + 1, row);
    double second = FloatLoops.get(arguments[first + 2], row);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second < 60)) {
      throw invalid("time " + hour + ":" + minute + ":" + second);
    }
    long micros = Math.round(second * CivilDate.MICROS_PER_SECOND);
    return (hour * 60 + minute) * 60 * CivilDate.MICROS_PER_SECOND + micros;
  }

  // ---- seconds since 1970

  private static void epochs(FunctionFamily family) {
    Kernel fromSeconds =
        RowLoops.longs(
            (arguments, row) -> {
              double seconds = FloatLoops.get(arguments[0], row);
              double micros = Math.rint(seconds * CivilDate.MICROS_PER_SECOND);
              if (!(Math.abs(micros) < 0x1p63)) {
                throw new EngineException(
                    ErrorCode.NUMERIC_OVERFLOW,
                    seconds + " seconds are out of range for " + SqlType.TIMESTAMP_TZ.sql());
              }
              return (long) micros;
            });
    family.add(
        "to_timestamp",
        "to_timestamp(a)",
        "The instant that lies so many seconds after 1970-01-01 00:00 UTC, or that a text says.",
        "to_timestamp(0) = TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'",
        takes(SqlType.DOUBLE).gives(SqlType.TIMESTAMP_TZ).by(fromSeconds),
        takes(TEXT)
            .gives(SqlType.TIMESTAMP_TZ)
            .by((type, environment) -> TimestampText.kernel(environment.zone())));
    fromUnits(family, "from_epoch_millis", "milliseconds", 1000);
    fromUnits(family, "from_epoch_micros", "microseconds", 1);
  }

  private static void fromUnits(
      FunctionFamily family, String name, String unit, long microsPerUnit) {
    family.add(
        name,
        name + "(a)",
        "The instant that lies so many " + unit + " after 1970-01-01 00:00 UTC.",
        name + "(0) = TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'",
        takes(LONG)
            .gives(SqlType.TIMESTAMP_TZ)
            .by(
                RowLoops.longs(
                    (arguments, row) -> {
                      long units = number(arguments, 0, row);
                      if (Math.multiplyHigh(units, microsPerUnit)
                          != (units * microsPerUnit) >> 63) {
                        throw new EngineException(
                            ErrorCode.NUMERIC_OVERFLOW,
                            units
                                + " "
                                + unit
                                + " are out of range for "
                                + SqlType.TIMESTAMP_TZ.sql());
                      }
                      return units * microsPerUnit;
                    })));
  }

  // ---- zones

  private static @Nullable BoundFunction atTimeZone(List<SqlType> types) {
    SqlType type =
        types.get(0).kind() == SqlType.Kind.DATE ? SqlType.TIMESTAMP : point(types.get(0));
    if (!(type instanceof SqlType.Timestamp from) || !isText(types.get(1))) {
      return null;
    }
    SqlType.Timestamp to = new SqlType.Timestamp(from.precision(), !from.zoned());
    long perSecond = ExtractFunctions.perDay(from) / 86_400L;
    return new BoundFunction(
        "at_time_zone",
        List.of(from, TEXT),
        to,
        true,
        false,
        (result, environment) -> {
          ZoneArgument zone = new ZoneArgument();
          return RowLoops.longs(
              (arguments, row) -> {
                ZoneClock clock = zone.clock(arguments[1], row);
                long value = IntegerLoops.get(arguments[0], row);
                try {
                  return from.zoned()
                      ? clock.toLocal(value, perSecond)
                      : clock.toInstant(value, perSecond);
                } catch (ArithmeticException outOfRange) {
                  throw new EngineException(
                      ErrorCode.NUMERIC_OVERFLOW,
                      DateTimeText.text(from, value, ZoneOffset.UTC)
                          + " in another zone is out of range for "
                          + to.sql(),
                      outOfRange);
                }
              });
        });
  }
}
