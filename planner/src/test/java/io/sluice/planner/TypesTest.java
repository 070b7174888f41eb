package io.sluice.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.testing.TestPipeline;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Types of columns, expressions and parameters. */
class TypesTest {
  private final TestPipeline pipeline =
      new TestPipeline(
          "CREATE TABLE t (i INTEGER NOT NULL, b BIGINT, d DECIMAL(10,2), f DOUBLE, r REAL, s VARCHAR,"
              + " ts TIMESTAMP, tz TIMESTAMP WITH TIME ZONE, ns TIMESTAMP(9), dt DATE, u UUID)");

  @AfterEach
  void close() {
    pipeline.close();
  }

  private void types(String expressions, String expected) {
    assertEquals(expected, pipeline.columns("SELECT " + expressions + " FROM t"));
  }

  @Test
  void columnsKeepTheirTypes() {
    assertEquals(
        "i INTEGER NOT NULL, b BIGINT, d DECIMAL(10, 2), f DOUBLE, r REAL, s VARCHAR, ts"
            + " TIMESTAMP(6), tz TIMESTAMP(6) WITH TIME ZONE, ns TIMESTAMP(9), dt DATE, u UUID",
        pipeline.columns("SELECT * FROM t"));
  }

  @Test
  void aggregates() {
    types(
        "SUM(i) a, SUM(d) b, AVG(i) c, AVG(d) e, STDDEV(i) g, COUNT(*) n, MIN(s) m, SUM(f) h",
        "a BIGINT, b DECIMAL(38, 2), c DOUBLE, e DOUBLE, g DOUBLE, n BIGINT NOT NULL, m VARCHAR, h"
            + " DOUBLE");
  }

  @Test
  void literals() {
    types(
        "'a' a, 1 b, 10000000000 c, 1.50 e, 1e3 g, DATE '2020-01-01' h, TRUE j, NULL k",
        "a VARCHAR NOT NULL, b INTEGER NOT NULL, c BIGINT NOT NULL, e DECIMAL(3, 2) NOT NULL, g"
            + " DOUBLE NOT NULL, h DATE NOT NULL, j BOOLEAN NOT NULL, k NULL");
    types(
        "TIMESTAMP '2020-01-01 00:00:00' a, TIMESTAMP '2020-01-01 00:00:00.123456789' b,"
            + " TIMESTAMP '2020-01-01 00:00:00+02:00' c",
        "a TIMESTAMP(6) NOT NULL, b TIMESTAMP(9) NOT NULL, c TIMESTAMP(6) WITH TIME ZONE NOT NULL");
  }

  @Test
  void arithmetic() {
    types(
        "i / 2 a, i + b c, d * d e, f + i g, ts + INTERVAL '1' DAY h, ts - ts j",
        "a INTEGER NOT NULL, c BIGINT, e DECIMAL(20, 4), g DOUBLE, h TIMESTAMP(6), j INTERVAL DAY TO"
            + " SECOND");
  }

  @Test
  void unnamedColumnsAreNamedAfterTheirExpressions() {
    types("COUNT(*), MAX(i)", "COUNT(*) BIGINT NOT NULL, MAX(i) INTEGER");
  }

  @Test
  void aLocalAndAZonedTimestampNeverCompare() {
    String error = pipeline.error("SELECT * FROM t WHERE ts < tz");
    assertTrue(error.startsWith("TYPE_MISMATCH: line 1, column 23"), error);
    assertTrue(error.contains("AT TIME ZONE"), error);
    pipeline.plan("SELECT * FROM t WHERE ts AT TIME ZONE 'America/New_York' < tz");
    pipeline.plan("SELECT * FROM t WHERE tz < '2020-01-01' AND ts < '2020-01-01'");
    pipeline.plan("SELECT * FROM t WHERE tz < TIMESTAMP '2020-01-01 00:00:00'");
  }

  private String parameters(String sql) {
    return pipeline.prepare(sql).parameters().toString();
  }

  @Test
  void parametersTakeTheTypeThatTheTextGivesThem() {
    assertEquals("[VARCHAR]", parameters("SELECT ?"));
    assertEquals("[VARCHAR]", parameters("SELECT UPPER(?)"));
    assertEquals("[VARCHAR, VARCHAR]", parameters("VALUES (?, ?)"));
    assertEquals("[BIGINT]", parameters("SELECT * FROM t WHERE b = ?"));
    assertEquals("[TIMESTAMP(6)]", parameters("SELECT * FROM t WHERE ts > ? - INTERVAL '1' DAY"));
    assertEquals("[DECIMAL(10, 2), DATE]", parameters("SELECT * FROM t WHERE d > ? AND dt < ?"));
    assertEquals("[INTEGER, VARCHAR]", parameters("INSERT INTO t (i, s) VALUES (?, ?)"));
  }

  @Test
  void boundValuesDecideWhatTheTextLeavesOpen() {
    assertEquals(
        List.of(List.of(7L, "x")),
        pipeline.run(
            "SELECT ?, ?",
            new Expression.Literal(7L, SqlType.BIGINT),
            new Expression.Literal("x", SqlType.VARCHAR)));
    assertEquals(
        List.of(List.of("ABC")),
        pipeline.run("SELECT UPPER(?)", new Expression.Literal("abc", SqlType.VARCHAR)));
    assertEquals(
        List.of(List.of(1L, "a"), List.of(2L, "b")),
        pipeline.run(
            "SELECT * FROM (VALUES (?, ?), (?, ?)) v(x, y) ORDER BY x",
            new Expression.Literal(2L, SqlType.INTEGER),
            new Expression.Literal("b", SqlType.VARCHAR),
            new Expression.Literal(1L, SqlType.INTEGER),
            new Expression.Literal("a", SqlType.VARCHAR)));
  }
}
