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
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowOperatorsTest {
  private static final Map<String, SqlType> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("id", SqlType.BIGINT);
    COLUMNS.put("name", SqlType.VARCHAR);
  }

  private static List<List<?>> rows(int count) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(Arrays.asList((long) i, i % 7 == 0 ? null : "n" + i % 5));
    }
    return rows;
  }

  private static final MemoryTable TABLE =
      MemoryTable.of("t", COLUMNS, rows(100), 5).withDictionaries().blocking();

  @Test
  void scanGivesAllRowsInAllModes() {
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      List<List<@Nullable Object>> actual = PlanRunner.run(TABLE.plan(), mode, TABLE);
      assertEquals(PlanRunner.sorted(rows(100)), PlanRunner.sorted(actual), mode.toString());
    }
  }

  @Test
  void scanOfAnEmptyTableAndOfNoColumns() {
    MemoryTable empty = MemoryTable.of("t", COLUMNS, List.of(), 0);
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      assertEquals(List.of(), PlanRunner.run(empty.plan(), mode, empty));
      assertEquals(100, PlanRunner.run(TABLE.plan(new String[0]), mode, TABLE).size());
    }
  }

  @Test
  void projectPassesColumnsOn() {
    PhysicalPlan plan =
        new PhysicalPlan.ProjectPlan(
            new PhysicalPlan.LimitPlan(TABLE.plan(), 0, 50),
            List.of(
                new Expression.InputRef(1, SqlType.VARCHAR),
                new Expression.InputRef(0, SqlType.BIGINT),
                new Expression.InputRef(0, SqlType.BIGINT)),
            List.of(
                new OutputColumn("name", SqlType.VARCHAR, true),
                new OutputColumn("a", SqlType.BIGINT, true),
                new OutputColumn("b", SqlType.BIGINT, true)));
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      List<List<@Nullable Object>> actual = PlanRunner.run(plan, mode, TABLE);
      assertEquals(50, actual.size());
      for (List<@Nullable Object> row : actual) {
        long id = (long) row.get(1);
        assertEquals(Arrays.asList(rows(100).get((int) id).get(1), id, id), row);
      }
    }
  }

  @Test
  void limitIsExactAcrossWorkersAndStopsReading() {
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      for (long[] range :
          new long[][] {{0, 10}, {0, 0}, {95, 10}, {100, 5}, {30, -1}, {0, 1000}, {7, 1}}) {
        PhysicalPlan plan = new PhysicalPlan.LimitPlan(TABLE.plan(), range[0], range[1]);
        List<List<@Nullable Object>> actual = PlanRunner.run(plan, mode, TABLE);
        long rest = Math.max(0, 100 - range[0]);
        long expected = range[1] < 0 ? rest : Math.min(rest, range[1]);
        assertEquals(expected, actual.size(), mode + " " + Arrays.toString(range));
        assertEquals(actual.size(), new HashSet<>(actual).size());
      }
    }
    MemoryTable large = MemoryTable.of("t", COLUMNS, rows(20_000), 20);
    PlanRunner.run(
        new PhysicalPlan.LimitPlan(large.plan(), 0, 5), new PlanRunner.Mode(2, 100), large);
    assertTrue(large.batchesRead() <= 20, large.batchesRead() + " batches read for 5 rows");
  }

  @Test
  void limitKeepsTheOrderOfOneSplit() {
    MemoryTable one = MemoryTable.of("t", COLUMNS, rows(50), 1);
    PhysicalPlan plan = new PhysicalPlan.LimitPlan(one.plan("id"), 10, 20);
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      List<List<?>> expected = new ArrayList<>();
      for (long i = 10; i < 30; i++) {
        expected.add(List.of(i));
      }
      assertEquals(expected, PlanRunner.run(plan, mode, one));
    }
  }

  @Test
  void unionGivesTheRowsOfAllInputs() {
    PhysicalPlan values =
        new PhysicalPlan.ValuesPlan(
            List.of(
                List.of(
                    new Expression.Literal(7L, SqlType.BIGINT),
                    new Expression.Literal("seven", SqlType.VARCHAR)),
                List.of(
                    new Expression.Literal(null, SqlType.BIGINT),
                    new Expression.Literal(null, SqlType.VARCHAR))),
            TABLE.plan().output());
    PhysicalPlan union =
        new PhysicalPlan.UnionPlan(
            List.of(TABLE.plan(), values, TABLE.plan()), TABLE.plan().output());
    List<List<?>> expected = rows(100);
    expected.addAll(rows(100));
    expected.add(List.of(7L, "seven"));
    expected.add(Arrays.asList(null, null));
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      List<List<@Nullable Object>> actual = PlanRunner.run(union, mode, TABLE);
      assertEquals(PlanRunner.sorted(expected), PlanRunner.sorted(actual), mode.toString());
    }
    PhysicalPlan limited = new PhysicalPlan.LimitPlan(union, 3, 150);
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      assertEquals(150, PlanRunner.run(limited, mode, TABLE).size());
    }
  }

  @Test
  void profileCountsRowsPerNode() {
    PhysicalPlan plan =
        new PhysicalPlan.LimitPlan(
            new PhysicalPlan.UnionPlan(List.of(TABLE.plan(), TABLE.plan()), TABLE.plan().output()),
            0,
            -1);
    OperatorProfile profile = PlanRunner.profile(plan, new PlanRunner.Mode(2, 3), TABLE);
    assertEquals("limit", profile.name());
    assertEquals(200, profile.rows());
    assertEquals(200, profile.inputs().getFirst().rows());
    OperatorProfile scan = profile.inputs().getFirst().inputs().getFirst();
    assertEquals("scan", scan.name());
    assertEquals(100, scan.rows());
    assertEquals(5, scan.metrics().get("splits"));
    assertEquals(5, scan.metrics().get("row groups"));
    assertTrue(scan.nanos() > 0);
  }

  @Test
  void unknownTableFailsBeforeTheFirstRow() {
    EngineException failure =
        assertThrows(
            EngineException.class, () -> PlanRunner.run(TABLE.plan(), new PlanRunner.Mode(1, 3)));
    assertEquals(ErrorCode.UNKNOWN_TABLE, failure.code());
  }

  @Test
  void leavesNothingBehindWhateverFails() {
    PhysicalPlan plan =
        new PhysicalPlan.LimitPlan(
            new PhysicalPlan.UnionPlan(List.of(TABLE.plan(), TABLE.plan()), TABLE.plan().output()),
            5,
            90);
    OperatorFaults.check(plan, TABLE);
  }
}
