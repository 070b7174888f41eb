package io.sluice.sqltests;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** DuckDB in memory, executing the records that ask for a second opinion. */
final class DuckDbJudge implements AutoCloseable {
  private static final DateTimeFormatter STAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter();

  private final Connection connection;

  DuckDbJudge() throws SQLException {
    connection = DriverManager.getConnection("jdbc:duckdb:");
    execute("SET TimeZone = 'UTC'");
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The rows as lines; of an update its count. */
  List<String> query(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return List.of(Long.toString(statement.getUpdateCount()));
      }
      return rows(statement);
    }
  }

  private static List<String> rows(Statement statement) throws SQLException {
    try (ResultSet rows = statement.getResultSet()) {
      List<String> lines = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (int c = 1; c <= columns; c++) {
          cells.add(text(rows.getObject(c)));
        }
        lines.add(String.join("\t", cells));
      }
      return lines;
    }
  }

  private static String entries(java.util.Map<?, ?> map) throws SQLException {
    List<String> entries = new ArrayList<>();
    for (var entry : map.entrySet()) {
      entries.add(text(entry.getKey()) + "=" + text(entry.getValue()));
    }
    return "{" + String.join(", ", entries) + "}";
  }

  private static String text(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> "NULL";
      case java.sql.Array array -> {
        List<String> items = new ArrayList<>();
        for (Object item : (Object[]) array.getArray()) {
          items.add(text(item));
        }
        yield "[" + String.join(", ", items) + "]";
      }
      case org.duckdb.DuckDBStruct struct -> entries(struct.getMap());
      case java.util.Map<?, ?> map -> entries(map);
      case String string -> string.isEmpty() ? "(empty)" : string.replace("\n", "\\n");
      case java.sql.Timestamp stamp -> STAMP.format(stamp.toLocalDateTime());
      case LocalDateTime stamp -> STAMP.format(stamp);
      case OffsetDateTime stamp -> STAMP.format(stamp.withOffsetSameInstant(ZoneOffset.UTC)) + "Z";
      case java.sql.Date date -> date.toLocalDate().toString();
      case LocalDate date -> date.toString();
      case java.sql.Time time -> time.toLocalTime().toString();
      case LocalTime time -> time.toString();
      case byte[] bytes -> "x'" + HexFormat.of().formatHex(bytes) + "'";
      case java.math.BigDecimal decimal -> decimal.toPlainString();
      default -> value.toString();
    };
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
