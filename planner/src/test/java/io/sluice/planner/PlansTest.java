package io.sluice.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.planner.testing.TestPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What statements are planned into. */
class PlansTest {
  private final TestPipeline pipeline =
      new TestPipeline(
          "CREATE TABLE l (k BIGINT, k2 VARCHAR, ts TIMESTAMP, x DOUBLE)",
          "CREATE TABLE r (k BIGINT, k2 VARCHAR, ts TIMESTAMP, ing TIMESTAMP, v DOUBLE, w INTEGER)",
          "CREATE TABLE big (id BIGINT, small_id BIGINT, name VARCHAR)",
          "CREATE TABLE small (id BIGINT, name VARCHAR)");

  @AfterEach
  void close() {
    pipeline.close();
  }

  private void plans(String sql, String expected) {
    assertEquals(expected.strip(), pipeline.plan(sql));
  }

  @Test
  void aFilterGoesIntoTheScanAndColumnsThatNobodyReadsAreNotRead() {
    plans(
        "SELECT x FROM l WHERE k = 1 AND x > 0.5",
        """
        Project x
          Scan lake.main.l [k, x] where (k = 1) AND (x > 0.5)""");
  }

  @Test
  void constantsAreFolded() {
    plans(
        "SELECT x FROM l WHERE ts >= TIMESTAMP '2020-01-01 00:00:00' - INTERVAL '1' DAY",
        """
        Project x
          Scan lake.main.l [ts, x] where ts >= TIMESTAMP '2019-12-31 00:00'""");
  }

  @Test
  void theSmallerSideIsBuilt() {
    pipeline.lake().claim("big", 1_000_000);
    pipeline.lake().claim("small", 10);
    String plan =
        pipeline.plan("SELECT b.name, s.name FROM small s JOIN big b ON b.small_id = s.id");
    assertTrue(plan.indexOf("lake.main.big") < plan.indexOf("lake.main.small"), plan);
    plan = pipeline.plan("SELECT b.name, s.name FROM small s LEFT JOIN big b ON b.small_id = s.id");
    assertTrue(plan.contains("RIGHT"), plan);
    assertTrue(plan.indexOf("lake.main.big") < plan.indexOf("lake.main.small"), plan);
  }

  @Test
  void existsAndInAreSemiAndAntiJoins() {
    assertTrue(
        pipeline
            .plan("SELECT * FROM big b WHERE EXISTS (SELECT * FROM small s WHERE s.id = b.id)")
            .contains("SEMI"));
    assertTrue(
        pipeline
            .plan("SELECT * FROM big b WHERE NOT EXISTS (SELECT * FROM small s WHERE s.id = b.id)")
            .contains("ANTI"));
    assertTrue(
        pipeline
            .plan("SELECT * FROM big b WHERE id IN (SELECT s.id FROM small s)")
            .contains("SEMI"));
  }

  @Test
  void theFirstConjunctDecidesWhicheverWayItIsWritten() {
    String expected =
        """
        AsofJoin LEFT match ts <= ts on k = k
          Scan lake.main.l [k, ts]
          Scan lake.main.r [k, ts, v]""";
    for (String match : List.of("r.ts <= l.ts", "l.ts >= r.ts")) {
      String plan =
          pipeline.plan(
              "SELECT l.k, r.v FROM l LEFT ASOF JOIN r MATCH_CONDITION (%s) ON l.k = r.k"
                  .formatted(match));
      assertTrue(plan.contains(expected.lines().findFirst().orElseThrow()), plan);
    }
  }

  @Test
  void joinTypesOfTheDialect() {
    for (String join : List.of("ASOF JOIN", "INNER ASOF JOIN", "ASOF INNER JOIN")) {
      assertTrue(asof(join, "", "ON l.k = r.k").contains("AsofJoin INNER"), join);
    }
    for (String join :
        List.of(
            "LEFT ASOF JOIN", "LEFT OUTER ASOF JOIN", "ASOF LEFT JOIN", "ASOF LEFT OUTER JOIN")) {
      assertTrue(asof(join, "", "ON l.k = r.k").contains("AsofJoin LEFT"), join);
    }
    assertTrue(asof("ASOF JOIN", "", "").contains("AsofJoin INNER match ts <= ts"), "no ON");
    assertTrue(asof("ASOF JOIN", "", "USING (k, k2)").contains("on k = k AND k2 = k2"), "USING");
  }

  private String asof(String join, String more, String on) {
    return pipeline.plan(
        "SELECT l.x, r.v FROM l %s r MATCH_CONDITION (r.ts <= l.ts %s) %s"
            .formatted(join, more, on));
  }

  @Test
  void conditionsAreSortedIntoBoundsToleranceAndResidual() {
    assertTrue(
        asof("LEFT ASOF JOIN", "AND r.ts > l.ts - INTERVAL '6' HOUR", "ON l.k = r.k")
            .contains("tolerance"));
    assertTrue(asof("LEFT ASOF JOIN", "AND r.ing <= l.ts", "ON l.k = r.k").contains("bound"));
    assertTrue(asof("LEFT ASOF JOIN", "", "ON l.x > r.v").contains(" if x > v"));
    for (String age :
        List.of(
            "l.ts - r.ts < INTERVAL '6' HOUR",
            "INTERVAL '6' HOUR > l.ts - r.ts",
            "r.ts > l.ts - INTERVAL '6' HOUR",
            "r.ts - l.ts > INTERVAL -'6' HOUR")) {
      String plan = asof("LEFT ASOF JOIN", "AND " + age, "ON l.k = r.k");
      assertTrue(plan.contains("tolerance right.ts > (ts "), plan);
    }
    String younger =
        asof("LEFT ASOF JOIN", "AND r.ts - l.ts <= INTERVAL -'6' HOUR", "ON l.k = r.k");
    assertTrue(younger.contains("bound ts <= ts + INTERVAL"), younger);
    String rightOnly = asof("LEFT ASOF JOIN", "", "ON l.k = r.k AND r.w > 3");
    assertTrue(rightOnly.contains("where w > 3"), rightOnly);
    assertFalse(rightOnly.contains(" if "), rightOnly);
    String leftOnly = asof("LEFT ASOF JOIN", "", "ON l.k = r.k AND l.x > 3");
    assertTrue(leftOnly.contains("tolerance x > 3"), leftOnly);
    assertTrue(asof("ASOF JOIN", "", "ON l.k = r.k AND l.x > 3").contains("where x > 3"), "inner");
  }

  @Test
  void aPredicateOnTheRightSideStaysAboveTheJoinAndOneOnTheLeftGoesBelow() {
    String right =
        pipeline.plan(
            "SELECT l.x FROM l LEFT ASOF JOIN r MATCH_CONDITION (r.ts <= l.ts) ON l.k = r.k"
                + " WHERE r.v > 0");
    assertTrue(right.indexOf("Filter") < right.indexOf("AsofJoin"), right);
    String left =
        pipeline.plan(
            "SELECT r.v FROM l LEFT ASOF JOIN r MATCH_CONDITION (r.ts <= l.ts) ON l.k = r.k"
                + " WHERE l.x > 0");
    assertTrue(left.contains("where x > 0"), left);
    assertFalse(left.contains("Filter"), left);
  }

  @Test
  void matchConditionBeginsWithAnOrderingComparisonBetweenTheSides() {
    String sql = "SELECT 1 FROM l ASOF JOIN r MATCH_CONDITION (%s) ON l.k = r.k";
    assertTrue(
        pipeline
            .error(sql.formatted("r.ts = l.ts"))
            .startsWith("INVALID_ARGUMENT: line 1, column 45"));
    assertTrue(
        pipeline
            .error(sql.formatted("r.ts <= r.ing"))
            .startsWith("INVALID_ARGUMENT: line 1, column 45"));
  }

  @Test
  void aLimitedSortIsATopN() {
    plans(
        "SELECT x FROM l ORDER BY x DESC LIMIT 3 OFFSET 1",
        """
        TopN 3 offset 1 by x DESC
          Scan lake.main.l [x]""");
  }

  @Test
  void allOfTpchIsPlanned() throws IOException {
    Path folder = Path.of("../sql-tests/src/test/resources/tpch");
    try (TestPipeline tpch = new TestPipeline(TPCH);
        Stream<Path> files = Files.list(folder)) {
      List<Path> queries = files.sorted().toList();
      assertEquals(22, queries.size());
      for (Path query : queries) {
        String plan = tpch.plan(Files.readString(query));
        assertFalse(plan.isEmpty(), query.toString());
      }
    }
  }

  private static final String[] TPCH = {
    "CREATE TABLE lineitem (l_orderkey BIGINT, l_partkey BIGINT, l_suppkey BIGINT, l_linenumber"
        + " INTEGER, l_quantity DECIMAL(15,2), l_extendedprice DECIMAL(15,2), l_discount"
        + " DECIMAL(15,2), l_tax DECIMAL(15,2), l_returnflag VARCHAR, l_linestatus VARCHAR,"
        + " l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct VARCHAR,"
        + " l_shipmode VARCHAR, l_comment VARCHAR)",
    "CREATE TABLE orders (o_orderkey BIGINT, o_custkey BIGINT, o_orderstatus VARCHAR, o_totalprice"
        + " DECIMAL(15,2), o_orderdate DATE, o_orderpriority VARCHAR, o_clerk VARCHAR,"
        + " o_shippriority INTEGER, o_comment VARCHAR)",
    "CREATE TABLE customer (c_custkey BIGINT, c_name VARCHAR, c_address VARCHAR, c_nationkey"
        + " BIGINT, c_phone VARCHAR, c_acctbal DECIMAL(15,2), c_mktsegment VARCHAR, c_comment"
        + " VARCHAR)",
    "CREATE TABLE part (p_partkey BIGINT, p_name VARCHAR, p_mfgr VARCHAR, p_brand VARCHAR, p_type"
        + " VARCHAR, p_size INTEGER, p_container VARCHAR, p_retailprice DECIMAL(15,2), p_comment"
        + " VARCHAR)",
    "CREATE TABLE partsupp (ps_partkey BIGINT, ps_suppkey BIGINT, ps_availqty INTEGER,"
        + " ps_supplycost DECIMAL(15,2), ps_comment VARCHAR)",
    "CREATE TABLE supplier (s_suppkey BIGINT, s_name VARCHAR, s_address VARCHAR, s_nationkey"
        + " BIGINT, s_phone VARCHAR, s_acctbal DECIMAL(15,2), s_comment VARCHAR)",
    "CREATE TABLE nation (n_nationkey BIGINT, n_name VARCHAR, n_regionkey BIGINT, n_comment"
        + " VARCHAR)",
    "CREATE TABLE region (r_regionkey BIGINT, r_name VARCHAR, r_comment VARCHAR)"
  };
}
