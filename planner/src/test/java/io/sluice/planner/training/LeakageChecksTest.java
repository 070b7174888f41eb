package io.sluice.planner.training;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalogs;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.testing.TestPipeline;
import io.sluice.planner.training.DatasetDefinition.Label;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.sql.SqlNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows; leakage.slt has everything else. */
class LeakageChecksTest {
  private static void check(String sql) {
    try (TestPipeline pipeline =
        new TestPipeline(
            "CREATE TABLE weather (origin VARCHAR, at TIMESTAMP, temp DOUBLE, EVENT TIME (at))",
            "CREATE TABLE flights (id BIGINT, carrier VARCHAR, origin VARCHAR, ts TIMESTAMP, x DOUBLE, y DOUBLE)",
            "CREATE TABLE timed (id BIGINT, carrier VARCHAR, ts TIMESTAMP, x DOUBLE, y DOUBLE, EVENT TIME (ts))")) {
      Catalogs catalogs = new Catalogs();
      catalogs.add(pipeline.lake());
      StatementTables tables = new StatementTables(catalogs, pipeline.session());
      SqlNode query = Sql.query(sql);
      RelNode form = new QueryPlanner(Set.of()).form(query, tables, ZoneOffset.UTC, List.of());
      DatasetDefinition definition =
          new DatasetDefinition(
              sql,
              "lake",
              "main",
              "UTC",
              List.of("id"),
              "ts",
              List.of(new Label("y", null)),
              null,
              null,
              Map.of());
      LeakageChecks.of(query, definition, form, form.getRowType().getFieldNames(), tables).check();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT f.*, w.m FROM flights f LEFT ASOF JOIN (SELECT origin, at, AVG(temp) OVER (PARTITION BY"
            + " origin ORDER BY at ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS m FROM weather) w"
            + " MATCH_CONDITION (w.at <= f.ts) ON w.origin = f.origin",
        "SELECT f.*, AVG(f.x) OVER (PARTITION BY carrier) AS m FROM flights f",
        "SELECT f.*, SUM(f.x) OVER (PARTITION BY carrier ORDER BY ts) AS m FROM timed f",
        "SELECT f.*, COUNT(*) OVER (PARTITION BY carrier ORDER BY ts ROWS BETWEEN 9 PRECEDING AND 1"
            + " PRECEDING) AS m FROM timed f",
        "SELECT f.*, SUM(w.temp) OVER (PARTITION BY carrier ORDER BY f.ts) AS m FROM flights f LEFT ASOF"
            + " JOIN weather w MATCH_CONDITION (w.at <= f.ts) ON w.origin = f.origin",
        "SELECT f.id, f.ts, f.x, AVG(f.y) OVER (PARTITION BY carrier) AS y FROM flights f",
      })
  void bounded(String sql) {
    assertDoesNotThrow(() -> check(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT f.*, w.m FROM flights f LEFT ASOF JOIN (SELECT origin, at, AVG(temp) OVER (PARTITION BY"
            + " origin) AS m FROM weather) w MATCH_CONDITION (w.at <= f.ts) ON w.origin = f.origin",
        "SELECT f.*, w.m FROM flights f LEFT ASOF JOIN (SELECT origin, at, AVG(temp) OVER (PARTITION BY"
            + " origin ORDER BY at DESC) AS m FROM weather) w MATCH_CONDITION (w.at <= f.ts) ON w.origin ="
            + " f.origin",
        "SELECT f.*, w.m FROM flights f LEFT ASOF JOIN (SELECT origin, at, AVG(temp) OVER (PARTITION BY"
            + " origin ORDER BY at ROWS BETWEEN 3 PRECEDING AND 1 FOLLOWING) AS m FROM weather) w"
            + " MATCH_CONDITION (w.at <= f.ts) ON w.origin = f.origin",
        "SELECT f.*, AVG(w.temp) OVER (PARTITION BY carrier) AS m FROM flights f LEFT ASOF JOIN weather w"
            + " MATCH_CONDITION (w.at <= f.ts) ON w.origin = f.origin",
        "SELECT f.*, SUM(f.x) OVER (PARTITION BY carrier) AS m FROM timed f",
        "SELECT f.*, COUNT(*) OVER (PARTITION BY carrier) AS m FROM timed f",
        "SELECT f.*, AVG(f.y) OVER (PARTITION BY carrier) AS m FROM flights f",
        "SELECT f.*, SUM(f.y) OVER (PARTITION BY carrier ORDER BY ts ROWS BETWEEN 3 PRECEDING AND 1"
            + " PRECEDING) AS m FROM flights f",
      })
  void refused(String sql) {
    EngineException failure = assertThrows(EngineException.class, () -> check(sql));
    assertEquals(ErrorCode.LEAKAGE, failure.code());
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("a window over"), message);
    int call =
        java.util.stream.Stream.of("AVG(", "SUM(", "COUNT(")
            .mapToInt(sql::indexOf)
            .filter(at -> at >= 0)
            .min()
            .orElseThrow();
    assertTrue(message.contains("column " + (call + 1) + ":"), message);
  }
}
