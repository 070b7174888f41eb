package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.ScanTest.iceberg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.SupportsMetadataAggregates;
import io.sluice.engine.connector.SupportsMetadataAggregates.Wanted;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of tables that the Iceberg library and we write in turn: with appends, deletes of
 * all kinds, schemas and partitionings that change. Every state reads as the library's reader reads
 * it, and filters lose no row. {@code -Diceberg.histories=N} makes N of them.
 */
@ExtendWith(AllocatorExtension.class)
class HistoriesTest {
  private static final int HISTORIES = Integer.getInteger("iceberg.histories", 4);
  private static final int STEPS = 14;

  @Test
  void everyStateReadsAsTheLibraryReadsIt(BufferAllocator allocator, @TempDir Path folder) {
    long first = Long.getLong("iceberg.seed", System.nanoTime());
    System.out.println("HistoriesTest seed " + first);
    for (int h = 0; h < HISTORIES; h++) {
      Random random = new Random(first + h);
      try (Lake lake = new Lake(folder.resolve("lake" + h), allocator)) {
        OtherHistory history =
            new OtherHistory(lake, allocator, random, random.nextInt(3) == 0 ? 2 : 3);
        try {
          for (int step = 0; step < STEPS; step++) {
            history.step();
            check(lake, lake.current("t"), random);
          }
          for (Snapshot snapshot : iceberg(lake, "t").snapshots()) {
            check(
                lake,
                lake.table("t").snapshot(new TableVersion.AsOfSnapshot(snapshot.snapshotId())),
                random);
          }
        } catch (RuntimeException | AssertionError failure) {
          throw new AssertionError(
              "seed " + (first + h) + "\n" + String.join("\n", history.steps()), failure);
        }
      }
    }
  }

  private static void check(Lake lake, TableSnapshot state, Random random) {
    Table table = iceberg(lake, "t");
    if (state.snapshotId() < 0) {
      return;
    }
    List<ColumnDefinition> columns = state.definition().columns();
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    List<List<@Nullable Object>> rows = lake.read(state, names, null);
    if (table.currentSnapshot().snapshotId() != state.snapshotId()
        || table.currentSnapshot().schemaId() == table.schema().schemaId()) {
      assertEquals(
          OtherWriter.sorted(OtherWriter.judge(table, state.snapshotId())),
          OtherWriter.sorted(rows),
          () -> "snapshot " + state.snapshotId());
    }
    checkCounts(state, columns, rows, null);
    // a part of the columns, the others perhaps keys of deletes
    List<String> few = names.stream().filter(name -> random.nextInt(3) == 0).toList();
    List<List<@Nullable Object>> parts = new ArrayList<>();
    for (List<@Nullable Object> row : rows) {
      List<@Nullable Object> part = new ArrayList<>();
      few.forEach(name -> part.add(row.get(names.indexOf(name))));
      parts.add(part);
    }
    assertEquals(OtherWriter.sorted(parts), OtherWriter.sorted(lake.read(state, few, null)));
    for (int i = 0; i < 4; i++) {
      checkFilter(lake, state, columns, rows, random);
    }
  }

  /** Skipping loses no row that a comparison keeps. */
  private static void checkFilter(
      Lake lake,
      TableSnapshot state,
      List<ColumnDefinition> columns,
      List<List<@Nullable Object>> rows,
      Random random) {
    int column = random.nextInt(columns.size());
    SqlType type = columns.get(column).type();
    if (rows.isEmpty() || type.isNested()) {
      return;
    }
    Object value = rows.get(random.nextInt(rows.size())).get(column);
    if (value == null) {
      return;
    }
    String function = List.of("eq", "ne", "lt", "le", "gt", "ge").get(random.nextInt(6));
    Expression filter =
        new Expression.Call(
            function,
            Arrays.asList(
                new Expression.InputRef(column, type), new Expression.Literal(value, type)),
            SqlType.BOOLEAN);
    List<String> kept =
        OtherWriter.sorted(
            lake.read(state, columns.stream().map(ColumnDefinition::name).toList(), filter));
    List<List<@Nullable Object>> wanted =
        rows.stream().filter(row -> holds(function, row.get(column), value)).toList();
    List<String> left = new ArrayList<>(kept);
    for (String row : OtherWriter.sorted(wanted)) {
      assertTrue(left.remove(row), () -> filter + " loses " + row);
    }
    checkCounts(state, columns, wanted, filter);
  }

  /** Where metadata tell counts and extremes, they are right. */
  private static void checkCounts(
      TableSnapshot state,
      List<ColumnDefinition> columns,
      List<List<@Nullable Object>> rows,
      @Nullable Expression filter) {
    ScanRequest request =
        new ScanRequest(columns.stream().map(ColumnDefinition::name).toList(), filter);
    for (int c = 0; c < columns.size(); c++) {
      int column = c;
      String name = columns.get(c).name();
      List<Object> values =
          rows.stream().map(row -> row.get(column)).filter(Objects::nonNull).toList();
      ((SupportsMetadataAggregates) state)
          .aggregates(List.of(new Wanted.Rows(), new Wanted.Values(name)), request)
          .ifPresent(
              known ->
                  assertEquals(List.of((long) rows.size(), (long) values.size()), known.values()));
      ((SupportsMetadataAggregates) state)
          .aggregates(List.of(new Wanted.Least(name), new Wanted.Greatest(name)), request)
          .ifPresent(
              known ->
                  assertEquals(
                      Arrays.asList(
                          values.stream().min(HistoriesTest::compare).orElse(null),
                          values.stream().max(HistoriesTest::compare).orElse(null)),
                      known.values()));
    }
  }

  private static int compare(Object a, Object b) {
    return holds("lt", a, b) ? -1 : holds("gt", a, b) ? 1 : 0;
  }

  private static boolean holds(String function, @Nullable Object value, Object other) {
    if (value == null) {
      return false;
    }
    int order =
        switch (value) {
          case Long a -> Long.compare(a, (Long) other);
          case Double a -> a.equals(other) ? 0 : Double.compare(a + 0.0, (Double) other + 0.0);
          case BigDecimal a -> a.compareTo((BigDecimal) other);
          case Boolean a -> Boolean.compare(a, (Boolean) other);
          case byte[] a -> Arrays.compareUnsigned(a, (byte[]) other);
          case UUID a -> a.toString().compareTo(other.toString());
          case String a -> Arrays.compareUnsigned(utf8(a), utf8((String) other));
          default -> throw new AssertionError(value.getClass());
        };
    return switch (function) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "lt" -> order < 0;
      case "le" -> order <= 0;
      case "gt" -> order > 0;
      default -> order >= 0;
    };
  }

  private static byte[] utf8(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
