package io.sluice.engine.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Functions over random columns give what DuckDB gives, wherever both mean the same. What is an
 * error is NULL on both sides.
 */
@ExtendWith(AllocatorExtension.class)
class DuckDbFunctionsTest {
  private static final int ROWS = 200;
  private static Connection duck;

  @BeforeAll
  static void open() throws SQLException {
    duck = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
    }
  }

  @AfterAll
  static void close() throws SQLException {
    duck.close();
  }

  @ParameterizedTest
  @MethodSource("io.sluice.engine.expression.FunctionCases#all")
  void agreesWithDuckDb(FunctionCases.Case test, BufferAllocator allocator) throws SQLException {
    long seed = 20_261_124L + test.toString().hashCode();
    RandomCells random = new RandomCells(seed);
    List<List<@Nullable Object>> columns = new ArrayList<>();
    List<Expression> inputs = new ArrayList<>();
    for (int c = 0; c < test.types().size(); c++) {
      columns.add(random.column(test.types().get(c), ROWS));
      inputs.add(Expressions.input(c, test.types().get(c)));
    }
    Expression expression = test.expression().apply(inputs);
    List<@Nullable Object> actual =
        Expressions.evaluateAllForms(
            allocator, new Expression.Try(expression), test.types(), columns, ZoneOffset.UTC);
    List<@Nullable Object> expected = duck(test, columns, expression.type());
    for (int row = 0; row < ROWS; row++) {
      if (!same(expected.get(row), actual.get(row))) {
        List<@Nullable Object> arguments = new ArrayList<>();
        for (List<@Nullable Object> column : columns) {
          arguments.add(column.get(row));
        }
        fail(
            test
                + " "
                + arguments
                + ": DuckDB "
                + expected.get(row)
                + ", Sluice "
                + actual.get(row)
                + ", seed "
                + seed);
      }
    }
    assertEquals(ROWS, expected.size());
  }

  private static boolean same(@Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof Double a && actual instanceof Double b) {
      // Library functions may differ in the last bits.
      return a.equals(b) || a == b.doubleValue() || Math.abs(a - b) <= 1e-14 * Math.abs(a);
    }
    if (expected instanceof BigDecimal a && actual instanceof BigDecimal b) {
      return a.compareTo(b) == 0;
    }
    return java.util.Objects.equals(expected, actual);
  }

  // ---- DuckDB

  private static List<@Nullable Object> duck(
      FunctionCases.Case test, List<List<@Nullable Object>> columns, SqlType result)
      throws SQLException {
    StringBuilder create = new StringBuilder("CREATE OR REPLACE TEMP TABLE t (id INTEGER");
    for (int c = 0; c < columns.size(); c++) {
      create
          .append(", c")
          .append(c)
          .append(' ')
          .append(FunctionCases.duckType(test.types().get(c)));
    }
    StringBuilder insert = new StringBuilder("INSERT INTO t VALUES ");
    for (int row = 0; row < ROWS; row++) {
      insert.append(row == 0 ? "(" : ", (").append(row);
      for (int c = 0; c < columns.size(); c++) {
        insert.append(", ").append(duckLiteral(test.types().get(c), columns.get(c).get(row)));
      }
      insert.append(')');
    }
    List<@Nullable Object> cells = new ArrayList<>();
    try (Statement statement = duck.createStatement()) {
      statement.execute(create.append(')').toString());
      statement.execute(insert.toString());
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT " + readable("TRY(" + test.sql() + ")", result) + " FROM t ORDER BY id")) {
        while (rows.next()) {
          cells.add(cell(rows, result));
        }
      }
    }
    return cells;
  }

  private static String duckLiteral(SqlType type, @Nullable Object value) {
    if (value == null) {
      return "NULL";
    }
    return switch (type.kind()) {
      case VARCHAR -> "'" + value.toString().replace("'", "''") + "'";
      case REAL, DOUBLE -> "'" + value + "'::" + type.sql();
      case DECIMAL -> "'" + ((BigDecimal) value).toPlainString() + "'::" + type.sql();
      case DATE -> "DATE '1970-01-01' + " + value;
      case TIME -> "TIME '00:00:00' + to_microseconds(" + value + ")";
      case TIMESTAMP -> "make_timestamp(" + value + "::BIGINT)";
      case TIMESTAMP_TZ -> "make_timestamptz(" + value + "::BIGINT)";
      case BIGINT -> "'" + value + "'::BIGINT";
      default -> value.toString();
    };
  }

  private static String readable(String sql, SqlType type) {
    return switch (type.kind()) {
      case DATE -> "(" + sql + ")::DATE - DATE '1970-01-01'";
      case TIME -> "epoch_us(" + sql + ")";
      case TIMESTAMP, TIMESTAMP_TZ -> "epoch_us(" + sql + ")";
      case DOUBLE, REAL -> "(" + sql + ")::DOUBLE";
      default -> sql;
    };
  }

  private static @Nullable Object cell(ResultSet rows, SqlType type) throws SQLException {
    Object value = rows.getObject(1);
    if (value == null) {
      return null;
    }
    return switch (type.kind()) {
      case BOOLEAN -> rows.getBoolean(1);
      case REAL, DOUBLE -> ((Number) value).doubleValue();
      case DECIMAL -> value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString());
      case VARCHAR -> value.toString();
      default ->
          value instanceof LocalDateTime time
              ? time.toEpochSecond(ZoneOffset.UTC)
              : ((Number) value).longValue();
    };
  }
}
