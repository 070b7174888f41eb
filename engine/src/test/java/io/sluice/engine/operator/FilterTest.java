package io.sluice.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.OperatorProfile;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FilterTest {
  private static final Map<String, SqlType> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("id", SqlType.BIGINT);
    COLUMNS.put("name", SqlType.VARCHAR);
  }

  private static final List<List<?>> ROWS = new ArrayList<>();

  static {
    for (long i = 0; i < 100; i++) {
      ROWS.add(Arrays.asList(i % 11 == 0 ? null : i, "n" + i % 5));
    }
  }

  private static final MemoryTable TABLE =
      MemoryTable.of("t", COLUMNS, ROWS, 5).withDictionaries().blocking();

  private static final Expression ID = new Expression.InputRef(0, SqlType.BIGINT);
  private static final Expression NAME = new Expression.InputRef(1, SqlType.VARCHAR);

  private static Expression bigint(long value) {
    return new Expression.Literal(value, SqlType.BIGINT);
  }

  private static Expression call(String function, SqlType type, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type);
  }

  private static Expression idBelow(long bound) {
    return call("lt", SqlType.BOOLEAN, ID, bigint(bound));
  }

  private static Expression named(String name) {
    return call("eq", SqlType.BOOLEAN, NAME, new Expression.Literal(name, SqlType.VARCHAR));
  }

  private static List<List<?>> expected(long bound, String name) {
    List<List<?>> rows = new ArrayList<>();
    for (List<?> row : ROWS) {
      if (row.get(0) != null && (Long) row.get(0) < bound && name.equals(row.get(1))) {
        rows.add(row);
      }
    }
    return rows;
  }

  private static PhysicalPlan.ScanPlan scan(Expression filter) {
    PhysicalPlan.ScanPlan all = TABLE.plan();
    return new PhysicalPlan.ScanPlan(
        all.table(), all.version(), all.tableColumns(), filter, all.output());
  }

  @Test
  void filtersKeepTheRowsForWhichTheConditionIsTrue() {
    PhysicalPlan plan = new PhysicalPlan.FilterPlan(scan(named("n2")), idBelow(60));
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      assertEquals(
          PlanRunner.sorted(expected(60, "n2")),
          PlanRunner.sorted(PlanRunner.run(plan, mode, TABLE)),
          mode.toString());
    }
    PhysicalPlan none = new PhysicalPlan.FilterPlan(scan(named("nobody")), idBelow(60));
    assertEquals(List.of(), PlanRunner.run(none, new PlanRunner.Mode(2, 3), TABLE));
  }

  @Test
  void projectsOverSelectedRows() {
    PhysicalPlan filtered = new PhysicalPlan.FilterPlan(scan(named("n2")), idBelow(60));
    PhysicalPlan plan =
        new PhysicalPlan.ProjectPlan(
            filtered,
            List.of(NAME, call("add", SqlType.BIGINT, ID, bigint(1000)), ID, bigint(7)),
            List.of(
                new OutputColumn("name", SqlType.VARCHAR, true),
                new OutputColumn("sum", SqlType.BIGINT, true),
                new OutputColumn("id", SqlType.BIGINT, true),
                new OutputColumn("seven", SqlType.BIGINT, false)));
    List<List<?>> expected = new ArrayList<>();
    for (List<?> row : expected(60, "n2")) {
      long id = (Long) row.get(0);
      expected.add(List.of("n2", id + 1000, id, 7L));
    }
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      List<List<@Nullable Object>> actual = PlanRunner.run(plan, mode, TABLE);
      assertEquals(PlanRunner.sorted(expected), PlanRunner.sorted(actual), mode.toString());
    }
    OperatorFaults.check(plan, TABLE);
  }

  @Test
  void sortAndLimitTakeSelections() {
    PhysicalPlan filtered = new PhysicalPlan.FilterPlan(scan(named("n2")), idBelow(60));
    PhysicalPlan plan =
        new PhysicalPlan.LimitPlan(
            new PhysicalPlan.SortPlan(filtered, List.of(new SortKey(0, true, false))), 2, 4);
    List<List<?>> descending = expected(60, "n2").reversed();
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      assertEquals(descending.subList(2, 6), PlanRunner.run(plan, mode, TABLE), mode.toString());
    }
    PhysicalPlan limited = new PhysicalPlan.LimitPlan(filtered, 1, 3);
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      List<List<@Nullable Object>> actual = PlanRunner.run(limited, mode, TABLE);
      assertEquals(3, actual.size());
      assertTrue(expected(60, "n2").containsAll(actual));
    }
    OperatorFaults.check(plan, TABLE);
  }

  @Test
  void errorsOfExpressionsReachTheReader() {
    PhysicalPlan plan =
        new PhysicalPlan.FilterPlan(
            TABLE.plan(),
            call(
                "gt",
                SqlType.BOOLEAN,
                call(
                    "divide", SqlType.BIGINT, ID, call("subtract", SqlType.BIGINT, ID, bigint(50))),
                bigint(0)));
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      EngineException failure =
          assertThrows(EngineException.class, () -> PlanRunner.run(plan, mode, TABLE));
      assertEquals(ErrorCode.DIVISION_BY_ZERO, failure.code());
    }
  }

  @Test
  void valuesTakeExpressionsAndParameters() {
    PhysicalPlan values =
        new PhysicalPlan.ValuesPlan(
            List.of(List.of(call("add", SqlType.BIGINT, bigint(1), bigint(2))), List.of(bigint(5))),
            List.of(new OutputColumn("x", SqlType.BIGINT, false)));
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      assertEquals(List.of(List.of(3L), List.of(5L)), PlanRunner.run(values, mode));
    }
  }

  @Test
  void profileOfAFilteredScanCountsWhatComesOut() {
    OperatorProfile profile =
        PlanRunner.profile(scan(named("n2")), new PlanRunner.Mode(2, 3), TABLE);
    assertEquals(20, profile.rows());
    assertEquals(100, profile.metrics().get("rows read"));
  }
}
