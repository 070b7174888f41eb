package io.sluice.sqltests;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a cell reads in an .slt file. */
final class CellText {
  private static final DateTimeFormatter STAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();
  private static final long MICROS = 1_000_000;
  private static final long NANOS = 1_000_000_000;

  private CellText() {}

  static String of(SqlType type, @Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case SqlType.Timestamp stamp -> timestamp((Long) value, stamp);
      case SqlType.Array array ->
          ((List<?>) value)
              .stream()
                  .map(item -> of(array.element(), item))
                  .collect(Collectors.joining(", ", "[", "]"));
      case SqlType.Map map ->
          ((Map<?, ?>) value)
              .entrySet().stream()
                  .map(e -> of(map.key(), e.getKey()) + "=" + of(map.value(), e.getValue()))
                  .collect(Collectors.joining(", ", "{", "}"));
      case SqlType.Row row -> row(row, (List<?>) value);
      case SqlType.Decimal ignored -> ((BigDecimal) value).toPlainString();
      case SqlType.Simple simple -> simple(simple.kind(), value);
    };
  }

  private static String simple(SqlType.Kind kind, Object value) {
    return switch (kind) {
      case REAL -> Float.toString(((Double) value).floatValue());
      case DATE -> LocalDate.ofEpochDay((Long) value).toString();
      case TIME -> LocalTime.ofNanoOfDay((Long) value * 1000).toString();
      case INTERVAL_MONTHS -> value + " months";
      case INTERVAL_MICROS -> value + " us";
      case VARBINARY -> "x'" + HexFormat.of().formatHex((byte[]) value) + "'";
      case VARCHAR -> value.equals("") ? "(empty)" : value.toString().replace("\n", "\\n");
      default -> value.toString();
    };
  }

  private static String row(SqlType.Row type, List<?> values) {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < values.size(); i++) {
      SqlType.Row.Field field = type.fields().get(i);
      out.append(i == 0 ? "" : ", ").append(field.name()).append('=');
      out.append(of(field.type(), values.get(i)));
    }
    return out.append('}').toString();
  }

  private static String timestamp(long value, SqlType.Timestamp type) {
    long unit = type.precision() == 9 ? NANOS : MICROS;
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(value, unit), Math.floorMod(value, unit) * (NANOS / unit));
    return STAMP.format(instant.atOffset(ZoneOffset.UTC)) + (type.zoned() ? "Z" : "");
  }
}
