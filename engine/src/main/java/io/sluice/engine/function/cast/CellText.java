package io.sluice.engine.function.cast;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.DateTimeText;
import io.sluice.engine.function.kernel.Int128;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values of every type as text. */
public final class CellText {
  private CellText() {}

  /** The text of a row that is not NULL, flat or constant. */
  public static String text(Values values, int row, ZoneId zone) {
    StringBuilder out = new StringBuilder();
    append(out, values, row, zone);
    return out.toString();
  }

  /** The text of a value that is not NULL, in the form of {@code Expression.Literal}. */
  public static String text(SqlType type, Object value, ZoneId zone) {
    StringBuilder out = new StringBuilder();
    cell(out, type, value, zone);
    return out.toString();
  }

  static void append(StringBuilder out, Values values, int row, ZoneId zone) {
    int at = values.isConstant() ? 0 : row;
    SqlType type = values.type();
    switch (type.kind()) {
      case NULL -> out.append("NULL");
      case BOOLEAN -> out.append(values.bit(at));
      case TINYINT, SMALLINT, INTEGER, BIGINT -> out.append(IntegerLoops.get(values, at));
      case REAL -> appendDouble(out, Float.toString(values.data().getFloat((long) at << 2)));
      case DOUBLE -> appendDouble(out, Double.toString(values.data().getDouble((long) at << 3)));
      case DECIMAL -> out.append(Int128.decimal(values, at).toPlainString());
      case VARCHAR -> out.append(Bytes.string(values, at));
      case VARBINARY -> out.append("0x").append(HexFormat.of().formatHex(Bytes.copy(values, at)));
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS ->
          out.append(DateTimeText.text(type, IntegerLoops.get(values, at), zone));
      case UUID ->
          out.append(
              new UUID(
                  Long.reverseBytes(values.data().getLong((long) at << 4)),
                  Long.reverseBytes(values.data().getLong(((long) at << 4) + 8))));
      case ARRAY, ROW, MAP -> cell(out, type, Cells.get(values.vector(), at), zone);
    }
  }

  /** From Java's shortest digits: plain from 1e-4 to 1e16, else as {@code 1.5e+20}. */
  private static void appendDouble(StringBuilder out, String shortest) {
    int length = shortest.length();
    int start = 0;
    if (shortest.charAt(0) == '-') {
      out.append('-');
      start = 1;
    }
    if (!Character.isDigit(shortest.charAt(start))) {
      out.append(shortest.startsWith("I", start) ? "inf" : "nan");
      return;
    }
    int mark = shortest.indexOf('E');
    int end = mark < 0 ? length : mark;
    int point = shortest.indexOf('.');
    int exponent = mark < 0 ? 0 : Integer.parseInt(shortest, mark + 1, length, 10);
    if (mark < 0 && (shortest.charAt(start) != '0' || end - start == 3)) {
      // Java writes 1e-3 to 1e7 plainly, and so do we.
      out.append(shortest, start, end);
      return;
    }
    // All digits without the point; the first one that counts stands for 10^scale.
    String digits = shortest.substring(start, point) + shortest.substring(point + 1, end);
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    int last = digits.length();
    while (last > first + 1 && digits.charAt(last - 1) == '0') {
      last--;
    }
    int scale = point - start - 1 + exponent - first;
    String significant = digits.substring(first, last);
    if (scale >= -4 && scale < 16) {
      plain(out, significant, scale);
    } else {
      scientific(out, significant, scale);
    }
  }

  private static void plain(StringBuilder out, String digits, int scale) {
    int count = digits.length();
    if (scale < 0) {
      out.append("0.").repeat('0', -scale - 1).append(digits);
    } else if (scale >= count - 1) {
      out.append(digits).repeat('0', scale - count + 1).append(".0");
    } else {
      out.append(digits, 0, scale + 1).append('.').append(digits, scale + 1, count);
    }
  }

  private static void scientific(StringBuilder out, String digits, int scale) {
    out.append(digits.charAt(0));
    if (digits.length() > 1) {
      out.append('.').append(digits, 1, digits.length());
    }
    int magnitude = Math.abs(scale);
    out.append(scale < 0 ? "e-" : "e+").append(magnitude < 10 ? "0" : "").append(magnitude);
  }

  /** A nested value, as {@code [1, 2]}, {@code {'a': 1}} and {@code {k=v}}. */
  private static void cell(StringBuilder out, SqlType type, @Nullable Object value, ZoneId zone) {
    if (value == null) {
      out.append("NULL");
      return;
    }
    switch (type) {
      case SqlType.Array array -> {
        out.append('[');
        String separator = "";
        for (Object element : (List<?>) value) {
          out.append(separator);
          cell(out, array.element(), element, zone);
          separator = ", ";
        }
        out.append(']');
      }
      case SqlType.Row row -> {
        out.append('{');
        List<?> cells = (List<?>) value;
        for (int i = 0; i < cells.size(); i++) {
          out.append(i == 0 ? "'" : ", '").append(row.fields().get(i).name()).append("': ");
          cell(out, row.fields().get(i).type(), cells.get(i), zone);
        }
        out.append('}');
      }
      case SqlType.Map map -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
          out.append(separator);
          cell(out, map.key(), entry.getKey(), zone);
          out.append('=');
          cell(out, map.value(), entry.getValue(), zone);
          separator = ", ";
        }
        out.append('}');
      }
      case SqlType.Timestamp timestamp ->
          out.append(DateTimeText.text(timestamp, ((Number) value).longValue(), zone));
      case SqlType.Decimal ignored -> out.append(((BigDecimal) value).toPlainString());
      case SqlType.Simple simple -> simple(out, simple, value, zone);
    }
  }

  private static void simple(StringBuilder out, SqlType.Simple type, Object value, ZoneId zone) {
    switch (type.kind()) {
      case REAL -> appendDouble(out, Float.toString(((Number) value).floatValue()));
      case DOUBLE -> appendDouble(out, Double.toString(((Number) value).doubleValue()));
      case VARBINARY -> out.append("0x").append(HexFormat.of().formatHex((byte[]) value));
      case DATE, TIME, INTERVAL_MONTHS, INTERVAL_MICROS ->
          out.append(DateTimeText.text(type, ((Number) value).longValue(), zone));
      default -> out.append(value);
    }
  }
}
