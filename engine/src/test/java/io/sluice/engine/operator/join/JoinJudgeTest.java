package io.sluice.engine.operator.join;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.JoinKind;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.testing.DuckJudge;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random joins of all kinds in all modes against DuckDB, and against the definition. */
class JoinJudgeTest {
  private static final Map<String, SqlType> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("i", SqlType.INTEGER);
    COLUMNS.put("l", SqlType.BIGINT);
    COLUMNS.put("s", SqlType.VARCHAR);
    COLUMNS.put("d", SqlType.DOUBLE);
    COLUMNS.put("b", SqlType.BOOLEAN);
    COLUMNS.put("v", SqlType.INTEGER);
  }

  private static final List<String> NAMES = List.copyOf(COLUMNS.keySet());
  private static final List<SqlType> TYPES = List.copyOf(COLUMNS.values());
  private static final int V = NAMES.indexOf("v");

  private static List<List<?>> rows(Random random, int count, int keys, int nulls) {
    List<List<?>> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (SqlType type : TYPES) {
        int k = random.nextInt(keys);
        boolean isNull = nulls > 0 && random.nextInt(nulls) == 0;
        row.add(
            isNull
                ? null
                : switch (type.kind()) {
                  case INTEGER -> (Object) (long) k;
                  case BIGINT -> k * 1_000_000_007L;
                  case VARCHAR -> k == 0 ? "" : "key-".repeat(k % 8) + k;
                  case DOUBLE -> k == 0 && random.nextBoolean() ? -0.0 : k * 0.5;
                  default -> k % 2 == 0;
                });
      }
      rows.add(row);
    }
    return rows;
  }

  private record Case(List<String> keys, boolean nullSafe, boolean residual) {
    /** {@code l.v < r.v} over both sides' columns. */
    @Nullable Expression residualExpression() {
      return residual
          ? new Expression.Call(
              "lt",
              List.of(
                  new Expression.InputRef(V, SqlType.INTEGER),
                  new Expression.InputRef(NAMES.size() + V, SqlType.INTEGER)),
              SqlType.BOOLEAN)
          : null;
    }

    String on() {
      List<String> conjuncts = new ArrayList<>();
      String operator = nullSafe ? " IS NOT DISTINCT FROM " : " = ";
      keys.forEach(k -> conjuncts.add("x." + k + operator + "y." + k));
      if (residual) {
        conjuncts.add("x.v < y.v");
      }
      return conjuncts.isEmpty() ? "TRUE" : String.join(" AND ", conjuncts);
    }

    List<Expression> expressions() {
      return keys.stream()
          .map(NAMES::indexOf)
          .<Expression>map(c -> new Expression.InputRef(c, TYPES.get(c)))
          .toList();
    }

    /** TRUE, FALSE or null of the keys' equality; residual false is FALSE. */
    @Nullable Boolean matches(List<?> left, List<?> right) {
      if (residual) {
        Object a = left.get(V);
        Object b = right.get(V);
        if (a == null || b == null || (Long) a >= (Long) b) {
          return false;
        }
      }
      boolean unknown = false;
      for (String key : keys) {
        Object a = left.get(NAMES.indexOf(key));
        Object b = right.get(NAMES.indexOf(key));
        if (a == null || b == null) {
          if (!nullSafe) {
            unknown = true;
          } else if (a != b) {
            return false;
          }
        } else if (!(a instanceof Double x ? x.doubleValue() == (Double) b : a.equals(b))) {
          return false;
        }
      }
      return unknown ? null : true;
    }
  }

  private static List<OutputColumn> output(JoinKind kind) {
    List<OutputColumn> output = new ArrayList<>();
    COLUMNS.forEach((name, type) -> output.add(new OutputColumn(name, type, true)));
    switch (kind) {
      case INNER, LEFT, RIGHT, FULL ->
          COLUMNS.forEach((name, type) -> output.add(new OutputColumn(name, type, true)));
      case MARK -> output.add(new OutputColumn("mark", SqlType.BOOLEAN, true));
      case SEMI, ANTI, NULL_AWARE_ANTI -> {}
    }
    return output;
  }

  private static PhysicalPlan hashJoin(MemoryTable left, MemoryTable right, JoinKind kind, Case c) {
    return new PhysicalPlan.HashJoinPlan(
        left.plan(),
        right.plan(),
        kind,
        c.expressions(),
        c.expressions(),
        Collections.nCopies(c.keys().size(), c.nullSafe()),
        c.residualExpression(),
        output(kind));
  }

  /** The join by its definition, row by row. */
  private static List<List<@Nullable Object>> definition(
      List<List<?>> left, List<List<?>> right, JoinKind kind, Case c) {
    List<List<@Nullable Object>> result = new ArrayList<>();
    boolean[] rightMatched = new boolean[right.size()];
    List<@Nullable Object> noRow = Collections.nCopies(NAMES.size(), null);
    for (List<?> l : left) {
      boolean matched = false;
      boolean unknown = false;
      for (int r = 0; r < right.size(); r++) {
        Boolean match = c.matches(l, right.get(r));
        unknown |= match == null;
        if (match != null && match) {
          matched = true;
          rightMatched[r] = true;
          if (output(kind).size() == 2 * NAMES.size()) {
            result.add(concat(l, right.get(r)));
          }
        }
      }
      switch (kind) {
        case LEFT, FULL -> {
          if (!matched) {
            result.add(concat(l, noRow));
          }
        }
        case SEMI -> add(matched, l, result);
        case ANTI -> add(!matched, l, result);
        case NULL_AWARE_ANTI -> add(!matched && !unknown, l, result);
        case MARK -> result.add(concat(l, Collections.singletonList(mark(matched, unknown))));
        case INNER, RIGHT -> {}
      }
    }
    for (int r = 0; r < right.size(); r++) {
      if (!rightMatched[r] && (kind == JoinKind.RIGHT || kind == JoinKind.FULL)) {
        result.add(concat(noRow, right.get(r)));
      }
    }
    return result;
  }

  private static @Nullable Boolean mark(boolean matched, boolean unknown) {
    if (unknown && !matched) {
      return null;
    }
    return matched;
  }

  private static void add(boolean keep, List<?> row, List<List<@Nullable Object>> result) {
    if (keep) {
      result.add(new ArrayList<>(row));
    }
  }

  private static List<@Nullable Object> concat(List<?> left, List<?> right) {
    List<@Nullable Object> row = new ArrayList<>(left);
    row.addAll(right);
    return row;
  }

  private static final List<Case> CASES =
      List.of(
          new Case(List.of("i"), false, false),
          new Case(List.of("i"), true, false),
          new Case(List.of("i"), false, true),
          new Case(List.of("l"), false, false),
          new Case(List.of("s"), false, false),
          new Case(List.of("s"), true, true),
          new Case(List.of("d"), false, false),
          new Case(List.of("i", "s"), false, false),
          new Case(List.of("l", "i"), false, true),
          new Case(List.of("b", "s", "d"), true, false));

  private static void check(List<List<?>> left, List<List<?>> right, String context) {
    MemoryTable x = MemoryTable.of("x", COLUMNS, left, 3);
    MemoryTable y = MemoryTable.of("y", COLUMNS, right, 2);
    int turn = 0;
    try (DuckJudge judge = new DuckJudge()) {
      judge.table("x", COLUMNS, left).table("y", COLUMNS, right);
      for (Case c : CASES) {
        for (JoinKind kind : JoinKind.values()) {
          List<List<@Nullable Object>> expected = definition(left, right, kind, c);
          String what = context + " " + kind + " " + c;
          if (kind != JoinKind.NULL_AWARE_ANTI && kind != JoinKind.MARK) {
            String columns = output(kind).size() == NAMES.size() ? "x.*" : "x.*, y.*";
            DuckJudge.assertSameRows(
                judge.query("SELECT " + columns + " FROM x " + kind + " JOIN y ON " + c.on()),
                expected,
                "the definition, " + what);
          }
          for (PlanRunner.Mode mode : PlanRunner.MODES) {
            // each mode with either form of strings in turn
            boolean encoded = turn++ % 2 == 0;
            MemoryTable tx = encoded ? x.withDictionaries() : x;
            MemoryTable ty = encoded ? y.withDictionaries() : y;
            DuckJudge.assertSameRows(
                expected,
                PlanRunner.run(hashJoin(tx, ty, kind, c), mode, tx, ty),
                what + " " + mode + (encoded ? " encoded" : ""));
          }
        }
      }
    }
  }

  @Test
  void everyKindOfHashJoin() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    check(rows(random, 60, 12, 6), rows(random, 40, 12, 6), "seed " + seed);
    check(rows(random, 50, 40, 0), rows(random, 50, 40, 0), "no NULL, seed " + seed);
  }

  @Test
  void emptySides() {
    Random random = new Random(3);
    check(rows(random, 10, 4, 4), List.of(), "empty right");
    check(List.of(), rows(random, 10, 4, 4), "empty left");
  }

  @Test
  void nestedLoops() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<List<?>> left = rows(random, 30, 12, 6);
    List<List<?>> right = rows(random, 25, 12, 6);
    for (List<List<?>> r : List.of(right, List.<List<?>>of())) {
      MemoryTable x = MemoryTable.of("x", COLUMNS, left, 3);
      MemoryTable y = MemoryTable.of("y", COLUMNS, r, 2);
      for (Case c : List.of(new Case(List.of(), false, true), new Case(List.of(), false, false))) {
        for (JoinKind kind : JoinKind.values()) {
          if (c.residual() && (kind == JoinKind.MARK || kind == JoinKind.NULL_AWARE_ANTI)) {
            continue; // NULL counts here, not in the definition's residual
          }
          List<List<@Nullable Object>> expected = definition(left, r, kind, c);
          PhysicalPlan plan =
              new PhysicalPlan.NestedLoopJoinPlan(
                  x.plan(), y.plan(), kind, c.residualExpression(), output(kind));
          for (PlanRunner.Mode mode : PlanRunner.MODES) {
            DuckJudge.assertSameRows(
                expected,
                PlanRunner.run(plan, mode, x, y),
                "seed " + seed + " " + kind + " " + c + " " + mode);
          }
        }
      }
    }
  }

  @Test
  void comparisonsWithNullAreUnknownInNestedLoops() {
    List<List<?>> left = rows(new Random(1), 20, 9, 5);
    List<List<?>> right = rows(new Random(2), 4, 5, 3);
    MemoryTable x = MemoryTable.of("x", COLUMNS, left, 3);
    MemoryTable y = MemoryTable.of("y", COLUMNS, right, 2);
    Expression less = new Case(List.of(), false, true).residualExpression();
    PhysicalPlan plan =
        new PhysicalPlan.NestedLoopJoinPlan(
            x.plan(), y.plan(), JoinKind.MARK, less, output(JoinKind.MARK));
    try (DuckJudge judge = new DuckJudge()) {
      judge.table("x", COLUMNS, left).table("y", COLUMNS, right);
      List<List<@Nullable Object>> expected =
          judge.query("SELECT x.*, x.v < ANY (SELECT v FROM y) FROM x");
      DuckJudge.assertSameRows(
          expected, PlanRunner.run(plan, new PlanRunner.Mode(2, 3), x, y), "ANY");
    }
  }

  @Test
  void largeSidesInParts() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<List<?>> left = rows(random, 30_000, 45_000, 9);
    List<List<?>> right = rows(random, 40_000, 45_000, 9);
    MemoryTable x = MemoryTable.of("x", COLUMNS, left, 5);
    MemoryTable y = MemoryTable.of("y", COLUMNS, right, 5).withDictionaries();
    try (DuckJudge judge = new DuckJudge()) {
      judge.table("x", COLUMNS, left).table("y", COLUMNS, right);
      for (Case c :
          List.of(
              new Case(List.of("i"), false, false),
              new Case(List.of("l"), false, true),
              new Case(List.of("s"), false, false),
              new Case(List.of("l", "i"), true, false))) {
        for (JoinKind kind : List.of(JoinKind.INNER, JoinKind.FULL, JoinKind.ANTI)) {
          String columns = kind == JoinKind.ANTI ? "x.*" : "x.*, y.*";
          DuckJudge.assertSameRows(
              judge.query("SELECT " + columns + " FROM x " + kind + " JOIN y ON " + c.on()),
              PlanRunner.run(hashJoin(x, y, kind, c), new PlanRunner.Mode(4, 5000), x, y),
              "seed " + seed + " " + kind + " " + c);
        }
      }
    }
  }

  @Test
  void faults() {
    Random random = new Random(4);
    MemoryTable x = MemoryTable.of("x", COLUMNS, rows(random, 15, 6, 5), 3);
    MemoryTable y = MemoryTable.of("y", COLUMNS, rows(random, 12, 6, 5), 2).withDictionaries();
    for (JoinKind kind : List.of(JoinKind.INNER, JoinKind.FULL, JoinKind.MARK)) {
      OperatorFaults.check(hashJoin(x, y, kind, new Case(List.of("s", "i"), false, true)), x, y);
    }
    OperatorFaults.check(hashJoin(x, y, JoinKind.LEFT, new Case(List.of("i"), false, false)), x, y);
    OperatorFaults.check(
        new PhysicalPlan.NestedLoopJoinPlan(
            x.plan(), y.plan(), JoinKind.INNER, null, output(JoinKind.INNER)),
        x,
        y);
  }

  @Test
  void profileCountsMemory() {
    MemoryTable x = MemoryTable.of("x", COLUMNS, rows(new Random(1), 100, 9, 5), 3);
    PhysicalPlan plan = hashJoin(x, x, JoinKind.SEMI, new Case(List.of("i"), false, false));
    assertEquals(true, PlanRunner.profile(plan, new PlanRunner.Mode(2, 8192), x).peakBytes() > 0);
  }
}
