package io.sluice.engine.operator.aggregate.profile;

import io.sluice.engine.function.cast.CellText;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes a column's profile as one JSON object; docs/sql.md lists its members. */
public final class ProfileJson {
  private static final int[] PERCENT = {1, 5, 25, 50, 75, 95, 99};
  private static final int MOST_FREQUENT = 20;

  /** Longer texts are cut. */
  private static final int CODE_POINTS = 256;

  private final SqlType type;
  private final StringBuilder out = new StringBuilder(256);
  private final long nans;
  private final @Nullable Double mean;
  private final @Nullable Double deviation;

  /**
   * @param rows NULLs included
   * @param nulls of these
   * @param nans of the others
   * @param mean of numbers whose sums are not in the profile, or null
   * @param deviation the same
   */
  public ProfileJson(
      SqlType type,
      long rows,
      long nulls,
      long nans,
      @Nullable Double mean,
      @Nullable Double deviation) {
    this.type = type;
    this.nans = nans;
    this.mean = mean;
    this.deviation = deviation;
    out.append("{\"count\":").append(rows).append(",\"nulls\":").append(nulls);
  }

  /** The whole object. */
  public String finish() {
    return out.append('}').toString();
  }

  private StringBuilder member(String name) {
    return out.append(",\"").append(name).append("\":");
  }

  private boolean isTime() {
    return switch (type.kind()) {
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS -> true;
      default -> false;
    };
  }

  void distinct(long different, boolean exact) {
    member("distinct").append(different + (nans > 0 ? 1 : 0));
    member("distinct_exact").append(exact);
    if (type.isFloating()) {
      member("nans").append(nans);
    }
  }

  /** Of values as {@link #cell} writes them. */
  void extremes(@Nullable String least, @Nullable String greatest) {
    member("min").append(least);
    member("max").append(greatest);
  }

  /** Mean and standard deviation, from the profile where it keeps them. */
  void moments(@Nullable WordProfile integers) {
    if (isTime()) {
      member("mean")
          .append(
              integers != null && integers.count() > 0
                  ? cell(Domain.TIME, integers.meanInteger())
                  : null);
    } else if (type.isNumeric()) {
      int scale = type instanceof SqlType.Decimal decimal ? decimal.scale() : 0;
      if (integers != null && integers.count() > 0) {
        member("mean").append(number(integers.mean(scale)));
        member("stddev").append(number(integers.deviation(scale)));
      } else {
        member("mean").append(number(mean));
        member("stddev").append(number(deviation));
      }
    }
  }

  void distribution(Distribution distribution, boolean exact) {
    if (!type.isNumeric() && !isTime()) {
      return;
    }
    member("quantiles_exact").append(exact);
    if (distribution.isEmpty()) {
      member("quantiles").append("null");
      member("histogram").append("null");
      return;
    }
    member("quantiles");
    char separator = '{';
    for (int percent : PERCENT) {
      long value = distribution.quantile(percent);
      out.append(separator).append("\"0.").append(percent < 10 ? "0" : "");
      out.append(percent % 10 == 0 ? percent / 10 : percent);
      out.append("\":").append(cell(distribution.domain(), value));
      separator = ',';
    }
    out.append('}');
    histogram(distribution);
  }

  private void histogram(Distribution distribution) {
    double[] edges = distribution.edges();
    if (edges.length == 0) {
      member("histogram").append("null");
      return;
    }
    member("histogram");
    char separator = '[';
    out.append("{\"edges\":");
    for (double edge : edges) {
      out.append(separator).append(edge(distribution.domain(), edge));
      separator = ',';
    }
    separator = '[';
    out.append("],\"counts\":");
    for (long count : distribution.bars(edges)) {
      out.append(separator).append(count);
      separator = ',';
    }
    out.append("]}");
  }

  private String edge(Domain domain, double edge) {
    if (domain == Domain.TIME) {
      return cell(domain, (long) edge);
    }
    boolean scaled = domain == Domain.INTEGER && type instanceof SqlType.Decimal;
    int scale = type instanceof SqlType.Decimal decimal ? decimal.scale() : 0;
    return number(scaled ? (Double) new BigDecimal(edge).movePointLeft(scale).doubleValue() : edge);
  }

  /**
   * The most frequent values; of equally frequent ones the least.
   *
   * @param times of all values, ascending by value; null if they are not known
   */
  void top(long @Nullable [] times, IntFunction<String> cell) {
    if (times == null) {
      member("top").append("null");
      return;
    }
    int[] order =
        IntStream.range(0, times.length)
            .boxed()
            .sorted(Comparator.comparingLong((Integer i) -> -times[i]))
            .limit(MOST_FREQUENT)
            .mapToInt(Integer::intValue)
            .toArray();
    member("top").append('[');
    String separator = "";
    for (int i : order) {
      out.append(separator).append("{\"value\":").append(cell.apply(i));
      out.append(",\"count\":").append(times[i]).append('}');
      separator = ",";
    }
    out.append(']');
  }

  // ---- values

  /** A value of a {@link WordProfile} as JSON. */
  String cell(Domain domain, long value) {
    if (domain == Domain.FLOATING) {
      return number(Domain.floating(value));
    }
    return switch (type) {
      case SqlType.Decimal decimal -> BigDecimal.valueOf(value, decimal.scale()).toPlainString();
      case SqlType.Timestamp timestamp -> quoted(CellText.text(timestamp, value, ZoneOffset.UTC));
      default ->
          switch (type.kind()) {
            case BOOLEAN -> String.valueOf(value != 0);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> String.valueOf(value);
            default -> quoted(CellText.text(type, value, ZoneOffset.UTC));
          };
    };
  }

  /** A value of a {@link BytesProfile} as JSON. */
  String cell(byte[] value) {
    return switch (type.kind()) {
      case DECIMAL -> decimal(value).toPlainString();
      case VARCHAR -> quoted(new String(value, StandardCharsets.UTF_8));
      case UUID -> {
        ByteBuffer bytes = ByteBuffer.wrap(value);
        yield quoted(new UUID(bytes.getLong(), bytes.getLong()).toString());
      }
      default -> quoted(CellText.text(type, value, ZoneOffset.UTC));
    };
  }

  /** A decimal in the form of {@link BytesProfile}, big-endian with the sign flipped. */
  private BigDecimal decimal(byte[] value) {
    byte[] signed = value.clone();
    signed[0] ^= (byte) 0x80;
    int scale = type instanceof SqlType.Decimal decimal ? decimal.scale() : 0;
    return new BigDecimal(new BigInteger(signed), scale);
  }

  double number(byte[] value) {
    return decimal(value).doubleValue();
  }

  private String number(@Nullable Double value) {
    if (value == null || value.isNaN()) {
      return "null";
    }
    if (value.isInfinite()) {
      return value > 0 ? "\"inf\"" : "\"-inf\"";
    }
    boolean real = type.kind() == SqlType.Kind.REAL && value == value.floatValue();
    return CellText.text(real ? SqlType.REAL : SqlType.DOUBLE, value, ZoneOffset.UTC);
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    boolean cut = text.codePointCount(0, text.length()) > CODE_POINTS;
    int end = cut ? text.offsetByCodePoints(0, CODE_POINTS) : text.length();
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append("\\u00").append(c < 16 ? "0" : "").append(Integer.toHexString(c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append(cut ? "…\"" : "\"").toString();
  }
}
