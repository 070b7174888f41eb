package io.sluice.engine.operator.asof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.OperatorProfile;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.AsofDirection;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AsofJoinTest {
  private static final int RANDOM_CASES = 400;

  private static final Map<String, SqlType> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("key", SqlType.BIGINT);
    COLUMNS.put("ts", SqlType.TIMESTAMP);
    COLUMNS.put("value", SqlType.BIGINT);
  }

  @Test
  void randomJoinsAgreeWithTheDefinition() {
    long base = System.nanoTime() % 1_000_000_000;
    for (long seed = base; seed < base + RANDOM_CASES; seed++) {
      checkSeed(seed);
    }
  }

  /** Has caught wrong results or is the least that shows a rule. */
  @ParameterizedTest
  @ValueSource(longs = {0, 112, 236, 300, 1956, 2999})
  void joinsThatWereHardOnceStayRight(long seed) {
    checkSeed(seed);
  }

  /** As planned; with all right rows kept; and streamed wherever that is possible. */
  private static void checkSeed(long seed) {
    AsofCase join = new AsofCase(seed);
    String expected = text(PlanRunner.sorted(join.expected()));
    check(seed, 0, join, join.plan(), expected, join.rightTable);
    check(seed, 1, join, join.plan(), expected, join.rightTable.withoutStatistics());
    check(seed, 2, join, join.indexedPlan(), expected, join.rightTable);
    check(seed, 3, join, join.indexedPlan(), expected, join.rightTable.withoutStatistics());
  }

  private static void check(
      long seed,
      int number,
      AsofCase join,
      PhysicalPlan plan,
      String expected,
      MemoryTable rightTable) {
    PlanRunner.Mode mode =
        PlanRunner.MODES.get((int) Math.floorMod(seed + 3L * number, PlanRunner.MODES.size()));
    List<List<@Nullable Object>> actual = PlanRunner.run(plan, mode, join.leftTable, rightTable);
    assertEquals(
        expected,
        text(PlanRunner.sorted(actual)),
        () -> "seed " + seed + ", run " + number + ", " + mode + ": " + join);
  }

  @Test
  void bothWaysAreTaken() {
    MemoryTable left = MemoryTable.of("l", COLUMNS, rows(new Random(3), 40, 4, 50), 2);
    MemoryTable right = MemoryTable.of("r", COLUMNS, rows(new Random(4), 100, 4, 50), 2);
    PhysicalPlan.AsofJoinPlan plan =
        join(left.plan(), right.plan(), AsofDirection.AT_OR_BEFORE, true);
    Expression always = new Expression.Literal(true, SqlType.BOOLEAN);
    PlanRunner.Mode mode = PlanRunner.MODES.get(1);
    Map<String, Long> streamed =
        PlanRunner.profile(plan, mode, left, right.withoutStatistics()).metrics();
    assertTrue(streamed.containsKey("winners") && !streamed.containsKey("candidate rows"));
    Map<String, Long> kept =
        PlanRunner.profile(AsofPlans.withResidual(plan, always), mode, left, right).metrics();
    assertTrue(kept.containsKey("candidate rows") && !kept.containsKey("winners"));
  }

  private static String text(List<List<@Nullable Object>> rows) {
    return rows.toString().replace("], [", "],\n[");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 6, 8, 9, 11, 17, 2436})
  void survivesFaults(long seed) {
    AsofCase join = new AsofCase(seed);
    OperatorFaults.check(join.plan(), join.leftTable, join.rightTable);
  }

  private static PhysicalPlan.AsofJoinPlan join(
      PhysicalPlan left, PhysicalPlan right, AsofDirection direction, boolean outer) {
    List<OutputColumn> output = new ArrayList<>(left.output());
    output.addAll(right.output());
    Expression key = new Expression.InputRef(0, SqlType.BIGINT);
    Expression ts = new Expression.InputRef(1, SqlType.TIMESTAMP);
    return new PhysicalPlan.AsofJoinPlan(
        left,
        right,
        outer,
        List.of(key),
        List.of(key),
        List.of(ts),
        List.of(ts),
        direction,
        List.of(),
        null,
        null,
        List.of(),
        output);
  }

  private static List<List<?>> rows(Random random, int count, int keys, int span) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(Arrays.asList((long) random.nextInt(keys), (long) random.nextInt(span), (long) i));
    }
    return rows;
  }

  /** Enough slots for several partitions, and keys that many tasks meet. */
  @ParameterizedTest
  @EnumSource(AsofDirection.class)
  void largeSpinesAndFeatures(AsofDirection direction) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<List<?>> left = rows(random, 60_000, 300, 100_000);
    List<List<?>> right = rows(random, 150_000, 400, 100_000);
    MemoryTable leftTable = MemoryTable.of("l", COLUMNS, left, 9);
    MemoryTable rightTable = MemoryTable.of("r", COLUMNS, right, 23);
    Map<Object, TreeMap<Long, List<?>>> byKey = new HashMap<>();
    for (List<?> row : right) {
      byKey.computeIfAbsent(row.get(0), k -> new TreeMap<>()).put((Long) row.get(1), row);
    }
    List<List<@Nullable Object>> expected = new ArrayList<>();
    for (List<?> row : left) {
      TreeMap<Long, List<?>> times = byKey.getOrDefault(row.get(0), new TreeMap<>());
      Long ts = (Long) row.get(1);
      Map.Entry<Long, List<?>> found =
          switch (direction) {
            case AT_OR_BEFORE -> times.floorEntry(ts);
            case BEFORE -> times.lowerEntry(ts);
            case AT_OR_AFTER -> times.ceilingEntry(ts);
            case AFTER -> times.higherEntry(ts);
          };
      List<@Nullable Object> joined = new ArrayList<>(row);
      joined.addAll(found == null ? Arrays.asList(null, null, null) : found.getValue());
      expected.add(joined);
    }
    PhysicalPlan plan = join(leftTable.plan(), rightTable.plan(), direction, true);
    for (PlanRunner.Mode mode :
        List.of(
            new PlanRunner.Mode(1, 8192),
            new PlanRunner.Mode(2, 1000),
            new PlanRunner.Mode(8, 8192))) {
      List<List<@Nullable Object>> actual = PlanRunner.run(plan, mode, leftTable, rightTable);
      assertEquals(
          PlanRunner.sorted(expected), PlanRunner.sorted(actual), "seed " + seed + ", " + mode);
    }
  }

  @Test
  void keysAndInstantsAreNotFetched() {
    Random random = new Random(7);
    MemoryTable left = MemoryTable.of("l", COLUMNS, rows(random, 100, 10, 50), 2);
    MemoryTable right = MemoryTable.of("r", COLUMNS, rows(random, 1000, 10, 50), 3);
    PhysicalPlan narrow =
        join(left.plan(), right.plan("key", "ts"), AsofDirection.AT_OR_BEFORE, true);
    PlanRunner.Mode mode = new PlanRunner.Mode(2, 100);
    OperatorProfile without = PlanRunner.profile(narrow, mode, left, right);
    assertEquals(100L, without.metrics().get("spine rows"));
    assertEquals(10L, without.metrics().get("entities"));
    assertEquals(1000L, without.metrics().get("feature rows streamed"));
    assertTrue(!without.metrics().containsKey("payload rows fetched"));

    PhysicalPlan wide = join(left.plan(), right.plan(), AsofDirection.AT_OR_BEFORE, true);
    OperatorProfile with = PlanRunner.profile(wide, mode, left, right);
    assertEquals(with.metrics().get("winners"), with.metrics().get("payload rows fetched"));
    assertTrue(with.metrics().getOrDefault("winners", Long.MAX_VALUE) <= 100);
  }

  /** Splits hold 100 instants each; labels are from 450 to 549. */
  @Test
  void splitsThatNoLabelCanMatchAreSkipped() {
    Random random = new Random(5);
    List<List<?>> features = new ArrayList<>();
    for (long i = 0; i < 1000; i++) {
      features.add(Arrays.asList(1L, i, i));
    }
    List<List<?>> labels = new ArrayList<>();
    for (long i = 0; i < 50; i++) {
      labels.add(Arrays.asList(1L, 450L + random.nextInt(100), i));
    }
    labels.add(Arrays.asList(null, 10L, 50L));
    labels.add(Arrays.asList(1L, null, 51L));
    MemoryTable left = MemoryTable.of("l", COLUMNS, labels, 2);
    MemoryTable right = MemoryTable.of("r", COLUMNS, features, 10);
    Expression leftTs = new Expression.InputRef(1, SqlType.TIMESTAMP);
    Expression rightTs = new Expression.InputRef(4, SqlType.TIMESTAMP);
    Expression hundred = new Expression.Literal(100L, SqlType.INTERVAL_MICROS);
    Expression young =
        new Expression.Call(
            "gt",
            List.of(
                rightTs,
                new Expression.Call("subtract", List.of(leftTs, hundred), SqlType.TIMESTAMP)),
            SqlType.BOOLEAN);
    Expression near =
        new Expression.Call(
            "ge",
            List.of(
                new Expression.Call("add", List.of(leftTs, hundred), SqlType.TIMESTAMP), rightTs),
            SqlType.BOOLEAN);
    PhysicalPlan.AsofJoinPlan backward =
        join(left.plan(), right.plan(), AsofDirection.AT_OR_BEFORE, true);
    PhysicalPlan.AsofJoinPlan forward = join(left.plan(), right.plan(), AsofDirection.AFTER, true);
    assertEquals(4, skipped(backward, left, right));
    assertEquals(7, skipped(AsofPlans.withTolerance(backward, young), left, right));
    assertEquals(4, skipped(forward, left, right));
    assertEquals(7, skipped(AsofPlans.withTolerance(forward, near), left, right));
    // the other way of joining skips the same
    Expression odd =
        new Expression.Call(
            "ne",
            List.of(
                new Expression.InputRef(2, SqlType.BIGINT),
                new Expression.InputRef(5, SqlType.BIGINT)),
            SqlType.BOOLEAN);
    PhysicalPlan.AsofJoinPlan youngOnly = AsofPlans.withTolerance(backward, young);
    assertEquals(7, skipped(AsofPlans.withResidual(youngOnly, odd), left, right));
  }

  private static long skipped(PhysicalPlan plan, MemoryTable left, MemoryTable right) {
    OperatorProfile profile = PlanRunner.profile(plan, new PlanRunner.Mode(2, 64), left, right);
    return profile.metrics().getOrDefault("files skipped", -1L);
  }

  @Test
  void joinsInARow() {
    Random random = new Random(11);
    List<List<?>> features = rows(random, 500, 8, 60);
    MemoryTable left = MemoryTable.of("l", COLUMNS, rows(random, 200, 8, 60), 3);
    MemoryTable right = MemoryTable.of("r", COLUMNS, features, 4);
    PhysicalPlan once = join(left.plan(), right.plan(), AsofDirection.AT_OR_BEFORE, true);
    PhysicalPlan twice = join(once, right.plan(), AsofDirection.AT_OR_BEFORE, true);
    PhysicalPlan thrice = join(twice, right.plan(), AsofDirection.AFTER, false);
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      for (List<@Nullable Object> row : PlanRunner.run(thrice, mode, left, right)) {
        assertEquals(row.subList(3, 6), row.subList(6, 9));
        assertTrue((Long) row.get(10) > (Long) row.get(1));
      }
    }
    OperatorFaults.check(
        join(twice, left.plan(), AsofDirection.AFTER, false),
        MemoryTable.of("l", COLUMNS, rows(random, 20, 3, 60), 3),
        MemoryTable.of("r", COLUMNS, rows(random, 30, 3, 60), 4));
  }

  /** The last one of equal instants in the table's order, whatever splits are read when. */
  @Test
  void tiesGoToTheLastRowOfTheTable() {
    List<List<?>> tied = new ArrayList<>();
    for (long i = 0; i < 1000; i++) {
      tied.add(Arrays.asList(1L, 5L, i));
    }
    MemoryTable left = MemoryTable.of("l", COLUMNS, List.of(Arrays.asList(1L, 9L, 0L)), 1);
    for (int splits : new int[] {1, 2, 7, 40}) {
      MemoryTable right = MemoryTable.of("r", COLUMNS, tied, splits);
      PhysicalPlan plan = join(left.plan(), right.plan(), AsofDirection.AT_OR_BEFORE, false);
      for (PlanRunner.Mode mode : PlanRunner.MODES) {
        assertEquals(
            List.of(Arrays.asList(1L, 9L, 0L, 1L, 5L, 999L)),
            PlanRunner.run(plan, mode, left, right));
      }
    }
  }
}
