package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static io.sluice.connectors.iceberg.ScanTest.iceberg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.SupportsOptimize.Optimized;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rows and files are after small files are joined, and what others' commits meanwhile do. */
@ExtendWith(AllocatorExtension.class)
class OptimizeTest {
  private static final TableDefinition T =
      table(column("id", SqlType.BIGINT), column("s", SqlType.VARCHAR));
  private static final List<String> IDENTITY =
      List.of(
          "id", "s", "_row_id", "_last_updated_sequence_number", "_snapshot_id", "_committed_at");
  private static final List<String> WITHOUT_ROW_ID =
      List.of("id", "s", "_last_updated_sequence_number", "_snapshot_id", "_committed_at");

  private static Optimized optimize(Lake lake, TableSnapshot base, BufferAllocator allocator) {
    return lake.catalog.optimize(ANYONE, base, allocator);
  }

  private static Optimized optimize(Lake lake, BufferAllocator allocator) {
    return optimize(lake, lake.current("t"), allocator);
  }

  private static List<String> sorted(Lake lake, TableSnapshot snapshot, List<String> columns) {
    return lake.read(snapshot, columns, null).stream().map(List::toString).sorted().toList();
  }

  private static List<DataFile> files(Lake lake) {
    return StreamSupport.stream(iceberg(lake, "t").newScan().planFiles().spliterator(), false)
        .map(FileScanTask::file)
        .toList();
  }

  private static void delete(
      Lake lake, TableSnapshot base, BufferAllocator allocator, long... ids) {
    List<List<@Nullable Object>> addresses = new ArrayList<>();
    for (List<@Nullable Object> row : lake.read(base, List.of("id", "_row_address"), null)) {
      for (long id : ids) {
        if (Objects.equals(row.get(0), id)) {
          addresses.add(row(row.get(1)));
        }
      }
    }
    try (RowChanges changes =
        lake.catalog.change(ANYONE, base, new ChangeScope(List.of(), null, false), allocator)) {
      changes.delete(Batches.of(allocator, List.of(SqlType.BIGINT), addresses));
      assertEquals(ids.length, changes.commit());
    }
  }

  private static void threeFiles(Lake lake, Map<String, String> properties) {
    lake.write(
        "t", withProperties(T, properties), WriteMode.CREATE, List.of(row(0L, "a"), row(1L, "b")));
    lake.write("t", T, WriteMode.APPEND, List.of(row(2L, "c"), row(3L, null)));
    lake.write("t", T, WriteMode.APPEND, List.of(row(4L, "e")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void rowsStayWhatTheyAre(String version, BufferAllocator allocator, @TempDir Path folder) {
    List<String> columns = version.equals("3") ? IDENTITY : WITHOUT_ROW_ID;
    try (Lake lake = new Lake(folder, allocator)) {
      threeFiles(lake, Map.of("format-version", version));
      delete(lake, lake.current("t"), allocator, 1);
      TableSnapshot base = lake.current("t");
      List<List<@Nullable Object>> rows = lake.read(base, columns, null);
      Optimized done = optimize(lake, allocator);
      assertEquals(3, done.filesBefore());
      assertEquals(1, done.filesAfter());
      assertEquals(
          files(lake).stream().mapToLong(ContentFile::fileSizeInBytes).sum(), done.bytesAfter());
      assertEquals("replace", iceberg(lake, "t").currentSnapshot().operation());
      assertEquals(rows, lake.read(lake.current("t"), columns, null));
      // who does not know the rows' own numbers sees them no earlier than they came
      assertEquals(4, files(lake).getFirst().dataSequenceNumber());
      // the old state is what it was
      assertEquals(rows, lake.read(base, columns, null));
      long snapshot = lake.current("t").snapshotId();
      done = optimize(lake, allocator);
      assertEquals(new Optimized(1, 1, done.bytesBefore(), done.bytesBefore()), done);
      assertEquals(snapshot, lake.current("t").snapshotId());
    }
  }

  @Test
  void aTableWithoutRowsAndTheFirstFormat(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("empty", T, WriteMode.CREATE, List.of());
      assertEquals(new Optimized(0, 0, 0, 0), optimize(lake, lake.current("empty"), allocator));
      threeFiles(lake, Map.of("format-version", "1"));
      List<List<@Nullable Object>> rows = lake.read("t");
      assertEquals(1, optimize(lake, allocator).filesAfter());
      assertEquals(rows.size(), lake.read("t").size());
    }
  }

  @Test
  void filesGetTheTargetSizeAndStay(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          withProperties(T, Map.of("write.target-file-size-bytes", "100000"));
      long next = 0;
      for (int commit = 0; commit < 12; commit++) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
          rows.add(row(next * 0x9E3779B97F4A7C15L, "s" + next));
          next++;
        }
        lake.write("t", definition, commit == 0 ? WriteMode.CREATE : WriteMode.APPEND, rows);
      }
      List<List<@Nullable Object>> rows = lake.read(lake.current("t"), IDENTITY, null);
      Optimized done = optimize(lake, allocator);
      assertEquals(12, done.filesBefore());
      assertTrue(done.filesAfter() > 2 && done.filesAfter() < 6, done::toString);
      assertEquals(
          done.filesAfter() - 1,
          files(lake).stream().filter(f -> f.fileSizeInBytes() >= 100_000).count());
      assertTrue(files(lake).stream().allMatch(f -> f.fileSizeInBytes() < 150_000));
      assertEquals(rows, lake.read(lake.current("t"), IDENTITY, null));
      long snapshot = lake.current("t").snapshotId();
      assertEquals(done.filesAfter(), optimize(lake, allocator).filesAfter());
      assertEquals(snapshot, lake.current("t").snapshotId());
    }
  }

  @Test
  void partitionsAndPartitioningsStayApart(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      threeFiles(lake, Map.of());
      iceberg(lake, "t").updateSpec().addField("s").commit();
      for (int commit = 0; commit < 3; commit++) {
        lake.write(
            "t",
            T,
            WriteMode.APPEND,
            List.of(row(10L + commit, "x"), row(20L + commit, "y"), row(30L + commit, null)));
      }
      lake.write("t", T, WriteMode.APPEND, List.of(row(40L, "alone")));
      iceberg(lake, "t").updateSpec().addField(Expressions.bucket("id", 4)).commit();
      List<String> rows = sorted(lake, lake.current("t"), IDENTITY);
      // unpartitioned 3, three partitions of 3, and 1 of its own
      assertEquals(13, files(lake).size());
      assertEquals(5, optimize(lake, allocator).filesAfter());
      assertEquals(rows, sorted(lake, lake.current("t"), IDENTITY));
      assertEquals(
          List.of("0 1", "1 4"),
          files(lake).stream()
              .collect(
                  java.util.stream.Collectors.groupingBy(
                      ContentFile::specId,
                      java.util.TreeMap::new,
                      java.util.stream.Collectors.counting()))
              .entrySet()
              .stream()
              .map(e -> e.getKey() + " " + e.getValue())
              .toList());
      assertEquals(5, optimize(lake, allocator).filesAfter());
    }
  }

  @Test
  void whatOthersAddMeanwhileStays(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      threeFiles(lake, Map.of());
      TableSnapshot base = lake.current("t");
      lake.write("t", T, WriteMode.APPEND, List.of(row(9L, "late")));
      List<String> rows = sorted(lake, lake.current("t"), IDENTITY);
      optimize(lake, base, allocator);
      assertEquals(2, files(lake).size());
      assertEquals(rows, sorted(lake, lake.current("t"), IDENTITY));
    }
  }

  @Test
  void whatOthersChangeMeanwhileIsAConflict(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      threeFiles(lake, Map.of());
      TableSnapshot base = lake.current("t");
      delete(lake, base, allocator, 2);
      List<Path> before = lake.warehouseFiles();
      fails(ErrorCode.COMMIT_CONFLICT, () -> optimize(lake, base, allocator));
      assertEquals(before, lake.warehouseFiles());
      assertEquals(4, lake.read("t").size());
      // and the other way round
      TableSnapshot next = lake.current("t");
      optimize(lake, next, allocator);
      fails(ErrorCode.COMMIT_CONFLICT, () -> delete(lake, next, allocator, 3));
      assertEquals(4, lake.read("t").size());
    }
  }

  @Test
  void columnsOfEarlierSchemas(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      threeFiles(lake, Map.of());
      iceberg(lake, "t")
          .updateSchema()
          .addColumn("n", org.apache.iceberg.types.Types.IntegerType.get())
          .renameColumn("s", "renamed")
          .commit();
      List<List<@Nullable Object>> rows = lake.read("t");
      assertEquals(row(0L, "a", null), rows.getFirst());
      optimize(lake, allocator);
      assertEquals(rows, lake.read("t"));
    }
  }

  /** Appends, deletes and joins in any order: rows keep their identity and commit time. */
  @Test
  void randomHistories(BufferAllocator allocator, @TempDir Path folder) {
    long seed = Long.getLong("optimize.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 5; round++) {
      try (Lake lake = new Lake(folder.resolve("round" + round), allocator)) {
        lake.write("t", T, WriteMode.CREATE, List.of());
        long next = 0;
        for (int step = 0; step < 15; step++) {
          TableSnapshot base = lake.current("t");
          List<String> before = sorted(lake, base, IDENTITY);
          switch (random.nextInt(3)) {
            case 0 -> {
              List<List<@Nullable Object>> rows = new ArrayList<>();
              for (int i = random.nextInt(5); i >= 0; i--) {
                rows.add(row(next++, random.nextInt(3) == 0 ? null : "s" + next));
              }
              lake.write("t", T, WriteMode.APPEND, rows);
              assertTrue(sorted(lake, lake.current("t"), IDENTITY).containsAll(before));
            }
            case 1 -> {
              List<List<@Nullable Object>> ids = lake.read(base, List.of("id"), null);
              if (!ids.isEmpty()) {
                long id = (Long) Objects.requireNonNull(ids.get(random.nextInt(ids.size())).get(0));
                delete(lake, base, allocator, id);
                assertTrue(before.containsAll(sorted(lake, lake.current("t"), IDENTITY)));
              }
            }
            default -> {
              Optimized done = optimize(lake, allocator);
              assertEquals(before, sorted(lake, lake.current("t"), IDENTITY), "seed " + seed);
              assertTrue(done.filesAfter() <= 1, "seed " + seed + ": " + done);
            }
          }
        }
      }
    }
  }
}
