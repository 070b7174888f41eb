package io.sluice.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.planner.testing.TestPipeline;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Statements that are no queries. */
class StatementsTest {
  private final TestPipeline pipeline = new TestPipeline();

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void declarationsAreDescribed() {
    pipeline.run("CREATE SCHEMA shop");
    pipeline.run("CREATE SCHEMA IF NOT EXISTS shop");
    pipeline.run(
        "CREATE TABLE shop.users (id BIGINT, city VARCHAR COMMENT 'home', seen TIMESTAMP,"
            + " got TIMESTAMP WITH TIME ZONE, PRIMARY KEY (id) NOT ENFORCED, EVENT TIME (seen),"
            + " INGESTION TIME (got), FOREIGN KEY (city) REFERENCES cities (name) NOT ENFORCED)"
            + " COMMENT 'all of them' WITH ('format-version' = '3', write.target = 1)");
    assertEquals(
        List.of(
            row("id", "BIGINT", "NO", "PRIMARY KEY", null),
            row("city", "VARCHAR", "YES", "REFERENCES cities", "home"),
            row("seen", "TIMESTAMP(6)", "YES", "EVENT TIME", null),
            row("got", "TIMESTAMP(6) WITH TIME ZONE", "YES", "INGESTION TIME", null)),
        pipeline.run("DESCRIBE shop.users"));
    String sql = String.valueOf(pipeline.run("SHOW CREATE TABLE shop.USERS").getFirst().getFirst());
    assertTrue(sql.contains("PRIMARY KEY (id) NOT ENFORCED"), sql);
    pipeline.run(sql.replace("lake.shop.users", "again"));
    assertEquals(pipeline.run("DESCRIBE shop.users"), pipeline.run("DESCRIBE again"));
    assertEquals(
        List.of(row("information_schema"), row("main"), row("shop")), pipeline.run("SHOW SCHEMAS"));
    assertEquals(List.of(row("lake", "embedded", null)), pipeline.run("SHOW CATALOGS"));
    assertTrue(pipeline.error("DROP SCHEMA shop").startsWith("SCHEMA_NOT_EMPTY"));
    pipeline.run("DROP SCHEMA shop CASCADE");
    pipeline.run("DROP SCHEMA IF EXISTS shop");
    pipeline.run("DROP TABLE IF EXISTS shop.users");
  }

  private static List<@org.jspecify.annotations.Nullable Object> row(
      @org.jspecify.annotations.Nullable Object... cells) {
    return java.util.Arrays.asList(cells);
  }

  @Test
  void viewsStandForTheirQueries() {
    pipeline.run("CREATE TABLE t (a INTEGER, b VARCHAR)");
    pipeline.run("CREATE VIEW v (x, y) AS SELECT a + 1, b FROM t WHERE a > 0");
    pipeline.run("CREATE VIEW w AS SELECT x FROM v WHERE y = 'q'");
    assertEquals("x INTEGER, y VARCHAR", pipeline.columns("SELECT * FROM v"));
    String plan = pipeline.plan("SELECT * FROM w");
    assertTrue(plan.contains("lake.main.t"), plan);
    assertTrue(pipeline.error("CREATE VIEW w AS SELECT 1").startsWith("ALREADY_EXISTS"));
    pipeline.run("CREATE OR REPLACE VIEW w AS SELECT 1 AS one");
    assertEquals("one INTEGER NOT NULL", pipeline.columns("SELECT * FROM w"));
    assertTrue(pipeline.error("DROP TABLE w").contains("use DROP VIEW"));
    pipeline.run("DROP VIEW w");
  }

  @Test
  void aSessionRemembers() {
    pipeline.run("CREATE SCHEMA other");
    pipeline.run("CREATE TABLE other.t (a INTEGER)");
    pipeline.run("USE lake.other");
    assertEquals("a INTEGER", pipeline.columns("SELECT * FROM t"));
    pipeline.run("SET TIME ZONE 'Europe/Berlin'");
    assertEquals("Europe/Berlin", pipeline.session().zone().getId());
    pipeline.run("RESET TIME ZONE");
    assertEquals("Z", pipeline.session().zone().getId());
    assertTrue(pipeline.error("SET TIME ZONE 'Europe/Berln'").contains("Europe/Berlin"));
    assertTrue(pipeline.error("SET time_zne = 'UTC'").contains("time_zone"));
  }

  @Test
  void explainGivesThePlan() {
    pipeline.run("CREATE TABLE t (a INTEGER, b VARCHAR)");
    assertEquals(
        List.of(row("Project b"), row("  Scan lake.main.t [a, b] where a = 1")),
        pipeline.run("EXPLAIN SELECT b FROM t WHERE a = 1"));
    String analyzed = pipeline.run("EXPLAIN ANALYZE SELECT b FROM t WHERE a = 1").toString();
    assertTrue(
        analyzed.contains("rows: 0") && analyzed.contains("snapshot of lake.main.t: 1"), analyzed);
  }

  @Test
  void versionsArePartOfThePlan() {
    pipeline.run("CREATE TABLE t (a INTEGER)");
    assertTrue(
        pipeline
            .plan("SELECT * FROM t FOR SYSTEM_TIME AS OF '2024-01-01' x")
            .contains("as of 1704067200000000 us"));
    assertTrue(pipeline.plan("SELECT t.a FROM t FOR VERSION AS OF 42").contains("42"));
    assertTrue(pipeline.plan("SELECT a FROM t FOR VERSION AS OF 'nightly'").contains("nightly"));
    assertTrue(
        pipeline
            .plan(
                "SELECT a FROM t FOR TIMESTAMP AS OF TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' DAY")
            .contains("as of 1704153600000000 us"));
  }
}
