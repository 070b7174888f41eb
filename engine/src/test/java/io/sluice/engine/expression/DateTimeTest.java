package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.cast;
import static io.sluice.engine.expression.Expressions.error;
import static io.sluice.engine.expression.Expressions.integer;
import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.number;
import static io.sluice.engine.expression.Expressions.text;
import static io.sluice.engine.expression.Expressions.tryCast;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DateTimeTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final SqlType NANOS = new SqlType.Timestamp(9, false);

  private static Expression date(String text) {
    return cast(text(text), SqlType.DATE);
  }

  private static Expression timestamp(String text) {
    return cast(text(text), SqlType.TIMESTAMP);
  }

  private static Expression instant(String text) {
    return cast(text(text), SqlType.TIMESTAMP_TZ);
  }

  private static Expression months(long months) {
    return literal(SqlType.INTERVAL_MONTHS, months);
  }

  private static Expression micros(long micros) {
    return literal(SqlType.INTERVAL_MICROS, micros);
  }

  private static Expression hours(long hours) {
    return micros(hours * 3_600_000_000L);
  }

  private static @Nullable Object shown(Expression expression) {
    return value(cast(expression, SqlType.VARCHAR));
  }

  private static @Nullable Object shown(Expression expression, ZoneId zone) {
    return value(cast(expression, SqlType.VARCHAR), zone);
  }

  @Test
  void monthsClampToTheEndOfTheMonth() {
    assertEquals("2013-02-28", shown(call("add", date("2013-01-31"), months(1))));
    assertEquals("2012-02-28", shown(call("add", date("2013-02-28"), months(-12))));
    assertEquals("2012-02-29", shown(call("subtract", date("2012-03-31"), months(1))));
    assertEquals(
        "2013-02-28 12:00:00", shown(call("add", timestamp("2012-02-29 12:00"), months(12))));
    assertEquals("2013-03-28", shown(call("add", months(1), date("2013-02-28"))));
  }

  @Test
  void datesTakeWholeDays() {
    assertEquals("2013-02-01", shown(call("add", date("2013-01-31"), hours(24))));
    assertEquals(
        ErrorCode.INVALID_ARGUMENT, error(call("add", date("2013-01-31"), hours(6))).code());
    assertEquals("2013-01-31 06:00:00", shown(call("add", timestamp("2013-01-31"), hours(6))));
  }

  @Test
  void differencesAreIntervals() {
    assertEquals(
        "1 day 02:00:00",
        shown(call("subtract", timestamp("2013-01-02 02:00"), timestamp("2013-01-01"))));
    assertEquals("-1 day", shown(call("subtract", date("2013-01-01"), date("2013-01-02"))));
    assertEquals("1 year 2 months", shown(months(14)));
    assertEquals("03:00:00", shown(call("multiply", hours(1), integer(3))));
    assertEquals("00:30:00", shown(call("divide", hours(1), integer(2))));
    assertEquals("01:30:00", shown(call("multiply", number(1.5), hours(1))));
    assertEquals("-02:00:00", shown(call("negate", hours(2))));
    assertEquals(ErrorCode.DIVISION_BY_ZERO, error(call("divide", hours(1), number(0))).code());
  }

  @Test
  void timesGoAroundTheClock() {
    Expression time = cast(text("23:30"), SqlType.TIME);
    assertEquals("00:30:00", shown(call("add", time, hours(1))));
    assertEquals("22:30:00", shown(call("subtract", time, hours(25))));
  }

  @Test
  void overflowNamesTheValues() {
    assertEquals(
        ErrorCode.NUMERIC_OVERFLOW,
        error(call("add", literal(SqlType.TIMESTAMP, Long.MAX_VALUE), hours(1))).code());
    assertEquals(
        ErrorCode.NUMERIC_OVERFLOW,
        error(call("add", literal(SqlType.DATE, (long) Integer.MAX_VALUE), hours(24))).code());
    assertEquals(ErrorCode.INVALID_CAST, error(cast(date("9999-12-31"), NANOS)).code());
  }

  @Test
  void clocksGoForwardAndBack() {
    Expression zone = text("America/New_York");
    // 02:30 does not exist: it counts from before the gap.
    assertEquals(
        "2013-03-10 07:30:00+00", shown(call("at_time_zone", timestamp("2013-03-10 02:30"), zone)));
    // 01:30 comes twice: the later, standard time.
    assertEquals(
        "2013-11-03 06:30:00+00", shown(call("at_time_zone", timestamp("2013-11-03 01:30"), zone)));
    assertEquals(
        "2013-11-03 01:30:00", shown(call("at_time_zone", instant("2013-11-03 05:30Z"), zone)));
    assertEquals(
        "2013-11-03 01:30:00", shown(call("at_time_zone", instant("2013-11-03 06:30Z"), zone)));
    assertEquals(
        "2013-07-01 08:00:00",
        shown(call("at_time_zone", instant("2013-07-01 12:00Z"), text("america/new_york"))));
    assertEquals(
        "2013-07-01 14:00:00",
        shown(call("at_time_zone", instant("2013-07-01 12:00Z"), text("+02:00"))));
    assertEquals(
        ErrorCode.INVALID_ARGUMENT,
        error(call("at_time_zone", timestamp("2013-11-03 01:30"), text("Mars/Base"))).code());
  }

  @Test
  void theSessionsZoneStandsBetweenZonedAndZoneless() {
    assertEquals("2013-07-01 12:00:00-04", shown(instant("2013-07-01 12:00"), NEW_YORK));
    assertEquals(
        "2013-07-01 08:00:00",
        shown(cast(instant("2013-07-01 12:00Z"), SqlType.TIMESTAMP), NEW_YORK));
    assertEquals(8L, value(call("extract_hour", instant("2013-07-01 12:00Z")), NEW_YORK));
    assertEquals(
        "2013-07-01 00:00:00-04",
        shown(call("date_trunc", text("day"), instant("2013-07-01 12:00Z")), NEW_YORK));
    // The hour that comes twice stays apart.
    assertEquals(
        "2013-11-03 01:00:00-04",
        shown(call("date_trunc", text("hour"), instant("2013-11-03 05:30Z")), NEW_YORK));
    assertEquals(
        "2013-11-03 01:00:00-05",
        shown(call("date_trunc", text("hour"), instant("2013-11-03 06:30Z")), NEW_YORK));
    // A month later at the same time of the clock.
    assertEquals(
        "2013-11-10 12:00:00-05",
        shown(call("add", instant("2013-10-10 12:00"), months(1)), NEW_YORK));
  }

  @Test
  void textIsReadAsIsoSays() {
    for (String same :
        new String[] {
          "2013-05-04T12:30:15.25", "2013-05-04 12:30:15.250000", " 2013-5-4 12:30:15.25 "
        }) {
      assertEquals("2013-05-04 12:30:15.25", shown(timestamp(same)));
    }
    for (String same :
        new String[] {
          "2013-05-04T12:30:00Z",
          "2013-05-04 14:30:00+02",
          "2013-05-04 14:30:00+02:00",
          "2013-05-04 14:30 +0200",
          "2013-05-04 08:30 America/New_York"
        }) {
      assertEquals("2013-05-04 12:30:00+00", shown(instant(same)));
    }
    for (String wrong :
        new String[] {
          "2013-02-29",
          "2013-13-01",
          "13-01-01",
          "2013-01-01 24:01",
          "2013-01-01 12:60",
          "x",
          "",
          "2013-01-01 12:00:00+02",
          "2013-01-01 1",
          "2013-01-01 12:00:00.1234567"
        }) {
      assertNull(value(tryCast(text(wrong), SqlType.TIMESTAMP)), wrong);
    }
    assertEquals("+12013-05-04", shown(date("+12013-05-04")));
    assertEquals("2013-05-04", shown(date("2013-05-04 00:00:00")));
    assertNull(value(tryCast(text("2013-05-04 12:00:00"), SqlType.DATE)));
    assertEquals(
        1_367_670_615_123_456_789L, value(cast(text("2013-05-04 12:30:15.123456789"), NANOS)));
    assertNull(
        value(tryCast(cast(text("2013-05-04 12:30:15.123456789"), NANOS), SqlType.TIMESTAMP)));
  }

  @Test
  void intervalsAreRead() {
    SqlType months = SqlType.INTERVAL_MONTHS;
    SqlType micros = SqlType.INTERVAL_MICROS;
    assertEquals(14L, value(cast(text("1 year 2 months"), months)));
    assertEquals(-14L, value(cast(text("-1-2"), months)));
    assertEquals(
        ((3 * 24 + 4) * 3600L + 5 * 60 + 6) * 1_000_000 + 500_000,
        value(cast(text("3 days 04:05:06.5"), micros)));
    assertEquals(90_000_000L, value(cast(text("1.5 minutes"), micros)));
    assertNull(value(tryCast(text("1 month"), micros)));
    assertNull(value(tryCast(text("1 day"), months)));
    assertNull(value(tryCast(text(""), micros)));
  }

  @Test
  void epochs() {
    assertEquals("1970-01-01 00:00:01.5+00", shown(call("to_timestamp", number(1.5))));
    assertEquals("2013-05-04 12:30:00+00", shown(call("to_timestamp", text("2013-05-04 12:30"))));
    assertEquals("1970-01-01 00:00:01+00", shown(call("from_epoch_millis", integer(1000))));
    assertEquals(1.5, value(call("extract_epoch", timestamp("1970-01-01 00:00:01.5"))));
  }
}
