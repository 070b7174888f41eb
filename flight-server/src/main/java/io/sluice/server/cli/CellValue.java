package io.sluice.server.cli;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/** Cells as people read them. */
final class CellValue {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();
  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder().appendPattern("uuuu-MM-dd ").append(TIME).toFormatter();

  private CellValue() {}

  /** Null, a Boolean, a Number, a String, a List, or a Map with texts as keys. */
  static @Nullable Object of(FieldVector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    return switch (vector) {
      case BitVector bits -> bits.get(row) != 0;
      case Float4Vector floats -> floats.get(row);
      case Float8Vector floats -> floats.get(row);
      case DateDayVector days -> LocalDate.ofEpochDay(days.get(row)).toString();
      case TimeMicroVector times -> LocalTime.ofNanoOfDay(times.get(row) * 1_000).format(TIME);
      case TimeStampVector times -> timestamp(times, row);
      case DurationVector durations -> duration(durations, row);
      case IntervalYearVector months -> months(months.get(row));
      case IntervalMonthDayNanoVector months ->
          months(IntervalMonthDayNanoVector.getMonths(months.getDataBuffer(), row));
      case VarBinaryVector binaries -> HexFormat.of().formatHex(binaries.get(row));
      case FixedSizeBinaryVector binaries -> fixed(binaries.get(row));
      case MapVector map -> map(map, row);
      case ListVector list -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = list.getElementStartIndex(row); i < list.getElementEndIndex(row); i++) {
          values.add(of(list.getDataVector(), i));
        }
        yield values;
      }
      case StructVector struct -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (FieldVector child : struct.getChildrenFromFields()) {
          fields.put(child.getName(), of(child, row));
        }
        yield fields;
      }
      default -> {
        Object value = vector.getObject(row);
        yield value instanceof Number ? value : String.valueOf(value);
      }
    };
  }

  private static String timestamp(TimeStampVector vector, int row) {
    ArrowType.Timestamp type = (ArrowType.Timestamp) vector.getField().getType();
    long perSecond =
        type.getUnit() == TimeUnit.NANOSECOND
            ? 1_000_000_000L
            : type.getUnit() == TimeUnit.MICROSECOND
                ? 1_000_000L
                : type.getUnit() == TimeUnit.MILLISECOND ? 1_000L : 1L;
    long value = vector.get(row);
    long nanos = Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond);
    LocalDateTime time =
        LocalDateTime.ofInstant(
            Instant.ofEpochSecond(Math.floorDiv(value, perSecond), nanos), ZoneOffset.UTC);
    return time.format(TIMESTAMP) + (type.getTimezone() == null ? "" : "+00:00");
  }

  private static String duration(DurationVector vector, int row) {
    Duration value = vector.getObject(row);
    Duration size = value.abs();
    LocalTime rest = LocalTime.MIDNIGHT.plus(size.minusDays(size.toDays()));
    String days = size.toDays() == 0 ? "" : size.toDays() + " days ";
    return (value.isNegative() ? "-" : "") + days + rest.format(TIME);
  }

  private static String months(int months) {
    return Period.ofMonths(months).normalized().toString();
  }

  private static String fixed(byte[] bytes) {
    if (bytes.length != 16) {
      return HexFormat.of().formatHex(bytes);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong()).toString();
  }

  private static Map<String, @Nullable Object> map(MapVector map, int row) {
    StructVector entries = (StructVector) map.getDataVector();
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
      values.put(
          text(of((FieldVector) entries.getChildByOrdinal(0), i)),
          of((FieldVector) entries.getChildByOrdinal(1), i));
    }
    return values;
  }

  /** One line; NULL where it stands inside of another value. */
  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case BigDecimal decimal -> decimal.toPlainString();
      case List<?> list -> {
        StringBuilder out = new StringBuilder("[");
        list.forEach(item -> out.append(out.length() > 1 ? ", " : "").append(text(item)));
        yield out.append(']').toString();
      }
      case Map<?, ?> map -> {
        StringBuilder out = new StringBuilder("{");
        map.forEach(
            (key, item) ->
                out.append(out.length() > 1 ? ", " : "")
                    .append(key)
                    .append(": ")
                    .append(text(item)));
        yield out.append('}').toString();
      }
      default -> value.toString();
    };
  }

  /** As JSON (RFC 8259); numbers that JSON lacks are strings. */
  static String json(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Boolean flag -> flag.toString();
      case Double number -> Double.isFinite(number) ? number.toString() : quote(number.toString());
      case Float number -> Float.isFinite(number) ? number.toString() : quote(number.toString());
      case BigDecimal number -> number.toPlainString();
      case Number number -> number.toString();
      case List<?> list -> {
        StringBuilder out = new StringBuilder("[");
        list.forEach(item -> out.append(out.length() > 1 ? "," : "").append(json(item)));
        yield out.append(']').toString();
      }
      case Map<?, ?> map -> {
        StringBuilder out = new StringBuilder("{");
        map.forEach(
            (key, item) ->
                out.append(out.length() > 1 ? "," : "")
                    .append(quote(key.toString()))
                    .append(':')
                    .append(json(item)));
        yield out.append('}').toString();
      }
      default -> quote(value.toString());
    };
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
