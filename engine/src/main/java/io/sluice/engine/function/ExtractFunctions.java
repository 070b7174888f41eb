package io.sluice.engine.function;

import io.sluice.engine.function.kernel.CivilDate;
import io.sluice.engine.function.kernel.DateTimeField;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.ZoneClock;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Parts of dates, times, timestamps and intervals. Zoned ones are read on the session's clock. */
final class ExtractFunctions {
  private static final long MICROS = CivilDate.MICROS_PER_DAY;

  private ExtractFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Parts of dates and times");
    field(family, DateTimeField.MILLENNIUM, "The millennium; the third began in 2001.", "3");
    field(family, DateTimeField.CENTURY, "The century; the 21st began in 2001.", "21");
    field(family, DateTimeField.DECADE, "The year divided by ten.", "201");
    field(family, DateTimeField.YEAR, "The year.", "2013");
    field(family, DateTimeField.ISOYEAR, "The year that the ISO week belongs to.", "2013");
    field(family, DateTimeField.QUARTER, "The quarter, 1 to 4.", "2");
    field(family, DateTimeField.MONTH, "The month, 1 to 12.", "5");
    field(family, DateTimeField.WEEK, "The ISO week, 1 to 53.", "18");
    field(family, DateTimeField.DAY, "The day of the month.", "4");
    field(family, DateTimeField.DOW, "The day of the week: 0 is Sunday.", "6");
    field(family, DateTimeField.ISODOW, "The day of the week: 1 is Monday, 7 is Sunday.", "6");
    field(family, DateTimeField.DOY, "The day of the year.", "124");
    field(family, DateTimeField.HOUR, "The hour, 0 to 23.", "12");
    field(family, DateTimeField.MINUTE, "The minute.", "30");
    field(family, DateTimeField.SECOND, "The whole seconds.", "15");
    field(
        family,
        DateTimeField.MILLISECOND,
        "Milliseconds of the minute, seconds included.",
        "15250");
    field(
        family,
        DateTimeField.MICROSECOND,
        "Microseconds of the minute, seconds included.",
        "15250000");
    epoch(family);
    family.add(
        "date_part",
        2,
        2,
        "date_part(unit, a)",
        "The part of a date, time, timestamp or interval by its name, as a number.",
        "date_part('month', DATE '2013-05-04') = 5",
        ExtractFunctions::datePart);
    return family.functions();
  }

  private static void field(FunctionFamily family, DateTimeField field, String text, String value) {
    String name = field.name().toLowerCase(Locale.ROOT);
    String example = " FROM TIMESTAMP '2013-05-04 12:30:15.25') = " + value;
    String extract = "extract_" + name;
    family.add(
        extract,
        1,
        1,
        "EXTRACT(" + field.name() + " FROM a)",
        text,
        "EXTRACT(" + field.name() + example,
        types -> extract(extract, field, types.getFirst()));
    for (String call : calls(field)) {
      family.add(
          call,
          1,
          1,
          call + "(a)",
          text,
          call + "(TIMESTAMP '2013-05-04 12:30:15.25') = " + value,
          types -> extract(call, field, types.getFirst()));
    }
  }

  /** Functions that give the same. */
  private static List<String> calls(DateTimeField field) {
    return switch (field) {
      case DOW -> List.of("extract_dayofweek", "dayofweek");
      case DOY -> List.of("extract_dayofyear", "dayofyear");
      case DAY -> List.of("day", "dayofmonth");
      case ISODOW -> List.of("isodow");
      case YEAR, QUARTER, MONTH, WEEK, HOUR, MINUTE, SECOND ->
          List.of(field.name().toLowerCase(Locale.ROOT));
      default -> List.of();
    };
  }

  private static @Nullable BoundFunction extract(String name, DateTimeField field, SqlType given) {
    SqlType type = given.kind() == SqlType.Kind.NULL ? SqlType.TIMESTAMP : given;
    if (!hasField(field, type)) {
      return null;
    }
    return new BoundFunction(
        name,
        List.of(type),
        SqlType.BIGINT,
        true,
        true,
        (result, environment) -> kernel(field, type, new ZoneClock(environment.zone())));
  }

  private static boolean hasField(DateTimeField field, SqlType type) {
    return switch (type.kind()) {
      case DATE -> field.ofDate();
      case TIME -> field.ofTime();
      case TIMESTAMP, TIMESTAMP_TZ -> true;
      case INTERVAL_MONTHS -> field.months() > 0 && field != DateTimeField.ISOYEAR;
      case INTERVAL_MICROS -> !field.ofDate() || field == DateTimeField.DAY;
      default -> false;
    };
  }

  private static Kernel kernel(DateTimeField field, SqlType type, ZoneClock clock) {
    return RowLoops.longs(
        (arguments, row) -> part(field, type, IntegerLoops.get(arguments[0], row), clock));
  }

  private static long part(DateTimeField field, SqlType type, long value, ZoneClock clock) {
    return switch (type.kind()) {
      case DATE -> field.ofDays(value);
      case TIME -> field.ofMicros(value);
      case INTERVAL_MONTHS -> monthsPart(field, value);
      case INTERVAL_MICROS ->
          field == DateTimeField.DAY
              ? value / MICROS
              : value < 0 ? -field.ofMicros(-(value % MICROS)) : field.ofMicros(value % MICROS);
      default -> {
        long perDay = perDay(type);
        long local =
            type.kind() == SqlType.Kind.TIMESTAMP_TZ
                ? clock.toLocal(value, perDay / 86_400L)
                : value;
        long days = CivilDate.dayOf(local, perDay);
        yield field.ofDate()
            ? field.ofDays(days)
            : field.ofMicros(micros(local - days * perDay, perDay));
      }
    };
  }

  private static long micros(long timeOfDay, long perDay) {
    return perDay == MICROS ? timeOfDay : timeOfDay / 1000;
  }

  private static long monthsPart(DateTimeField field, long months) {
    return switch (field) {
      case MONTH -> months % 12;
      case QUARTER -> months % 12 / 3 + 1;
      default -> months / field.months();
    };
  }

  static long perDay(SqlType type) {
    return type instanceof SqlType.Timestamp timestamp && timestamp.precision() == 9
        ? MICROS * 1000
        : MICROS;
  }

  // ---- epoch: seconds with their fraction

  private static void epoch(FunctionFamily family) {
    family.add(
        "extract_epoch",
        1,
        1,
        "EXTRACT(EPOCH FROM a)",
        "Seconds since 1970-01-01 00:00 UTC, or of the interval, with their fraction.",
        "EXTRACT(EPOCH FROM TIMESTAMP '1970-01-01 00:00:01.5') = 1.5",
        types -> {
          SqlType type =
              types.getFirst().kind() == SqlType.Kind.NULL ? SqlType.TIMESTAMP : types.getFirst();
          return isTemporal(type) ? epoch(type) : null;
        });
  }

  private static boolean isTemporal(SqlType type) {
    return switch (type.kind()) {
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS -> true;
      default -> false;
    };
  }

  private static BoundFunction epoch(SqlType type) {
    Kernel kernel =
        RowLoops.doubles((arguments, row) -> epoch(type, IntegerLoops.get(arguments[0], row)));
    return new BoundFunction(
        "extract_epoch", List.of(type), SqlType.DOUBLE, true, true, KernelFactory.of(kernel));
  }

  private static double epoch(SqlType type, long value) {
    return switch (type.kind()) {
      case DATE -> value * 86_400.0;
      // As PostgreSQL counts them: a year of 365.25 days, other months of 30.
      case INTERVAL_MONTHS -> value / 12 * 31_557_600.0 + value % 12 * 2_592_000.0;
      default -> {
        double perSecond = perDay(type) / 86_400.0;
        yield value / perSecond;
      }
    };
  }

  // ---- by name

  private static @Nullable BoundFunction datePart(List<SqlType> types) {
    SqlType type = types.get(1).kind() == SqlType.Kind.NULL ? SqlType.TIMESTAMP : types.get(1);
    if (!ImplicitTypes.convertible(types.get(0), SqlType.VARCHAR) || !isTemporal(type)) {
      return null;
    }
    return new BoundFunction(
        "date_part",
        List.of(SqlType.VARCHAR, type),
        SqlType.DOUBLE,
        true,
        false,
        (result, environment) -> {
          ZoneClock clock = new ZoneClock(environment.zone());
          UnitArgument unit = new UnitArgument();
          return RowLoops.doubles(
              (arguments, row) -> {
                DateTimeField field = unit.field(arguments[0], row);
                long value = IntegerLoops.get(arguments[1], row);
                if (field == DateTimeField.EPOCH) {
                  return epoch(type, value);
                }
                if (!hasField(field, type)) {
                  throw UnitArgument.noPart("date_part", field, type);
                }
                return part(field, type, value, clock);
              });
        });
  }
}
