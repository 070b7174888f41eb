package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static io.sluice.connectors.iceberg.ScanTest.iceberg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.iceberg.OtherWriter.Place;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that other programs have deleted without rewriting their files. */
@ExtendWith(AllocatorExtension.class)
class DeletesTest {
  private static final TableDefinition T =
      table(column("id", SqlType.BIGINT), column("s", SqlType.VARCHAR));
  private static final ChangeScope EVERYTHING = new ChangeScope(List.of(), null, false);

  private static OtherWriter other(Lake lake) {
    return new OtherWriter(() -> iceberg(lake, "t"));
  }

  /** Rows 0 to rows - 1 in files of ten. */
  private static void create(Lake lake, int rows, Map<String, String> properties) {
    for (int first = 0; first < rows; first += 10) {
      lake.write(
          "t",
          withProperties(T, properties),
          WriteMode.CREATE_OR_APPEND,
          LongStream.range(first, Math.min(rows, first + 10))
              .mapToObj(i -> row(i, i % 4 == 0 ? null : "s" + i % 3))
              .toList());
    }
  }

  private static List<Place> places(Lake lake, long... ids) {
    List<Place> places = new ArrayList<>();
    for (List<@Nullable Object> row :
        lake.read(lake.current("t"), List.of("id", "_file", "_pos"), null)) {
      if (LongStream.of(ids).anyMatch(id -> Objects.equals(row.getFirst(), id))) {
        places.add(new Place((String) row.get(1), (Long) row.get(2)));
      }
    }
    assertEquals(ids.length, places.size());
    return places;
  }

  private static List<Long> ids(Lake lake, TableSnapshot snapshot) {
    return lake.read(snapshot, List.of("id"), null).stream()
        .map(row -> (Long) row.getFirst())
        .toList();
  }

  private static List<Long> ids(Lake lake) {
    return ids(lake, lake.current("t"));
  }

  private static List<Long> without(int rows, Long... gone) {
    return LongStream.range(0, rows).boxed().filter(i -> !List.of(gone).contains(i)).toList();
  }

  /** Every snapshot reads as the library reads it. */
  private static void check(Lake lake) {
    Table table = iceberg(lake, "t");
    table
        .snapshots()
        .forEach(
            snapshot -> {
              TableSnapshot state =
                  lake.table("t").snapshot(new TableVersion.AsOfSnapshot(snapshot.snapshotId()));
              List<String> columns =
                  state.definition().columns().stream().map(c -> c.name()).toList();
              assertEquals(
                  OtherWriter.sorted(OtherWriter.judge(table, snapshot.snapshotId())),
                  OtherWriter.sorted(lake.read(state, columns, null)));
            });
  }

  @Test
  void positions(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", "2"));
      other(lake).deletePositions(places(lake, 0, 9, 15));
      assertEquals(without(30, 0L, 9L, 15L), ids(lake));
      other(lake).deletePositionsTogether(places(lake, 1, 2, 20, 29));
      assertEquals(without(30, 0L, 1L, 2L, 9L, 15L, 20L, 29L), ids(lake));
      other(lake).deletePositions(places(lake, 10, 11, 12, 13, 14, 16, 17, 18, 19));
      assertEquals(14, ids(lake).size());
      // what was deleted before a row came does not delete it
      create(lake, 10, Map.of());
      assertEquals(24, ids(lake).size());
      check(lake);
    }
  }

  @Test
  void vectors(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", "3"));
      other(lake).deleteVectors(places(lake, 3, 4, 15));
      other(lake).deleteVectors(places(lake, 5, 29));
      assertEquals(without(30, 3L, 4L, 5L, 15L, 29L), ids(lake));
      check(lake);
      // rows keep their numbers
      List<List<@Nullable Object>> rows =
          lake.read(lake.current("t"), List.of("id", "_row_id", "_pos"), null);
      rows.forEach(
          row -> {
            assertEquals(row.get(0), row.get(1));
            assertEquals((Long) row.get(0) % 10, row.get(2));
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void keys(String version, BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", version));
      OtherWriter other = other(lake);
      other.deleteEqual(List.of("id"), List.of(other.record(7L), other.record(70L)));
      other.deleteEqual(
          List.of("id", "s"),
          List.of(other.record(8L, null), other.record(9L, null), other.record(10L, "s1")));
      assertEquals(without(30, 7L, 8L, 10L), ids(lake));
      create(lake, 10, Map.of());
      assertEquals(37, ids(lake).size());
      other.deleteEqual(List.of("s"), List.of(other.record(null, null)));
      assertEquals(27, ids(lake).size());
      check(lake);
      // columns that only the deletes need do not come out
      assertEquals(27, lake.read(lake.current("t"), List.of("_pos"), null).size());
      assertEquals(27, lake.read(lake.current("t"), List.of(), null).size());
    }
  }

  @Test
  void keysOfColumnsThatChange(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write(
          "t",
          withProperties(
              table(
                  column("k", SqlType.INTEGER),
                  column("d", new SqlType.Decimal(5, 2)),
                  column("x", SqlType.VARCHAR)),
              Map.of("format-version", "3")),
          WriteMode.CREATE,
          List.of(
              row(1L, new java.math.BigDecimal("1.00"), "a"),
              row(2L, new java.math.BigDecimal("2.00"), "b"),
              row(3L, null, "c"),
              row(4L, null, "d")));
      OtherWriter other = other(lake);
      other.deleteEqual(List.of("k"), List.of(other.record(1)));
      iceberg(lake, "t")
          .updateSchema()
          .updateColumn("k", Types.LongType.get())
          .updateColumn("d", Types.DecimalType.of(12, 2))
          .renameColumn("x", "y")
          .addColumn("n", Types.IntegerType.get())
          .addColumn(
              "e", Types.IntegerType.get(), null, org.apache.iceberg.expressions.Expressions.lit(5))
          .commit();
      assertEquals(
          List.of(2L, 3L, 4L), lake.read("t").stream().map(row -> (Long) row.getFirst()).toList());
      other.deleteEqual(
          List.of("k", "d"), List.of(other.record(2L, new java.math.BigDecimal("2.00"))));
      // of a column that the file lacks, by its NULL and by its default
      other.deleteEqual(
          List.of("k", "n", "e"),
          List.of(other.record(3L, null, null, null, 5), other.record(4L, null, null, 1, 5)));
      assertEquals(List.of(row(4L, null, "d", null, 5L)), lake.read("t"));
      check(lake);
      other.deleteEqual(List.of("y"), List.of(other.record(null, null, "d", null, null)));
      assertEquals(List.of(), lake.read("t"));
      iceberg(lake, "t").updateSchema().deleteColumn("y").commit();
      assertEquals(List.of(), lake.read("t"));
    }
  }

  @Test
  void keysOfPartitions(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 10, Map.of("format-version", "2"));
      iceberg(lake, "t").updateSpec().addField("s").commit();
      create(lake, 20, Map.of());
      OtherWriter other = other(lake);
      // of partition s1 of the present spec, so not of the first file
      other.deleteEqual(List.of("id", "s"), List.of(other.record(1L, "s1")));
      other.deleteEqual(List.of("id", "s"), List.of(other.record(8L, null)));
      // of all
      other.deleteEqual(List.of("id"), List.of(other.record(2L), other.record(17L)));
      check(lake);
      assertEquals(30 - 2 - 3, ids(lake).size(), () -> ids(lake).toString());
      other.deletePositions(places(lake, 10, 13));
      check(lake);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void rowsAreChangedThatHadDeletesBesideThem(
      String version, BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", version));
      OtherWriter other = other(lake);
      delete(lake, version, 0, 5, 11, 25);
      other.deleteEqual(List.of("id"), List.of(other.record(1L), other.record(12L)));
      List<Long> expected = new ArrayList<>(without(30, 0L, 1L, 5L, 11L, 12L, 25L));
      assertEquals(expected, ids(lake));
      TableSnapshot base = lake.current("t");
      List<Long> addresses = addresses(lake, base, 2, 4, 26);
      try (RowChanges changes = lake.catalog.change(ANYONE, base, EVERYTHING, allocator)) {
        changes.change(
            Batches.of(
                allocator,
                List.of(SqlType.BIGINT, SqlType.INTEGER, SqlType.VARCHAR),
                List.of(
                    row(addresses.get(0), 1L, "new"),
                    row(addresses.get(1), 0L, null),
                    row(addresses.get(2), 1L, "new"))),
            List.of(new RowChange.Delete(), new RowChange.Update(List.of(-1, 2))));
        assertEquals(3, changes.commit());
      }
      expected.remove(4L);
      assertEquals(expected, ids(lake).stream().sorted().toList());
      check(lake);
      if (version.equals("3")) {
        lake.read(lake.current("t"), List.of("id", "_row_id"), null)
            .forEach(row -> assertEquals(row.get(0), row.get(1)));
        // the vectors of files that are gone are gone
        assertEquals(
            1,
            other.tasks().stream()
                .flatMap(task -> task.deletes().stream())
                .filter(org.apache.iceberg.util.ContentFileUtil::isDV)
                .count());
        assertEquals("2", iceberg(lake, "t").currentSnapshot().summary().get("total-delete-files"));
      }
      try (RowChanges changes =
          lake.catalog.change(ANYONE, lake.current("t"), EVERYTHING, allocator)) {
        changes.deleteAll();
        assertEquals(expected.size(), changes.commit());
      }
      assertEquals(List.of(), ids(lake));
      check(lake);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void optimizeAppliesDeletes(String version, BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", version));
      OtherWriter other = other(lake);
      delete(lake, version, 0, 5, 11);
      other.deleteEqual(List.of("id"), List.of(other.record(1L), other.record(29L)));
      List<String> columns =
          version.equals("3")
              ? List.of("id", "_row_id", "_last_updated_sequence_number")
              : List.of("id", "_last_updated_sequence_number");
      List<List<@Nullable Object>> rows = lake.read(lake.current("t"), columns, null);
      assertEquals(25, rows.size());
      lake.catalog.optimize(ANYONE, lake.current("t"), allocator);
      assertEquals(
          OtherWriter.sorted(rows),
          OtherWriter.sorted(lake.read(lake.current("t"), columns, null)));
      check(lake);
      List<FileScanTask> tasks = other.tasks();
      assertEquals(1, tasks.size());
      assertTrue(tasks.getFirst().deletes().isEmpty(), () -> tasks.getFirst().deletes().toString());
      assertEquals("0", iceberg(lake, "t").currentSnapshot().summary().get("total-delete-files"));
      long before = lake.current("t").snapshotId();
      lake.catalog.optimize(ANYONE, lake.current("t"), allocator);
      assertEquals(before, lake.current("t").snapshotId());
      // a single file with deletes is written again
      delete(lake, version, 2);
      lake.catalog.optimize(ANYONE, lake.current("t"), allocator);
      assertEquals("0", iceberg(lake, "t").currentSnapshot().summary().get("total-delete-files"));
      assertEquals(24, ids(lake).size());
      check(lake);
    }
  }

  private static void delete(Lake lake, String version, long... ids) {
    if (version.equals("3")) {
      other(lake).deleteVectors(places(lake, ids));
    } else {
      other(lake).deletePositionsTogether(places(lake, ids));
    }
  }

  private static List<Long> addresses(Lake lake, TableSnapshot base, long... ids) {
    return lake.read(base, List.of("id", "_row_address"), null).stream()
        .filter(row -> LongStream.of(ids).anyMatch(id -> Objects.equals(row.getFirst(), id)))
        .map(row -> (Long) row.get(1))
        .toList();
  }

  @Test
  void statisticsCountWhatIsLeft(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", "3"));
      other(lake).deleteVectors(places(lake, 3, 4, 15));
      assertEquals(27, lake.current("t").statistics().rowCount());
    }
  }

  @Test
  void readersShareDeletesAndCloseThem(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 30, Map.of("format-version", "2"));
      OtherWriter other = other(lake);
      other.deletePositions(places(lake, 0, 9, 15));
      other.deleteEqual(List.of("id"), List.of(other.record(1L), other.record(29L)));
      try (TableScan scan = lake.current("t").scan(new ScanRequest(List.of("id"), null))) {
        ScanSplit first = scan.splits().getFirst();
        // closed before anything is read
        scan.open(first, allocator, 10).close();
        try (SplitReader reader = scan.open(first, allocator, 10)) {
          reader.poll();
        }
        try (TableScan same = scan.reading(List.of("s", "id"))) {
          assertEquals(25, lake.read(same).size());
          try (SplitReader fetched = same.fetch(first, new int[] {2, 3}, allocator, 10)) {
            assertEquals(List.of(row("s2", 2L), row("s0", 3L)), Lake.drain(fetched));
          }
        }
        assertEquals(25, lake.read(scan).size());
      }
    }
  }

  @Test
  void memoryIsCounted(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 10, Map.of("format-version", "2"));
      OtherWriter other = other(lake);
      Record row = other.record();
      other.deleteEqual(
          List.of("id"),
          LongStream.range(5, 20_000).mapToObj(i -> row.copy(Map.of("id", i))).toList());
      try (TableScan scan = lake.current("t").scan(new ScanRequest(List.of("id"), null))) {
        assertEquals(5, lake.read(scan).size());
        assertTrue(allocator.getAllocatedMemory() >= 20_000 * 8);
      }
      assertEquals(0, allocator.getAllocatedMemory());
      try (BufferAllocator small = allocator.newChildAllocator("small", 0, 100_000);
          TableScan scan = lake.current("t").scan(new ScanRequest(List.of("id"), null))) {
        try (SplitReader reader = scan.open(scan.splits().getFirst(), small, 100)) {
          org.junit.jupiter.api.Assertions.assertThrows(
              org.apache.arrow.memory.OutOfMemoryException.class, () -> Lake.drain(reader));
        }
      }
    }
  }

  @Test
  void damagedDeletesAreNamed(BufferAllocator allocator, @TempDir Path folder) throws IOException {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, 10, Map.of("format-version", "3"));
      other(lake).deleteVectors(places(lake, 3));
      Path puffin =
          lake.warehouseFiles().stream()
              .filter(file -> file.toString().endsWith(".puffin"))
              .findFirst()
              .orElseThrow();
      byte[] bytes = Files.readAllBytes(puffin);
      for (int i = 4; i < bytes.length - 40; i++) {
        bytes[i] ^= 0x55;
      }
      Files.write(puffin, bytes);
      EngineException damaged = fails(ErrorCode.CORRUPT_FILE, () -> lake.read("t"));
      assertTrue(String.valueOf(damaged.getMessage()).contains(puffin.toString()));
      Files.delete(puffin);
      EngineException gone = fails(ErrorCode.STORAGE_ERROR, () -> lake.read("t"));
      assertTrue(String.valueOf(gone.getMessage()).contains(puffin.toString()));
      assertFalse(String.valueOf(gone.getMessage()).contains("null"));
    }
  }
}
