package io.sluice.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.expression.ConstantFolder;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.service.FeatureService.Parameter;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/**
 * SQL values as JSON and back, without loss: integers are numbers of all their digits, floats the
 * shortest number that reads back as the same bits, NaN and infinities the texts "NaN", "Infinity"
 * and "-Infinity"; decimals, times and UUIDs are texts, intervals ISO 8601, binaries base 64.
 */
final class JsonValues {
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("HH:mm:ss")
          .optionalStart()
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  private static final DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(TIME)
          .toFormatter(Locale.ROOT);

  private static final long MICROS = 1_000_000;
  private static final long NANOS = 1_000_000_000;

  private JsonValues() {}

  // -------- from JSON

  /**
   * Puts the value that the parser stands at into a vector.
   *
   * @throws HttpProblem 400 where it is none of the parameter's type
   */
  static void read(JsonParser json, Parameter parameter, FieldVector vector, int row, ZoneId zone)
      throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      vector.setNull(row);
      return;
    }
    if (token == JsonToken.VALUE_NUMBER_INT && vector instanceof BigIntVector numbers) {
      if (json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        numbers.setSafe(row, json.getLongValue());
        return;
      }
    } else if (token == JsonToken.VALUE_NUMBER_INT && vector instanceof IntVector numbers) {
      if (json.getNumberType() == JsonParser.NumberType.INT) {
        numbers.setSafe(row, json.getIntValue());
        return;
      }
    } else if (token.isNumeric() && vector instanceof Float8Vector numbers) {
      numbers.setSafe(row, json.getDoubleValue());
      return;
    } else if (token == JsonToken.VALUE_STRING && vector instanceof VarCharVector texts) {
      texts.setSafe(row, json.getText().getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return;
    }
    Cells.set(vector, row, value(json, token, parameter, row, zone));
  }

  private static @Nullable Object value(
      JsonParser json, JsonToken token, Parameter parameter, int row, ZoneId zone)
      throws IOException {
    SqlType type = parameter.type();
    boolean fits =
        switch (token) {
          case VALUE_TRUE, VALUE_FALSE -> type.kind() == SqlType.Kind.BOOLEAN;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> type.isNumeric();
          case VALUE_STRING -> true;
          default -> false;
        };
    if (!fits) {
      throw mismatch(json, parameter, row, "");
    }
    String text = json.getText();
    if (token.isNumeric() && type instanceof SqlType.Decimal decimal) {
      return decimal(json, parameter, decimal, row);
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT && type.kind() != SqlType.Kind.REAL) {
      // 1.0 is a whole number, too
      text = json.getDecimalValue().stripTrailingZeros().toPlainString();
    }
    if (type.kind() == SqlType.Kind.VARBINARY) {
      return binary(json, text, parameter, row);
    }
    try {
      return ConstantFolder.fold(
              new Expression.Cast(new Expression.Literal(text, SqlType.VARCHAR), type, false), zone)
          .value();
    } catch (EngineException failure) {
      throw unfit(parameter, row, ": " + failure.getMessage());
    }
  }

  private static Object decimal(JsonParser json, Parameter parameter, SqlType.Decimal type, int row)
      throws IOException {
    BigDecimal value = json.getDecimalValue().stripTrailingZeros();
    if (value.scale() > type.scale()
        || value.precision() - value.scale() > type.precision() - type.scale()) {
      throw mismatch(json, parameter, row, "");
    }
    return value.setScale(type.scale());
  }

  private static byte[] binary(JsonParser json, String text, Parameter parameter, int row)
      throws IOException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw mismatch(json, parameter, row, " in base 64");
    }
  }

  private static HttpProblem mismatch(JsonParser json, Parameter parameter, int row, String why)
      throws IOException {
    String text = json.getText();
    String shown = text.length() > 100 ? text.substring(0, 100) + "..." : text;
    return unfit(parameter, row, why + ", not " + shown);
  }

  private static HttpProblem unfit(Parameter parameter, int row, String why) {
    return HttpProblem.badRequest(
        "entity "
            + row
            + ": \""
            + parameter.name()
            + "\" must be a "
            + parameter.type().sql()
            + why);
  }

  // -------- to JSON

  /**
   * Writes a value.
   *
   * @param value in the form of {@code Expression.Literal}
   */
  static void write(JsonGenerator json, SqlType type, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
      return;
    }
    switch (type.kind()) {
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case TINYINT, SMALLINT, INTEGER, BIGINT -> json.writeNumber(((Number) value).longValue());
      case REAL -> writeFloat(json, ((Number) value).floatValue());
      case DOUBLE -> writeDouble(json, ((Number) value).doubleValue());
      case DECIMAL -> json.writeString(((BigDecimal) value).toPlainString());
      case VARBINARY -> json.writeBinary((byte[]) value);
      case DATE -> json.writeString(LocalDate.ofEpochDay((Long) value).toString());
      case TIME -> json.writeString(TIME.format(LocalTime.ofNanoOfDay((Long) value * 1000)));
      case TIMESTAMP, TIMESTAMP_TZ -> json.writeString(timestamp((SqlType.Timestamp) type, value));
      case INTERVAL_MICROS ->
          json.writeString(Duration.of((Long) value, ChronoUnit.MICROS).toString());
      case INTERVAL_MONTHS ->
          json.writeString(Period.ofMonths(((Long) value).intValue()).normalized().toString());
      case ARRAY -> writeArray(json, ((SqlType.Array) type).element(), (List<?>) value);
      case MAP -> writeMap(json, (SqlType.Map) type, (Map<?, ?>) value);
      case ROW -> writeRow(json, (SqlType.Row) type, (List<?>) value);
      default -> json.writeString(value.toString());
    }
  }

  private static void writeFloat(JsonGenerator json, float value) throws IOException {
    if (Float.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Float.toString(value));
    }
  }

  private static void writeDouble(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeString(Double.toString(value));
    }
  }

  private static String timestamp(SqlType.Timestamp type, Object value) {
    long units = (Long) value;
    long perSecond = type.precision() == 9 ? NANOS : MICROS;
    Instant instant =
        Instant.ofEpochSecond(
            Math.floorDiv(units, perSecond), Math.floorMod(units, perSecond) * (NANOS / perSecond));
    String text = TIMESTAMP.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    return type.zoned() ? text + "Z" : text;
  }

  private static void writeArray(JsonGenerator json, SqlType element, List<?> values)
      throws IOException {
    json.writeStartArray();
    for (Object value : values) {
      write(json, element, value);
    }
    json.writeEndArray();
  }

  /** An object where the keys are texts, else an array of pairs. */
  private static void writeMap(JsonGenerator json, SqlType.Map type, Map<?, ?> entries)
      throws IOException {
    boolean texts = type.key().kind() == SqlType.Kind.VARCHAR;
    if (texts) {
      json.writeStartObject();
    } else {
      json.writeStartArray();
    }
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      if (texts) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, type.value(), entry.getValue());
      } else {
        json.writeStartArray();
        write(json, type.key(), entry.getKey());
        write(json, type.value(), entry.getValue());
        json.writeEndArray();
      }
    }
    if (texts) {
      json.writeEndObject();
    } else {
      json.writeEndArray();
    }
  }

  private static void writeRow(JsonGenerator json, SqlType.Row type, List<?> values)
      throws IOException {
    json.writeStartObject();
    for (int i = 0; i < values.size(); i++) {
      json.writeFieldName(type.fields().get(i).name());
      write(json, type.fields().get(i).type(), values.get(i));
    }
    json.writeEndObject();
  }
}
