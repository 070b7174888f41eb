package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.iceberg.scan.IcebergTable;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ScanMetrics;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Choosing files and row groups, finding columns by id, hidden columns, versions. */
@ExtendWith(AllocatorExtension.class)
class ScanTest {
  private static final TableDefinition T =
      table(column("a", SqlType.INTEGER), column("s", SqlType.VARCHAR));

  static Table iceberg(Lake lake, String name) {
    return ((IcebergTable) lake.table(name)).table();
  }

  private static Expression ref(int column, SqlType type) {
    return new Expression.InputRef(column, type);
  }

  private static Expression literal(@Nullable Object value, SqlType type) {
    return new Expression.Literal(value, type);
  }

  private static Expression call(String function, Expression... arguments) {
    return new Expression.Call(function, Arrays.asList(arguments), SqlType.BOOLEAN);
  }

  @Test
  void filesAreSkippedByTheFilter(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      for (long f = 0; f < 10; f++) {
        lake.write(
            "t",
            T,
            WriteMode.CREATE_OR_APPEND,
            List.of(row(f * 10, "s" + f), row(f * 10 + 9, f == 3 ? null : "s" + f)));
      }
      Expression a = ref(0, SqlType.INTEGER);
      Expression s = ref(1, SqlType.VARCHAR);
      Expression ten = literal(10L, SqlType.INTEGER);
      Expression twenty = literal(20L, SqlType.INTEGER);
      expect(lake, call("eq", a, literal(35L, SqlType.INTEGER)), 1);
      expect(lake, call("ge", a, literal(80L, SqlType.BIGINT)), 2);
      expect(lake, call("lt", a, ten), 1);
      expect(lake, call("gt", ten, a), 1);
      expect(lake, call("and", call("ge", a, ten), call("lt", a, twenty)), 1);
      expect(
          lake, call("or", call("lt", a, ten), call("eq", s, literal("s7", SqlType.VARCHAR))), 2);
      expect(lake, call("not", call("lt", a, literal(90L, SqlType.INTEGER))), 1);
      expect(lake, call("not", call("or", call("lt", a, ten), call("ge", a, twenty))), 1);
      expect(lake, call("is_null", s), 1);
      expect(lake, call("is_not_null", s), 10);
      expect(lake, call("eq", a, literal(null, SqlType.INTEGER)), 0);
      expect(lake, call("eq", a, literal(1L << 40, SqlType.BIGINT)), 0);
      // what is not understood skips nothing
      expect(lake, call("like", s, literal("s7", SqlType.VARCHAR)), 10);
      expect(lake, call("or", call("like", s, s), call("lt", a, ten)), 10);
      expect(lake, call("and", call("like", s, s), call("lt", a, ten)), 1);
    }
  }

  private static void expect(Lake lake, Expression filter, int files) {
    try (TableScan scan = lake.current("t").scan(new ScanRequest(List.of("a", "s"), filter))) {
      ScanMetrics metrics = scan.metrics();
      assertEquals(files, scan.splits().size(), filter::toString);
      assertEquals(10, metrics.files() + metrics.filesSkipped(), filter::toString);
      assertEquals(files, metrics.rowGroups(), filter::toString);
      lake.read(scan);
      assertTrue(files == 0 || scan.metrics().bytesRead() > 0);
    }
  }

  @Test
  void floatsAreComparedAsInSql(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition = table(column("d", SqlType.DOUBLE));
      lake.write("t", definition, WriteMode.CREATE, List.of(row(1.0), row(Double.NaN)));
      lake.write("t", definition, WriteMode.APPEND, List.of(row(-0.0)));
      Expression d = ref(0, SqlType.DOUBLE);
      assertEquals(1, splits(lake, call("gt", d, literal(5.0, SqlType.DOUBLE))));
      assertEquals(1, splits(lake, call("not", call("le", d, literal(5.0, SqlType.DOUBLE)))));
      assertEquals(1, splits(lake, call("eq", d, literal(Double.NaN, SqlType.DOUBLE))));
      assertEquals(1, splits(lake, call("eq", d, literal(0.0, SqlType.DOUBLE))));
      assertEquals(2, splits(lake, call("ge", d, literal(0.0, SqlType.DOUBLE))));
      assertEquals(1, splits(lake, call("le", d, literal(-0.0, SqlType.DOUBLE))));
      assertEquals(0, splits(lake, call("lt", d, literal(-0.0, SqlType.DOUBLE))));
    }
  }

  private static int splits(Lake lake, Expression filter) {
    try (TableScan scan = lake.current("t").scan(new ScanRequest(List.of("d"), filter))) {
      return scan.splits().size();
    }
  }

  @Test
  void columnsAreFoundByIdThroughEvolution(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(
              column("a", SqlType.INTEGER),
              column("b", SqlType.VARCHAR),
              column("c", SqlType.REAL),
              column("d", new SqlType.Decimal(5, 2)));
      java.math.BigDecimal one = new java.math.BigDecimal("1.00");
      lake.write("t", definition, WriteMode.CREATE, List.of(row(1L, "x", 0.5, one)));
      iceberg(lake, "t").updateSchema().renameColumn("b", "text").commit();
      iceberg(lake, "t")
          .updateSchema()
          .updateColumn("a", Types.LongType.get())
          .updateColumn("c", Types.DoubleType.get())
          .updateColumn("d", Types.DecimalType.of(20, 2))
          .addColumn("b", Types.StringType.get())
          .addColumn("e", Types.IntegerType.get(), null, Expressions.lit(42))
          .moveFirst("c")
          .commit();
      List<List<@Nullable Object>> first = List.of(row(0.5, 1L, "x", one, null, 42L));
      assertEquals(
          List.of("c", "a", "text", "d", "b", "e"),
          lake.table("t").definition().columns().stream().map(c -> c.name()).toList());
      assertEquals(first, lake.read("t"));
      lake.write(
          "t", definition, WriteMode.APPEND, List.of(row(1.5, 1L << 40, "y", one, "new", 7L)));
      iceberg(lake, "t").updateSchema().deleteColumn("text").commit();
      assertEquals(
          List.of(row(0.5, 1L, one, null, 42L), row(1.5, 1L << 40, one, "new", 7L)),
          lake.read("t"));
      // a filter over a column that the first file lacks
      TableSnapshot now = lake.current("t");
      assertEquals(
          List.of(row("new")),
          lake.read(
              now,
              List.of("b"),
              call("eq", ref(0, SqlType.VARCHAR), literal("new", SqlType.VARCHAR))));
      assertEquals(
          List.of(row(42L)),
          lake.read(
              now,
              List.of("e"),
              call("eq", ref(0, SqlType.INTEGER), literal(42L, SqlType.INTEGER))));
      fails(ErrorCode.UNKNOWN_COLUMN, () -> lake.read(now, List.of("text"), null));
    }
  }

  @Test
  void timeTravel(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L, "x")));
      Snapshot first = Objects.requireNonNull(iceberg(lake, "t").currentSnapshot());
      iceberg(lake, "t").manageSnapshots().createTag("v1", first.snapshotId()).commit();
      iceberg(lake, "t").updateSchema().renameColumn("a", "z").commit();
      do {
        Thread.onSpinWait();
      } while (System.currentTimeMillis() <= first.timestampMillis());
      lake.write("t", T, WriteMode.APPEND, List.of(row(2L, "y")));
      List<String> then = List.of("a", "s");
      long at = first.timestampMillis() * 1000;
      for (TableVersion version :
          List.of(
              new TableVersion.AsOfSnapshot(first.snapshotId()),
              new TableVersion.AsOfReference("v1"),
              new TableVersion.AsOfTime(at),
              new TableVersion.AsOfTime(at + 999))) {
        TableSnapshot old = lake.table("t").snapshot(version);
        assertEquals(first.snapshotId(), old.snapshotId());
        assertEquals(then, old.definition().columns().stream().map(c -> c.name()).toList());
        assertEquals(List.of(row(1L, "x")), lake.read(old, then, null));
      }
      TableSnapshot main = lake.table("t").snapshot(new TableVersion.AsOfReference("main"));
      assertEquals(2, lake.read(main, List.of("z"), null).size());
      assertEquals(
          2,
          lake.read(
                  lake.table("t").snapshot(new TableVersion.AsOfTime(Long.MAX_VALUE / 2)),
                  List.of("z"),
                  null)
              .size());
      unknown(lake, new TableVersion.AsOfSnapshot(5), Long.toString(first.snapshotId()));
      unknown(lake, new TableVersion.AsOfReference("v2"), "v1");
      unknown(lake, new TableVersion.AsOfTime(at - 1), Long.toString(first.snapshotId()));
    }
  }

  private static void unknown(Lake lake, TableVersion version, String listed) {
    EngineException failure =
        fails(ErrorCode.UNKNOWN_VERSION, () -> lake.table("t").snapshot(version));
    assertTrue(String.valueOf(failure.getMessage()).contains(listed), failure::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void hiddenColumns(String version, BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition = withProperties(T, Map.of("format-version", version));
      lake.write("t", definition, WriteMode.CREATE, List.of(row(1L, "x"), row(2L, "y")));
      lake.write("t", definition, WriteMode.APPEND, List.of(row(3L, "z")));
      TableSnapshot now = lake.current("t");
      List<List<@Nullable Object>> places = lake.read(now, List.of("_pos", "a", "_file"), null);
      List<Object> positions = new ArrayList<>(places.stream().map(r -> r.get(0)).toList());
      if (version.equals("1")) {
        // there is no order of commits, only one of paths, which are random
        assertTrue(positions.remove(0L));
        assertEquals(Set.of(0L, 1L), Set.copyOf(positions));
      } else {
        assertEquals(List.of(0L, 1L, 0L), positions);
      }
      assertTrue(places.stream().allMatch(r -> Files.exists(Path.of((String) r.get(2)))));
      List<Long> ids = new ArrayList<>();
      List<Long> times = new ArrayList<>();
      for (Snapshot s : iceberg(lake, "t").snapshots()) {
        ids.add(s.snapshotId());
        times.add(s.timestampMillis() * 1000);
      }
      if (version.equals("1")) {
        fails(ErrorCode.UNSUPPORTED, () -> lake.read(now, List.of("_committed_at"), null));
        return;
      }
      assertEquals(
          List.of(
              row(1L, ids.get(0), times.get(0)),
              row(1L, ids.get(0), times.get(0)),
              row(2L, ids.get(1), times.get(1))),
          lake.read(
              now,
              List.of("_last_updated_sequence_number", "_snapshot_id", "_committed_at"),
              call("gt", ref(0, SqlType.BIGINT), literal(0L, SqlType.BIGINT))));
      if (version.equals("2")) {
        fails(ErrorCode.UNSUPPORTED, () -> lake.read(now, List.of("_row_id"), null));
        return;
      }
      assertEquals(List.of(row(0L), row(1L), row(2L)), lake.read(now, List.of("_row_id"), null));
    }
  }

  @Test
  void committedAtIsTheDeclaredArrival(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          new TableDefinition(
              List.of(column("a", SqlType.INTEGER), column("seen", SqlType.TIMESTAMP_TZ)),
              List.of(),
              null,
              "seen",
              List.of(),
              null,
              Map.of());
      lake.write("t", definition, WriteMode.CREATE, List.of(row(1L, 77L)));
      assertEquals(List.of(row(77L)), lake.read(lake.current("t"), List.of("_committed_at"), null));
    }
  }

  @Test
  void givenRowsAreFetched(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(column("a", SqlType.INTEGER), column("t", SqlType.TINYINT));
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (long i = 0; i < 5000; i++) {
        rows.add(row(i * 3, i % 100));
      }
      lake.write("t", definition, WriteMode.CREATE, rows);
      int[] wanted = {0, 7, 8, 4000, 4999};
      try (TableScan scan =
          lake.current("t").scan(new ScanRequest(List.of("t", "_row_id", "a", "_pos"), null))) {
        ScanSplit split = scan.splits().getFirst();
        try (SplitReader reader = scan.fetch(split, wanted, allocator, 2)) {
          List<List<@Nullable Object>> expected = new ArrayList<>();
          for (int w : wanted) {
            expected.add(row((long) w % 100, (long) w, w * 3L, (long) w));
          }
          assertEquals(expected, Lake.drain(reader));
        }
      }
    }
  }

  @Test
  void partitionsAreWrittenReadAndSkipped(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(
              column("day", SqlType.DATE),
              column("k", SqlType.VARCHAR),
              column("v", SqlType.DOUBLE));
      lake.write("t", definition, WriteMode.CREATE, List.of());
      iceberg(lake, "t").updateSpec().addField("day").addField("k").commit();
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (long i = 0; i < 500; i++) {
        rows.add(row(i % 10, i % 7 == 0 ? null : "k" + i % 6, i / 2.0));
      }
      lake.write("t", definition, WriteMode.APPEND, rows);
      List<List<@Nullable Object>> found = lake.read("t");
      assertEquals(sorted(rows), sorted(found));
      try (TableScan scan =
          lake.current("t")
              .scan(
                  new ScanRequest(
                      List.of("day"),
                      call("eq", ref(0, SqlType.DATE), literal(3L, SqlType.DATE))))) {
        assertTrue(scan.metrics().filesSkipped() > scan.metrics().files());
        assertTrue(lake.read(scan).stream().allMatch(r -> r.equals(row(3L))));
      }
    }
  }

  private static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream().map(Object::toString).sorted().toList();
  }

  @Test
  void statistics(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(5L, "b"), row(null, "c")));
      lake.write("t", T, WriteMode.APPEND, List.of(row(9L, "a"), row(7L, null)));
      TableStatistics statistics = lake.current("t").statistics();
      assertEquals(4, statistics.rowCount());
      assertTrue(statistics.bytes() > 0);
      assertEquals(5L, lake.statistics("t", "a").min());
      assertEquals(9L, lake.statistics("t", "a").max());
      assertEquals(1, lake.statistics("t", "a").nullCount());
      assertEquals("a", lake.statistics("t", "s").min());
      assertEquals("c", lake.statistics("t", "s").max());
    }
  }

  @Test
  void missingAndBrokenFilesAreNamed(BufferAllocator allocator, @TempDir Path folder)
      throws IOException {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L, "x")));
      Path file =
          lake.warehouseFiles().stream()
              .filter(f -> f.toString().endsWith(".parquet"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 9));
      named(file, fails(ErrorCode.CORRUPT_FILE, () -> lake.read("t")));
      Files.delete(file);
      named(file, fails(ErrorCode.STORAGE_ERROR, () -> lake.read("t")));
    }
  }

  private static void named(Path file, EngineException failure) {
    assertTrue(String.valueOf(failure.getMessage()).contains(file.toString()), failure::toString);
  }

  @Test
  void deletesThatCannotBeReadAreRefusedByName(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write(
          "t",
          withProperties(T, Map.of("format-version", "2")),
          WriteMode.CREATE,
          List.of(row(1L, "x")));
      lake.write("t", T, WriteMode.APPEND, List.of(row(100L, "y")));
      Table table = iceberg(lake, "t");
      String data =
          lake.read(lake.current("t"), List.of("_file"), null).getFirst().getFirst().toString();
      table
          .newRowDelta()
          .addDeletes(
              org.apache.iceberg.FileMetadata.deleteFileBuilder(table.spec())
                  .ofPositionDeletes()
                  .withPath(table.location() + "/data/deletes.avro")
                  .withFileSizeInBytes(10)
                  .withRecordCount(1)
                  .withReferencedDataFile(data)
                  .build())
          .commit();
      named(
          Path.of(table.location() + "/data/deletes.avro"),
          fails(ErrorCode.UNSUPPORTED, () -> lake.read("t")));
      // only where it is needed
      assertEquals(
          List.of(row(100L)),
          lake.read(
              lake.current("t"),
              List.of("a"),
              call("gt", ref(0, SqlType.INTEGER), literal(50L, SqlType.INTEGER))));
    }
  }
}
