package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Commits: all or nothing, one at a time, by whoever. */
@ExtendWith(AllocatorExtension.class)
class WriteTest {
  private static final TableDefinition T = table(column("a", SqlType.INTEGER));

  @Test
  void modes(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      fails(ErrorCode.UNKNOWN_TABLE, () -> lake.write("t", T, WriteMode.APPEND, List.of(row(1L))));
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L)));
      fails(ErrorCode.ALREADY_EXISTS, () -> lake.write("t", T, WriteMode.CREATE, List.of(row(1L))));
      lake.write("t", T, WriteMode.APPEND, List.of(row(2L)));
      lake.write("t", T, WriteMode.CREATE_OR_APPEND, List.of(row(3L)));
      lake.write("u", T, WriteMode.CREATE_OR_APPEND, List.of(row(4L)));
      lake.write("v", T, WriteMode.REPLACE, List.of(row(5L)));
      lake.write("w", T, WriteMode.CREATE, List.of());
      assertEquals(List.of(row(1L), row(2L), row(3L)), lake.read("t"));
      assertEquals(List.of(row(4L)), lake.read("u"));
      assertEquals(List.of(row(5L)), lake.read("v"));
      assertEquals(List.of(), lake.read("w"));
      fails(
          ErrorCode.UNKNOWN_SCHEMA,
          () -> lake.catalog.write(ANYONE, "none", "t", T, WriteMode.CREATE));
    }
  }

  @Test
  void replacingKeepsIdentityAndHistory(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L), row(2L)));
      String uuid = lake.table("t").uuid();
      TableSnapshot before = lake.current("t");
      TableDefinition other = table(column("b", SqlType.VARCHAR), column("a", SqlType.TINYINT));
      lake.write("t", other, WriteMode.REPLACE, List.of(row("x", 7L)));
      assertEquals(uuid, lake.table("t").uuid());
      assertEquals(other.columns(), lake.table("t").definition().columns());
      assertEquals(List.of(row("x", 7L)), lake.read("t"));
      TableSnapshot old =
          lake.table("t").snapshot(new TableVersion.AsOfSnapshot(before.snapshotId()));
      assertEquals(
          List.of("a"), old.definition().columns().stream().map(ColumnDefinition::name).toList());
      assertEquals(List.of(row(1L), row(2L)), lake.read(old, List.of("a"), null));
      // an empty replacement is one, too
      lake.catalog.createTable(ANYONE, "main", "t", T, true);
      assertEquals(uuid, lake.table("t").uuid());
      assertEquals(List.of(), lake.read("t"));
      assertEquals(List.of(row(1L), row(2L)), lake.read(old, List.of("a"), null));
    }
  }

  @Test
  void abortedWritesLeaveNothing(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      try (TableWrite write = lake.catalog.write(ANYONE, "main", "t", T, WriteMode.CREATE)) {
        write.write(Batches.of(allocator, List.of(SqlType.INTEGER), List.of(row(1L))));
      }
      assertEquals(Optional.empty(), lake.catalog.load(ANYONE, "main", "t"));
      assertEquals(List.of(), lake.warehouseFiles());

      lake.write("t", T, WriteMode.CREATE, List.of(row(1L)));
      List<Path> files = lake.warehouseFiles();
      for (WriteMode mode : List.of(WriteMode.APPEND, WriteMode.REPLACE)) {
        try (TableWrite write = lake.catalog.write(ANYONE, "main", "t", T, mode)) {
          write.write(Batches.of(allocator, List.of(SqlType.INTEGER), List.of(row(2L))));
        }
        assertEquals(List.of(row(1L)), lake.read("t"));
        assertEquals(files, lake.warehouseFiles());
      }
    }
  }

  @Test
  void violationsNameColumnAndRow(BufferAllocator allocator, @TempDir Path folder) {
    TableDefinition definition =
        TableDefinition.of(
            List.of(
                column("a", SqlType.INTEGER),
                new ColumnDefinition("b", SqlType.VARCHAR, false, null)));
    try (Lake lake = new Lake(folder, allocator)) {
      try (TableWrite write =
          lake.catalog.write(ANYONE, "main", "t", definition, WriteMode.CREATE)) {
        List<SqlType> types = List.of(SqlType.INTEGER, SqlType.VARCHAR);
        write.write(Batches.of(allocator, types, List.of(row(1L, "x"), row(null, "y"))));
        EngineException failure =
            fails(
                ErrorCode.NOT_NULL_VIOLATION,
                () ->
                    write.write(
                        Batches.of(allocator, types, List.of(row(3L, "z"), row(4L, null)))));
        assertTrue(String.valueOf(failure.getMessage()).contains("column b"));
        assertTrue(String.valueOf(failure.getMessage()).contains("row 4"));
        fails(
            ErrorCode.TYPE_MISMATCH,
            () ->
                write.write(
                    Batches.of(
                        allocator,
                        List.of(SqlType.BIGINT, SqlType.VARCHAR),
                        List.of(row(1L, "x")))));
      }
      assertEquals(List.of(), lake.warehouseFiles());
    }
  }

  @Test
  void appendsOfTwoProcessesAllArrive(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    int writers = 4;
    int commits = 6;
    try (Lake lake = new Lake(folder, allocator);
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      lake.write("t", T, WriteMode.CREATE, List.of());
      List<Future<?>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        int writer = w;
        running.add(
            threads.submit(
                () -> {
                  // each with a catalog of its own, as another process would have
                  try (Lake own = new Lake(folder, allocator)) {
                    for (int i = 0; i < commits; i++) {
                      own.write(
                          "t", T, WriteMode.APPEND, List.of(row((long) writer * commits + i)));
                    }
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get();
      }
      Set<@Nullable Object> found = new HashSet<>();
      lake.read("t").forEach(r -> found.add(r.getFirst()));
      assertEquals(writers * commits, found.size());
    }
  }

  @Test
  void oneOfManyCreatorsWins(BufferAllocator allocator, @TempDir Path folder) throws Exception {
    int writers = 4;
    try (Lake lake = new Lake(folder, allocator);
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Future<Boolean>> running = new ArrayList<>();
      for (int w = 0; w < writers; w++) {
        long value = w;
        running.add(
            threads.submit(
                () -> {
                  try (Lake own = new Lake(folder, allocator)) {
                    own.write("t", T, WriteMode.CREATE, List.of(row(value)));
                    return true;
                  } catch (EngineException e) {
                    assertTrue(
                        e.code() == ErrorCode.ALREADY_EXISTS
                            || e.code() == ErrorCode.COMMIT_CONFLICT,
                        e::toString);
                    return false;
                  }
                }));
      }
      int won = 0;
      for (Future<Boolean> future : running) {
        won += future.get() ? 1 : 0;
      }
      assertEquals(1, won);
      assertEquals(1, lake.read("t").size());
    }
  }

  @Test
  void aTableCreatedMeanwhileTakesTheRows(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      for (WriteMode mode : List.of(WriteMode.CREATE_OR_APPEND, WriteMode.REPLACE)) {
        String name = "t" + mode;
        try (TableWrite write = lake.catalog.write(ANYONE, "main", name, T, mode)) {
          write.write(Batches.of(allocator, List.of(SqlType.INTEGER), List.of(row(2L))));
          lake.write(name, T, WriteMode.CREATE, List.of(row(1L)));
          assertEquals(1, write.commit());
        }
        assertEquals(
            mode == WriteMode.REPLACE ? List.of(row(2L)) : List.of(row(1L), row(2L)),
            lake.read(name));
      }
      try (TableWrite write = lake.catalog.write(ANYONE, "main", "u", T, WriteMode.CREATE)) {
        write.write(Batches.of(allocator, List.of(SqlType.INTEGER), List.of(row(2L))));
        lake.write("u", T, WriteMode.CREATE, List.of(row(1L)));
        fails(ErrorCode.COMMIT_CONFLICT, write::commit);
      }
      assertEquals(List.of(row(1L)), lake.read("u"));
    }
  }

  @Test
  void aReplacementDoesNotForgetWhatCameBetween(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L)));
      try (TableWrite write = lake.catalog.write(ANYONE, "main", "t", T, WriteMode.REPLACE)) {
        write.write(Batches.of(allocator, List.of(SqlType.INTEGER), List.of(row(3L))));
        lake.write("t", T, WriteMode.APPEND, List.of(row(2L)));
        TableSnapshot between = lake.current("t");
        write.commit();
        assertEquals(List.of(row(3L)), lake.read("t"));
        TableSnapshot kept =
            lake.table("t").snapshot(new TableVersion.AsOfSnapshot(between.snapshotId()));
        assertEquals(List.of(row(1L), row(2L)), lake.read(kept, List.of("a"), null));
        assertNotEquals(between.snapshotId(), lake.current("t").snapshotId());
      }
    }
  }

  @Test
  void appendingToOtherColumnsIsAConflict(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of(row(1L)));
      try (TableWrite write = lake.catalog.write(ANYONE, "main", "t", T, WriteMode.APPEND)) {
        write.write(Batches.of(allocator, List.of(SqlType.INTEGER), List.of(row(2L))));
        lake.write(
            "t", table(column("z", SqlType.VARCHAR)), WriteMode.REPLACE, List.of(row("new")));
        fails(ErrorCode.COMMIT_CONFLICT, write::commit);
      }
      assertEquals(List.of(row("new")), lake.read("t"));
    }
  }

  @Test
  void largeWritesRollFilesAndRowGroups(BufferAllocator allocator, @TempDir Path folder) {
    TableDefinition definition =
        withProperties(
            table(column("a", SqlType.BIGINT), column("s", SqlType.VARCHAR)),
            Map.of("write.target-file-size-bytes", "100000"));
    try (Lake lake = new Lake(folder, allocator)) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      try (TableWrite write =
          lake.catalog.write(ANYONE, "main", "t", definition, WriteMode.CREATE)) {
        for (int batch = 0; batch < 20; batch++) {
          List<List<@Nullable Object>> some = new ArrayList<>();
          for (int i = 0; i < 2000; i++) {
            long n = batch * 2000L + i;
            some.add(row(n * 0x9E3779B97F4A7C15L, "s" + n));
          }
          rows.addAll(some);
          write.write(Batches.of(allocator, List.of(SqlType.BIGINT, SqlType.VARCHAR), some));
        }
        assertEquals(40_000, write.commit());
      }
      assertTrue(
          lake.warehouseFiles().stream().filter(f -> f.toString().endsWith(".parquet")).count()
              > 1);
      assertEquals(rows, lake.read("t"));
      assertEquals(40_000, lake.current("t").statistics().rowCount());
    }
  }
}
