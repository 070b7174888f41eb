package io.sluice.engine.operator.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.plan.AggregateCall;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.testing.DuckJudge;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random groupings in all modes against DuckDB. */
class AggregateJudgeTest {
  private static final Map<String, SqlType> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("i", SqlType.INTEGER);
    COLUMNS.put("l", SqlType.BIGINT);
    COLUMNS.put("s", SqlType.VARCHAR);
    COLUMNS.put("t", SqlType.VARCHAR);
    COLUMNS.put("d", SqlType.DOUBLE);
    COLUMNS.put("r", SqlType.REAL);
    COLUMNS.put("n", new SqlType.Decimal(12, 2));
    COLUMNS.put("w", new SqlType.Decimal(38, 5));
    COLUMNS.put("b", SqlType.BOOLEAN);
    COLUMNS.put("day", SqlType.DATE);
    COLUMNS.put("ts", SqlType.TIMESTAMP);
    COLUMNS.put("u", SqlType.UUID);
    COLUMNS.put("y", SqlType.TINYINT);
    COLUMNS.put("h", SqlType.SMALLINT);
  }

  private static final List<String> NAMES = List.copyOf(COLUMNS.keySet());

  private static SqlType type(String column) {
    return Objects.requireNonNull(COLUMNS.get(column));
  }

  private static List<List<?>> rows(Random random, int count, int keys) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (SqlType type : COLUMNS.values()) {
        row.add(random.nextInt(8) == 0 ? null : value(type, random, keys));
      }
      rows.add(row);
    }
    return rows;
  }

  private static Object value(SqlType type, Random random, int keys) {
    int k = random.nextInt(keys);
    return switch (type.kind()) {
      case INTEGER -> (long) k - keys / 2;
      case BIGINT -> k * 10_000_000_000L;
      case VARCHAR -> k % 7 == 0 ? "" : ("é" + "key".repeat(k % 11) + k);
      case DOUBLE -> k % 5 == 0 ? -0.0 : (k - 3) * 1.1;
      case REAL -> (double) (float) ((k - 3) * 1.1);
      case DECIMAL -> BigDecimal.valueOf(k - 4, ((SqlType.Decimal) type).scale());
      case BOOLEAN -> k % 2 == 0;
      case DATE -> (long) k + 18_000;
      case TIMESTAMP -> k * 1_000_003L - 500;
      case UUID -> new UUID(k, -k);
      case TINYINT -> (long) (k % 200 - 100);
      case SMALLINT -> (long) (k % 20_000);
      default -> throw new AssertionError(type);
    };
  }

  private record Call(String function, boolean distinct, @Nullable String filter, String... on) {
    String sql() {
      if (function.equals("mode")) {
        // DuckDB's own takes any of several
        String counts = "histogram(" + on[0] + ")";
        return "list_min(list_transform(list_filter(map_entries("
            + counts
            + "), lambda e: e.value = list_max(map_values("
            + counts
            + "))), lambda e: e.key))";
      }
      String name = function.equals("any_value") ? "min" : function;
      String arguments = on.length == 0 ? "*" : String.join(", ", on);
      return name
          + "("
          + (distinct ? "DISTINCT " : "")
          + arguments
          + ")"
          + (filter == null ? "" : " FILTER (WHERE " + filter + ")");
    }

    AggregateCall plan() {
      List<SqlType> types = new ArrayList<>();
      List<Integer> columns = new ArrayList<>();
      for (String column : on) {
        types.add(type(column));
        columns.add(NAMES.indexOf(column));
      }
      SqlType type = AggregateRegistry.standard().resolve(function, types).orElseThrow().type();
      return new AggregateCall(
          function, columns, distinct, filter == null ? -1 : NAMES.indexOf(filter), type);
    }
  }

  private static Call call(String function, String... on) {
    return new Call(function, false, null, on);
  }

  private static final List<Call> CALLS =
      List.of(
          call("count"),
          call("count", "s"),
          call("sum", "i"),
          call("sum", "y"),
          call("sum", "l"),
          call("sum", "n"),
          call("sum", "w"),
          call("sum", "d"),
          call("sum", "r"),
          call("avg", "i"),
          call("avg", "n"),
          call("avg", "w"),
          call("avg", "d"),
          call("min", "s"),
          call("max", "s"),
          call("min", "d"),
          call("max", "d"),
          call("min", "w"),
          call("max", "n"),
          call("min", "day"),
          call("max", "ts"),
          call("min", "u"),
          call("max", "b"),
          call("max", "h"),
          call("any_value", "t"),
          call("bool_and", "b"),
          call("bool_or", "b"),
          call("bit_and", "i"),
          call("bit_or", "h"),
          call("bit_xor", "l"),
          call("var_pop", "d"),
          call("var_samp", "i"),
          call("stddev_pop", "n"),
          call("stddev_samp", "r"),
          call("covar_pop", "d", "i"),
          call("covar_samp", "d", "i"),
          call("median", "i"),
          call("median", "l"),
          call("median", "y"),
          call("median", "d"),
          call("mode", "i"),
          call("mode", "s"),
          call("mode", "d"),
          call("mode", "w"),
          call("mode", "b"),
          call("mode", "day"),
          call("mode", "u"),
          new Call("count", true, null, "s"),
          new Call("count", true, null, "d"),
          new Call("sum", true, null, "i"),
          new Call("avg", true, "b", "n"),
          new Call("count", false, "b"),
          new Call("sum", false, "b", "l"));

  private static PhysicalPlan.AggregatePlan plan(
      PhysicalPlan input, List<String> groups, List<List<Integer>> sets, List<Call> calls) {
    List<OutputColumn> output = new ArrayList<>();
    groups.forEach(g -> output.add(new OutputColumn(g, type(g), true)));
    List<AggregateCall> compiled = calls.stream().map(Call::plan).toList();
    compiled.forEach(c -> output.add(new OutputColumn(c.function(), c.type(), true)));
    return new PhysicalPlan.AggregatePlan(
        input, groups.stream().map(NAMES::indexOf).toList(), sets, compiled, output);
  }

  private static String sql(List<String> groups, String groupBy, List<Call> calls) {
    List<String> select = new ArrayList<>(groups);
    calls.forEach(call -> select.add(call.sql()));
    return "SELECT " + String.join(", ", select) + " FROM x" + groupBy;
  }

  private static void check(
      List<String> groups, List<Call> calls, List<List<?>> rows, String context) {
    MemoryTable table = MemoryTable.of("x", COLUMNS, rows, 5);
    try (DuckJudge judge = new DuckJudge()) {
      judge.table("x", COLUMNS, rows);
      String by = groups.isEmpty() ? "" : " GROUP BY " + String.join(", ", groups);
      String sql = sql(groups, by, calls);
      List<List<@Nullable Object>> expected = judge.query(sql);
      List<List<@Nullable Object>> first = null;
      for (PlanRunner.Mode mode : PlanRunner.MODES) {
        for (MemoryTable variant : List.of(table, table.withDictionaries())) {
          List<List<@Nullable Object>> actual =
              PlanRunner.sorted(
                  PlanRunner.run(plan(variant.plan(), groups, List.of(), calls), mode, variant));
          if (first == null) {
            first = actual;
            DuckJudge.assertSameRows(expected, actual, context + " " + mode + " " + sql);
          } else if (!first.equals(actual)) {
            // the same bits, not only nearly the same
            assertEquals(first, actual, context + " " + mode);
          }
        }
      }
    }
  }

  @Test
  void everyAggregateByEveryKindOfKey() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (List<String> groups :
        List.<List<String>>of(
            List.of(),
            List.of("i"),
            List.of("s"),
            List.of("d"),
            List.of("b"),
            List.of("n"),
            List.of("u"),
            List.of("s", "t"),
            List.of("day", "i"),
            List.of("y", "h", "l", "s", "w", "r"))) {
      check(groups, CALLS, rows(random, 120, 9), "seed " + seed);
      check(groups, CALLS.subList(0, 9), rows(random, 100, 1000), "seed " + seed);
      check(groups, CALLS, List.of(), "empty");
    }
  }

  @Test
  void manyGroupsAreMergedInPartitions() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<List<?>> rows = rows(random, 60_000, 50_000);
    MemoryTable table = MemoryTable.of("x", COLUMNS, rows, 6);
    List<Call> calls =
        List.of(
            call("count"),
            call("sum", "d"),
            call("min", "t"),
            call("avg", "n"),
            call("median", "d"),
            call("mode", "t"),
            call("column_profile", "s"),
            call("column_profile", "w"),
            new Call("count", true, null, "i"));
    for (List<String> groups : List.of(List.of("l"), List.of("s", "l"))) {
      PhysicalPlan plan = plan(table.plan(), groups, List.of(), calls);
      List<List<@Nullable Object>> expected =
          PlanRunner.sorted(PlanRunner.run(plan, new PlanRunner.Mode(1, 8192), table));
      List<List<@Nullable Object>> actual =
          PlanRunner.sorted(PlanRunner.run(plan, new PlanRunner.Mode(4, 1000), table));
      assertEquals(expected.size(), actual.size());
      assertTrue(expected.equals(actual), "seed " + seed);
    }
  }

  @Test
  void groupingSets() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<String> groups = List.of("s", "i");
    List<Call> calls = List.of(call("count"), call("sum", "l"), call("grouping", "s", "i"));
    for (List<List<?>> rows : List.of(rows(random, 200, 5), List.<List<?>>of())) {
      MemoryTable table = MemoryTable.of("x", COLUMNS, rows, 3);
      try (DuckJudge judge = new DuckJudge()) {
        judge.table("x", COLUMNS, rows);
        String sql = sql(groups, " GROUP BY GROUPING SETS ((s, i), (i), ())", calls);
        List<List<@Nullable Object>> expected = judge.query(sql);
        PhysicalPlan plan =
            plan(table.plan(), groups, List.of(List.of(0, 1), List.of(1), List.of()), calls);
        for (PlanRunner.Mode mode : PlanRunner.MODES) {
          DuckJudge.assertSameRows(
              expected, PlanRunner.run(plan, mode, table), "seed " + seed + " " + mode);
        }
      }
    }
  }

  @Test
  void faults() {
    List<List<?>> rows = rows(new Random(5), 30, 6);
    MemoryTable table = MemoryTable.of("x", COLUMNS, rows, 3);
    List<Call> calls =
        List.of(
            call("count"),
            call("sum", "d"),
            call("max", "s"),
            call("arg_max", "t", "s"),
            call("median", "d"),
            call("mode", "t"),
            call("column_profile", "d"),
            call("column_profile", "t"),
            new Call("count", true, null, "i"));
    OperatorFaults.check(plan(table.plan(), List.of("s", "i"), List.of(), calls), table);
    OperatorFaults.check(plan(table.plan(), List.of(), List.of(), calls), table);
  }
}
