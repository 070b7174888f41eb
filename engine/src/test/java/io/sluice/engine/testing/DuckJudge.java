package io.sluice.engine.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** DuckDB as an independent judge: the same rows, the same question in SQL. */
public final class DuckJudge implements AutoCloseable {
  private final Connection connection;

  public DuckJudge() {
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
      execute("SET TimeZone = 'UTC'");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs statements without a result. */
  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** Creates a table; cells are in the form of {@code Expression.Literal}. */
  public DuckJudge table(String name, Map<String, SqlType> columns, List<? extends List<?>> rows) {
    List<String> definitions = new ArrayList<>();
    columns.forEach((column, type) -> definitions.add(column + " " + typeName(type)));
    execute("CREATE OR REPLACE TABLE " + name + " (" + String.join(", ", definitions) + ")");
    List<SqlType> types = List.copyOf(columns.values());
    for (int from = 0; from < rows.size(); from += 500) {
      StringBuilder sql = new StringBuilder("INSERT INTO " + name + " VALUES ");
      for (int i = from; i < Math.min(rows.size(), from + 500); i++) {
        sql.append(i == from ? "(" : ", (");
        for (int c = 0; c < types.size(); c++) {
          sql.append(c == 0 ? "" : ", ").append(literal(types.get(c), rows.get(i).get(c)));
        }
        sql.append(')');
      }
      execute(sql.toString());
    }
    return this;
  }

  private static String typeName(SqlType type) {
    return switch (type.kind()) {
      case TIME -> "TIME";
      case TIMESTAMP -> ((SqlType.Timestamp) type).precision() == 9 ? "TIMESTAMP_NS" : "TIMESTAMP";
      case TIMESTAMP_TZ -> "TIMESTAMPTZ";
      default -> type.sql();
    };
  }

  private static String literal(SqlType type, @Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    return switch (type.kind()) {
      case DATE -> "DATE '1970-01-01' + (" + value + ")::INTEGER";
      case TIMESTAMP -> "make_timestamp(" + value + ")";
      case TIMESTAMP_TZ -> "make_timestamp(" + value + ") AT TIME ZONE 'UTC'";
      case TIME -> "TIME '00:00:00' + to_microseconds(" + value + ")";
      case REAL, DOUBLE, UUID, DECIMAL -> "'" + value + "'::" + type.sql();
      case VARCHAR -> "'" + value.toString().replace("'", "''") + "'";
      case VARBINARY -> "from_hex('" + HexFormat.of().formatHex((byte[]) value) + "')";
      default -> value.toString();
    };
  }

  /** The rows of a query, cells in the form of {@code Expression.Literal}. */
  public List<List<@Nullable Object>> query(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet results = statement.executeQuery(sql)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      int columns = results.getMetaData().getColumnCount();
      while (results.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int c = 1; c <= columns; c++) {
          row.add(cell(results.getObject(c)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private static @Nullable Object cell(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Byte number -> number.longValue();
      case Short number -> number.longValue();
      case Integer number -> number.longValue();
      case BigInteger number -> number.longValueExact();
      case Float number -> number.doubleValue();
      case LocalDate date -> date.toEpochDay();
      case Timestamp timestamp ->
          ChronoUnit.MICROS.between(
              LocalDateTime.of(1970, 1, 1, 0, 0), timestamp.toLocalDateTime());
      case OffsetDateTime time ->
          ChronoUnit.MICROS.between(
              LocalDateTime.of(1970, 1, 1, 0, 0),
              time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime());
      case Blob blob ->
          new String(blob.getBytes(1, (int) blob.length()), StandardCharsets.ISO_8859_1);
      default -> value;
    };
  }

  /**
   * Fails where two sets of rows differ; doubles may by a part in 10^9, as the judge rounds more
   * than once.
   */
  public static void assertSameRows(
      List<? extends List<?>> expected, List<? extends List<?>> actual, String context) {
    List<List<@Nullable Object>> left = PlanRunner.sorted(plain(expected));
    List<List<@Nullable Object>> right = PlanRunner.sorted(plain(actual));
    if (left.size() != right.size()) {
      fail(
          context
              + ": "
              + left.size()
              + " rows expected, got "
              + right.size()
              + "\n"
              + firstDifference(left, right));
    }
    for (int i = 0; i < left.size(); i++) {
      for (int c = 0; c < left.get(i).size(); c++) {
        Object a = left.get(i).get(c);
        Object b = right.get(i).get(c);
        if (!same(a, b)) {
          assertEquals(left.get(i), right.get(i), context + ", row " + i + ", column " + c);
          fail(context + ": " + a + " " + b);
        }
      }
    }
  }

  private static String firstDifference(List<?> left, List<?> right) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      Object a = i < left.size() ? left.get(i) : null;
      Object b = i < right.size() ? right.get(i) : null;
      if (a == null || !a.equals(b)) {
        return "row " + i + ": expected " + a + ", got " + b;
      }
    }
    return "";
  }

  /** Doubles by their shortest form, so that both sides sort alike. */
  private static List<List<@Nullable Object>> plain(List<? extends List<?>> rows) {
    List<List<@Nullable Object>> copies = new ArrayList<>();
    for (List<?> row : rows) {
      List<@Nullable Object> copy = new ArrayList<>();
      for (Object value : row) {
        copy.add(
            switch (value) {
              case byte[] bytes -> new String(bytes, StandardCharsets.ISO_8859_1);
              case Double number when number == 0 -> (Object) 0.0;
              case null, default -> value;
            });
      }
      copies.add(copy);
    }
    return copies;
  }

  private static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Double x && b instanceof Double y) {
      // the judge rounds at every step, so what should be 0 comes out as 1e-17
      double scale = Math.max(Math.abs(x), Math.abs(y));
      return x.equals(y) || Math.abs(x - y) <= Math.max(1e-15, 1e-9 * scale);
    }
    if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
      return x.compareTo(y) == 0;
    }
    return a == null ? b == null : a.equals(b);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
