package io.sluice.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SortTest {
  private static final Map<String, SqlType> COLUMNS = new LinkedHashMap<>();

  static {
    COLUMNS.put("bool", SqlType.BOOLEAN);
    COLUMNS.put("tiny", SqlType.TINYINT);
    COLUMNS.put("small", SqlType.SMALLINT);
    COLUMNS.put("int", SqlType.INTEGER);
    COLUMNS.put("big", SqlType.BIGINT);
    COLUMNS.put("real", SqlType.REAL);
    COLUMNS.put("double", SqlType.DOUBLE);
    COLUMNS.put("decimal", new SqlType.Decimal(30, 2));
    COLUMNS.put("string", SqlType.VARCHAR);
    COLUMNS.put("binary", SqlType.VARBINARY);
    COLUMNS.put("date", SqlType.DATE);
    COLUMNS.put("ts", SqlType.TIMESTAMP);
    COLUMNS.put("uuid", SqlType.UUID);
    COLUMNS.put("months", SqlType.INTERVAL_MONTHS);
    COLUMNS.put("row", SqlType.BIGINT);
  }

  private static @Nullable Object value(SqlType type, Random random) {
    if (random.nextInt(6) == 0) {
      return null;
    }
    boolean wide = random.nextBoolean();
    return switch (type.kind()) {
      case BOOLEAN -> random.nextBoolean();
      case TINYINT -> (long) (byte) random.nextInt();
      case SMALLINT -> (long) (short) random.nextInt();
      case INTEGER, DATE, INTERVAL_MONTHS ->
          (long) (wide ? random.nextInt() : random.nextInt(5) - 2);
      case BIGINT, TIMESTAMP -> wide ? random.nextLong() : random.nextInt(5) - 2;
      case REAL, DOUBLE ->
          switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> 0.0;
            case 3 -> Double.NEGATIVE_INFINITY;
            case 4 -> Double.POSITIVE_INFINITY;
            default -> (double) (float) random.nextGaussian();
          };
      case DECIMAL ->
          wide
              ? new BigDecimal(new java.math.BigInteger(90, random), 2).subtract(BigDecimal.TEN)
              : new BigDecimal("-0.0" + random.nextInt(5));
      case VARCHAR -> {
        String[] parts = {"", "a", "b", "\0", "ü", "a\0b", "aa"};
        yield parts[random.nextInt(7)] + parts[random.nextInt(7)] + parts[random.nextInt(7)];
      }
      case VARBINARY -> {
        byte[] bytes = new byte[random.nextInt(3)];
        for (int i = 0; i < bytes.length; i++) {
          bytes[i] = (byte) (random.nextInt(3) - 1);
        }
        yield bytes;
      }
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      default -> throw new AssertionError(type);
    };
  }

  private static List<List<?>> rows(int count, Random random) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (SqlType type : COLUMNS.values()) {
        row.add(value(type, random));
      }
      row.set(row.size() - 1, (long) i);
      rows.add(row);
    }
    return rows;
  }

  private static int compare(Object a, Object b) {
    return switch (a) {
      case Double d -> Double.compare(d == 0 ? 0.0 : d, (Double) b == 0 ? 0.0 : (Double) b);
      case String s ->
          Arrays.compareUnsigned(
              s.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
      case byte[] bytes -> Arrays.compareUnsigned(bytes, (byte[]) b);
      case UUID uuid -> uuid.toString().compareTo(b.toString());
      case Boolean bool -> bool.compareTo((Boolean) b);
      case BigDecimal decimal -> decimal.compareTo((BigDecimal) b);
      case Long number -> number.compareTo((Long) b);
      default -> throw new AssertionError(a);
    };
  }

  private static Comparator<List<?>> order(List<SortKey> keys) {
    return (left, right) -> {
      for (SortKey key : keys) {
        Object a = left.get(key.column());
        Object b = right.get(key.column());
        int result;
        if (a == null || b == null) {
          result = a == b ? 0 : (a == null) == key.nullsFirst() ? -1 : 1;
        } else {
          result = key.descending() ? compare(b, a) : compare(a, b);
        }
        if (result != 0) {
          return result;
        }
      }
      return 0;
    };
  }

  private static List<Object> ids(List<? extends List<?>> rows) {
    List<Object> ids = new ArrayList<>();
    rows.forEach(row -> ids.add(row.getLast()));
    return ids;
  }

  @Test
  void ordersEveryTypeInAllModes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int last = COLUMNS.size() - 1;
    List<List<?>> rows = rows(300, random);
    MemoryTable table = MemoryTable.of("t", COLUMNS, rows, 4).withDictionaries();
    for (int i = 0; i < 60; i++) {
      List<SortKey> keys = new ArrayList<>();
      // every type once as the first key, then at random
      int first = i < last ? i : random.nextInt(last);
      keys.add(new SortKey(first, random.nextBoolean(), random.nextBoolean()));
      keys.add(new SortKey(random.nextInt(last), random.nextBoolean(), random.nextBoolean()));
      keys.add(new SortKey(last, random.nextBoolean(), false));
      PlanRunner.Mode mode = PlanRunner.MODES.get(i % PlanRunner.MODES.size());
      List<List<?>> expected = new ArrayList<>(rows);
      expected.sort(order(keys));
      PhysicalPlan sort = new PhysicalPlan.SortPlan(table.plan(), keys);
      String what = "seed " + seed + " " + mode + " " + keys;
      List<List<@Nullable Object>> actual = PlanRunner.run(sort, mode, table);
      assertEquals(ids(expected), ids(actual), what);
      int offset = random.nextInt(20);
      int limit = random.nextInt(320);
      int from = Math.min(offset, 300);
      int to = Math.min(offset + limit, 300);
      PhysicalPlan topN = new PhysicalPlan.TopNPlan(table.plan(), keys, offset, limit);
      assertEquals(ids(expected.subList(from, to)), ids(PlanRunner.run(topN, mode, table)), what);
      PhysicalPlan limited = new PhysicalPlan.LimitPlan(sort, offset, limit);
      assertEquals(
          ids(expected.subList(from, to)), ids(PlanRunner.run(limited, mode, table)), what);
    }
  }

  @Test
  void keepsTheFirstOfManyRows() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<List<?>> rows = new ArrayList<>();
    for (long i = 0; i < 200_000; i++) {
      rows.add(List.of(random.nextInt(1000) - 500L, i));
    }
    Map<String, SqlType> columns = new LinkedHashMap<>();
    columns.put("a", SqlType.BIGINT);
    columns.put("b", SqlType.BIGINT);
    MemoryTable table = MemoryTable.of("t", columns, rows, 7);
    List<SortKey> keys = List.of(new SortKey(0, true, false), new SortKey(1, false, false));
    rows.sort(order(keys));
    for (int workers : new int[] {1, 2}) {
      PlanRunner.Mode mode = new PlanRunner.Mode(workers, 8192);
      assertEquals(
          rows.subList(3, 103),
          PlanRunner.run(new PhysicalPlan.TopNPlan(table.plan(), keys, 3, 100), mode, table),
          "seed " + seed);
      assertEquals(
          rows.subList(120_000, 120_010),
          PlanRunner.run(new PhysicalPlan.TopNPlan(table.plan(), keys, 120_000, 10), mode, table),
          "seed " + seed);
      assertEquals(
          rows,
          PlanRunner.run(new PhysicalPlan.SortPlan(table.plan(), keys), mode, table),
          "seed " + seed);
    }
  }

  @Test
  void refusesNestedKeys() {
    MemoryTable table =
        MemoryTable.of("t", Map.of("a", new SqlType.Array(SqlType.BIGINT)), List.of(), 1);
    PhysicalPlan plan =
        new PhysicalPlan.SortPlan(table.plan(), List.of(new SortKey(0, false, false)));
    EngineException failure =
        assertThrows(
            EngineException.class, () -> PlanRunner.run(plan, PlanRunner.MODES.getFirst(), table));
    assertEquals(ErrorCode.UNSUPPORTED, failure.code());
  }

  @Test
  void leavesNothingBehindWhateverFails() {
    MemoryTable table = MemoryTable.of("t", COLUMNS, rows(30, new Random(1)), 3).blocking();
    List<SortKey> keys = List.of(new SortKey(8, false, true), new SortKey(14, true, false));
    OperatorFaults.check(new PhysicalPlan.SortPlan(table.plan(), keys), table);
    OperatorFaults.check(new PhysicalPlan.TopNPlan(table.plan(), keys, 1, 5), table);
  }
}
