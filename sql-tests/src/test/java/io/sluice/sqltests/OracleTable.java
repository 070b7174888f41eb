package io.sluice.sqltests;

import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table of a random case: what SQL makes it, and its rows as Java values (cells in the form of
 * {@code Expression.Literal}) in the order in which they are written.
 */
final class OracleTable {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSSSS");
  private static final long NANOS = 1_000_000_000;

  /** A column. */
  record Column(String name, SqlType type) {}

  final String name;
  final List<Column> columns;
  final List<List<@Nullable Object>> rows = new ArrayList<>();

  /** Of each row: the number of the commit that brought it into its present form, from 0. */
  final List<Integer> commitOf = new ArrayList<>();

  private int commits;
  private long numbered;

  OracleTable(String name, List<Column> columns) {
    this.name = name;
    this.columns = columns;
  }

  int index(String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    throw new IllegalArgumentException(name + " has no column " + column);
  }

  @Nullable Object cell(List<@Nullable Object> row, String column) {
    return row.get(index(column));
  }

  SqlType type(String column) {
    return columns.get(index(column)).type();
  }

  /**
   * @param more what follows the columns within the parentheses, or empty
   */
  String create(String more, int formatVersion) {
    String list =
        columns.stream()
            .map(c -> c.name() + " " + c.type().sql())
            .collect(Collectors.joining(", "));
    return "CREATE TABLE "
        + name
        + " ("
        + list
        + more
        + ") WITH ('format-version' = '"
        + formatVersion
        + "')";
  }

  /** Adds rows and gives the statement that writes them, all in one commit. */
  String insert(List<List<@Nullable Object>> added) {
    rows.addAll(added);
    added.forEach(row -> commitOf.add(commits));
    commits++;
    return "INSERT INTO "
        + name
        + " VALUES "
        + added.stream().map(this::tuple).collect(Collectors.joining(", "));
  }

  /** A number that no other row has. */
  long number() {
    return numbered++;
  }

  /** Adds one to {@code n} of the rows whose {@code number} has that remainder. */
  String update(String number, int divisor, int remainder) {
    for (int i = 0; i < rows.size(); i++) {
      Long n = (Long) cell(rows.get(i), "n");
      if (chosen(rows.get(i), number, divisor, remainder)) {
        rows.get(i).set(index("n"), n == null ? null : (Object) (n + 1));
        commitOf.set(i, commits);
      }
    }
    commits++;
    return "UPDATE "
        + name
        + " SET n = n + 1 WHERE "
        + number
        + " % "
        + divisor
        + " = "
        + remainder;
  }

  /** Deletes the rows whose {@code number} has that remainder. */
  String delete(String number, int divisor, int remainder) {
    for (int i = rows.size() - 1; i >= 0; i--) {
      if (chosen(rows.get(i), number, divisor, remainder)) {
        rows.remove(i);
        commitOf.remove(i);
      }
    }
    commits++;
    return "DELETE FROM " + name + " WHERE " + number + " % " + divisor + " = " + remainder;
  }

  private boolean chosen(List<@Nullable Object> row, String number, int divisor, int remainder) {
    return (Long) Objects.requireNonNull(cell(row, number)) % divisor == remainder;
  }

  private String tuple(List<@Nullable Object> row) {
    List<String> cells = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      cells.add(literal(columns.get(i).type(), row.get(i)));
    }
    return "(" + String.join(", ", cells) + ")";
  }

  private static String literal(SqlType type, @Nullable Object value) {
    if (value == null) {
      return "CAST(NULL AS " + type.sql() + ")";
    }
    return switch (type.kind()) {
      case VARCHAR -> "'" + value.toString().replace("'", "''") + "'";
      case DATE -> "DATE '" + LocalDate.ofEpochDay((Long) value) + "'";
      case TIMESTAMP -> "CAST('" + stamp(nanos(type, value)) + "' AS " + type.sql() + ")";
      case TIMESTAMP_TZ -> "CAST('" + stamp(nanos(type, value)) + "Z' AS " + type.sql() + ")";
      case DECIMAL -> "CAST('" + ((BigDecimal) value).toPlainString() + "' AS " + type.sql() + ")";
      default -> "CAST('" + value + "' AS " + type.sql() + ")";
    };
  }

  private static String stamp(long nanos) {
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    return STAMP.format(instant.atOffset(ZoneOffset.UTC));
  }

  /** An instant's nanoseconds since 1970. */
  static long nanos(SqlType type, Object value) {
    return ((SqlType.Timestamp) type).precision() == 9 ? (Long) value : (Long) value * 1000;
  }

  /** Order of SQL of two values that are not NULL. */
  static int compare(Object left, Object right) {
    return switch (left) {
      case Long a -> a.compareTo((Long) right);
      case BigDecimal a -> a.compareTo((BigDecimal) right);
      case Boolean a -> a.compareTo((Boolean) right);
      case Double a -> Double.compare(a + 0.0, (Double) right + 0.0);
      case String a ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8),
              ((String) right).getBytes(StandardCharsets.UTF_8));
      default -> throw new AssertionError(left);
    };
  }
}
