package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.validate.SqlTypes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;
import org.jspecify.annotations.Nullable;

/** Constants in Calcite's form and in the engine's. */
public final class Literals {
  private static final long MILLI = 1000;
  private static final int MAX_YEAR = 9999;

  private Literals() {}

  /** Calcite's literal as the engine's. */
  public static Expression.Literal fromRex(RexLiteral literal) {
    SqlType type = SqlTypes.fromCalcite(literal.getType());
    return new Expression.Literal(literal.isNull() ? null : value(literal, type), type);
  }

  private static Object value(RexLiteral literal, SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> required(literal, Boolean.class);
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          required(literal, BigDecimal.class).longValueExact();
      case REAL, DOUBLE -> floating(literal);
      case DECIMAL ->
          required(literal, BigDecimal.class)
              .setScale(((SqlType.Decimal) type).scale(), RoundingMode.HALF_UP);
      case VARCHAR -> text(literal);
      case VARBINARY -> required(literal, ByteString.class).getBytes();
      case DATE -> LocalDate.parse(required(literal, DateString.class).toString()).toEpochDay();
      case TIME ->
          LocalTime.parse(required(literal, TimeString.class).toString()).toNanoOfDay() / MILLI;
      case TIMESTAMP, TIMESTAMP_TZ ->
          timestamp(required(literal, TimestampString.class), (SqlType.Timestamp) type);
      case INTERVAL_MONTHS -> required(literal, BigDecimal.class).longValueExact();
      case INTERVAL_MICROS ->
          required(literal, BigDecimal.class).multiply(BigDecimal.valueOf(MILLI)).longValueExact();
      case UUID -> required(literal, UUID.class);
      case ARRAY, ROW -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object element : required(literal, List.class)) {
          values.add(fromRex((RexLiteral) element).value());
        }
        yield values;
      }
      case MAP, NULL ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED, "a literal of type " + type.sql() + " is not supported");
    };
  }

  private static double floating(RexLiteral literal) {
    Object value = literal.getValue();
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static String text(RexLiteral literal) {
    Object value = literal.getValue();
    return value instanceof NlsString text ? text.getValue() : String.valueOf(value);
  }

  private static long timestamp(TimestampString text, SqlType.Timestamp type) {
    LocalDateTime time = LocalDateTime.parse(text.toString().replace(' ', 'T'));
    long seconds = time.toEpochSecond(ZoneOffset.UTC);
    return type.precision() > 6
        ? Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), time.getNano())
        : Math.addExact(Math.multiplyExact(seconds, 1_000_000L), time.getNano() / MILLI);
  }

  private static <T> T required(RexLiteral literal, Class<T> type) {
    T value = literal.getValueAs(type);
    if (value == null) {
      throw new AssertionError(literal);
    }
    return value;
  }

  /** The engine's value as a literal of Calcite's, or empty where Calcite has no such literal. */
  public static Optional<RexNode> toRex(
      RexBuilder builder, Expression.Literal literal, RelDataType type) {
    Object value = literal.value();
    if (value == null) {
      return Optional.of(builder.makeNullLiteral(type));
    }
    RexNode rex =
        switch (literal.type().kind()) {
          case BOOLEAN -> builder.makeLiteral((Boolean) value);
          case TINYINT, SMALLINT, INTEGER, BIGINT ->
              builder.makeExactLiteral(BigDecimal.valueOf((Long) value), type);
          case DECIMAL -> builder.makeExactLiteral((BigDecimal) value, type);
          case VARCHAR -> builder.makeLiteral(value, type, false);
          case DATE ->
              builder.makeDateLiteral(
                  new DateString(LocalDate.ofEpochDay((Long) value).toString()));
          case TIMESTAMP, TIMESTAMP_TZ ->
              timestamp(builder, (Long) value, (SqlType.Timestamp) literal.type());
          default -> null;
        };
    if (rex == null) {
      return Optional.empty();
    }
    boolean same =
        rex.getType().getSqlTypeName() == type.getSqlTypeName()
            && SqlTypes.fromCalcite(rex.getType()).equals(SqlTypes.fromCalcite(type));
    return same ? Optional.of(rex) : Optional.empty();
  }

  private static @Nullable RexNode timestamp(
      RexBuilder builder, long value, SqlType.Timestamp type) {
    boolean nanos = type.precision() > 6;
    long perSecond = nanos ? 1_000_000_000L : 1_000_000L;
    long fraction = Math.floorMod(value, perSecond);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(value, perSecond),
            Math.toIntExact(nanos ? fraction : fraction * MILLI),
            ZoneOffset.UTC);
    if (time.getYear() < 1 || time.getYear() > MAX_YEAR) {
      return null;
    }
    TimestampString text =
        new TimestampString(
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond())
            .withNanos(time.getNano());
    return type.zoned()
        ? builder.makeTimestampWithLocalTimeZoneLiteral(text, type.precision())
        : builder.makeTimestampLiteral(text, type.precision());
  }
}
