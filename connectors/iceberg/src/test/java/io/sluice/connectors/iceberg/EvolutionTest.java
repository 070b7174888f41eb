package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.SupportsSnapshots;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that change, and their earlier states. */
@ExtendWith(AllocatorExtension.class)
class EvolutionTest {
  private static void alter(Lake lake, String table, TableChange... changes) {
    lake.catalog.alterTable(ANYONE, "main", table, List.of(changes));
  }

  private static List<List<@Nullable Object>> all(Lake lake, TableSnapshot snapshot) {
    return lake.read(
        snapshot,
        snapshot.definition().columns().stream().map(ColumnDefinition::name).toList(),
        null);
  }

  private static TableSnapshot at(Lake lake, long snapshotId) {
    return lake.table("t").snapshot(new TableVersion.AsOfSnapshot(snapshotId));
  }

  @Test
  void aSnapshotIsReadAsItWasWritten(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(
              column("id", SqlType.INTEGER),
              column("tiny", SqlType.TINYINT),
              column("r", SqlType.REAL),
              column("d", new SqlType.Decimal(4, 2)),
              column("ts", SqlType.TIMESTAMP));
      lake.write(
          "t", definition, WriteMode.CREATE, List.of(row(1L, 7L, 0.5, new BigDecimal("1.25"), 5L)));
      alter(lake, "t", new TableChange.SetEventTime("ts"));
      lake.write(
          "t", definition, WriteMode.APPEND, List.of(row(2L, 8L, 1.5, new BigDecimal("2.25"), 6L)));
      TableSnapshot second = lake.current("t");
      List<List<@Nullable Object>> before = all(lake, second);
      alter(
          lake,
          "t",
          new TableChange.RetypeColumn("id", SqlType.BIGINT),
          new TableChange.RetypeColumn("tiny", SqlType.SMALLINT),
          new TableChange.RetypeColumn("r", SqlType.DOUBLE),
          new TableChange.RetypeColumn("d", new SqlType.Decimal(20, 2)),
          new TableChange.RenameColumn("ts", "at"),
          new TableChange.AddColumn(column("more", SqlType.TINYINT)));
      alter(lake, "t", new TableChange.SetEventTime(null), new TableChange.DropColumn("at"));
      alter(lake, "t", new TableChange.AddColumn(column("at", SqlType.VARCHAR)));
      assertEquals(
          List.of(
              column("id", SqlType.BIGINT),
              column("tiny", SqlType.SMALLINT),
              column("r", SqlType.DOUBLE),
              column("d", new SqlType.Decimal(20, 2)),
              column("more", SqlType.TINYINT),
              column("at", SqlType.VARCHAR)),
          lake.table("t").definition().columns());
      assertEquals(
          List.of(
              row(1L, 7L, 0.5, new BigDecimal("1.25"), null, null),
              row(2L, 8L, 1.5, new BigDecimal("2.25"), null, null)),
          lake.read("t"));
      TableSnapshot then = at(lake, second.snapshotId());
      assertEquals(definition.columns(), then.definition().columns());
      assertEquals("ts", then.definition().eventTime());
      assertEquals(before, all(lake, then));
      // a commit of the new schema does not change how the old one is read
      lake.write(
          "t",
          definition,
          WriteMode.APPEND,
          List.of(row(3L, 300L, 2.5, new BigDecimal("123456789.25"), 1L, "x")));
      assertEquals(definition.columns(), at(lake, second.snapshotId()).definition().columns());
      assertEquals(before, all(lake, at(lake, second.snapshotId())));
      assertEquals(
          row(3L, 300L, 2.5, new BigDecimal("123456789.25"), 1L, "x"), lake.read("t").getLast());
    }
  }

  @Test
  void aPinKeepsTheSchemaOfItsMoment(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(column("id", SqlType.BIGINT), column("got", SqlType.TIMESTAMP_TZ));
      lake.write("t", definition, WriteMode.CREATE, List.of(row(1L, 42L)));
      alter(
          lake,
          "t",
          new TableChange.RenameColumn("id", "key"),
          new TableChange.SetIngestionTime("got"));
      TableSnapshot current = lake.current("t");
      TableVersion pin = current.pin();
      alter(
          lake,
          "t",
          new TableChange.RenameColumn("key", "other"),
          new TableChange.SetIngestionTime(null));
      TableSnapshot pinned = lake.table("t").snapshot(pin);
      assertEquals(current.definition(), pinned.definition());
      assertEquals(List.of(row(1L, 42L)), lake.read(pinned, List.of("key", "_committed_at"), null));
      assertEquals(pin, pinned.pin());
      assertEquals("id", at(lake, current.snapshotId()).definition().columns().getFirst().name());
      lake.write("t", definition, WriteMode.REPLACE, List.of(row(9L, 9L)));
      assertEquals(current.definition(), lake.table("t").snapshot(pin).definition());
      assertEquals(List.of(row(1L, 42L)), all(lake, lake.table("t").snapshot(pin)));
      fails(
          ErrorCode.UNKNOWN_VERSION,
          () -> lake.table("t").snapshot(new TableVersion.Pinned(1, "nothing")));
    }
  }

  @Test
  void replacingKeepsWhatEarlierSnapshotsDeclared(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition tiny =
          new TableDefinition(
              List.of(column("a", SqlType.TINYINT), column("ts", SqlType.TIMESTAMP)),
              List.of(),
              "ts",
              null,
              List.of(),
              null,
              java.util.Map.of());
      lake.write("t", tiny, WriteMode.CREATE, List.of(row(1L, 1L)));
      long first = lake.current("t").snapshotId();
      lake.write("t", table(column("a", SqlType.INTEGER)), WriteMode.REPLACE, List.of(row(70000L)));
      assertEquals(
          table(column("a", SqlType.INTEGER)).columns(), lake.table("t").definition().columns());
      assertEquals(tiny.columns(), at(lake, first).definition().columns());
      assertEquals("ts", at(lake, first).definition().eventTime());
      assertEquals(List.of(row(1L, 1L)), all(lake, at(lake, first)));
    }
  }

  @Test
  void filesWithoutFieldIds(BufferAllocator allocator, @TempDir Path folder) throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    copy(files.resolve("a.parquet"), "SELECT 1::BIGINT AS k, 'old' AS v");
    copy(files.resolve("b.parquet"), "SELECT 2::BIGINT AS k, 'new' AS w");
    copy(files.resolve("c.parquet"), "SELECT 3::BIGINT AS k, 'again' AS v");
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      lake.catalog.registerParquet(ANYONE, "main", "t", files.resolve("a.parquet").toString());
      long first = lake.current("t").snapshotId();
      alter(
          lake,
          "t",
          new TableChange.DropColumn("v"),
          new TableChange.AddColumn(column("v", SqlType.VARCHAR)),
          new TableChange.AddColumn(column("w", SqlType.VARCHAR)));
      assertEquals(List.of(row(1L, null, null)), lake.read("t"));
      assertEquals(List.of(row(1L, "old")), all(lake, at(lake, first)));
      lake.catalog.registerParquet(ANYONE, "main", "t", files.resolve("b.parquet").toString());
      assertEquals(List.of(row(1L, null, null), row(2L, null, "new")), lake.read("t"));
      EngineException refused =
          fails(
              ErrorCode.UNSUPPORTED,
              () ->
                  lake.catalog.registerParquet(
                      ANYONE, "main", "t", files.resolve("c.parquet").toString()));
      assertTrue(String.valueOf(refused.getMessage()).contains("dropped or renamed"));
      alter(lake, "t", new TableChange.RenameColumn("k", "key"));
      assertEquals(List.of(row(1L, null, null), row(2L, null, "new")), lake.read("t"));
    }
  }

  @Test
  void expiryDeletesOnlyWhatIsTheTables(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    Path theirs = Files.createDirectories(folder.resolve("files")).resolve("a.parquet");
    copy(theirs, "SELECT 1::BIGINT AS k");
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      lake.catalog.registerParquet(ANYONE, "main", "t", theirs.toString());
      TableDefinition definition = table(column("k", SqlType.BIGINT));
      lake.write("t", definition, WriteMode.APPEND, List.of(row(2L)));
      lake.write("t", definition, WriteMode.REPLACE, List.of(row(3L)));
      assertEquals(
          new SupportsSnapshots.Expired(2, 1, 4),
          lake.catalog.expireSnapshots(
              ANYONE, lake.table("t").name(), System.currentTimeMillis() * 1000 + 10_000_000, 1));
      assertTrue(Files.exists(theirs));
      assertEquals(
          1, lake.warehouseFiles().stream().filter(f -> f.toString().endsWith(".parquet")).count());
      assertEquals(List.of(row(3L)), lake.read("t"));
    }
  }

  private static void copy(Path file, String query) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
    }
  }

  @Test
  void whatOthersCommitMeanwhileStays(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    int rounds = 15;
    try (Lake lake = new Lake(folder, allocator);
        Lake other = new Lake(folder, allocator);
        ExecutorService pool = Executors.newSingleThreadExecutor()) {
      TableDefinition definition = table(column("id", SqlType.BIGINT));
      lake.write("t", definition, WriteMode.CREATE, List.of(row(0L)));
      Future<?> altering =
          pool.submit(
              () -> {
                for (int i = 0; i < rounds; i++) {
                  alter(other, "t", new TableChange.AddColumn(column("c" + i, SqlType.TINYINT)));
                }
              });
      for (int i = 0; i < rounds; i++) {
        alter(lake, "t", new TableChange.AddColumn(column("d" + i, SqlType.TINYINT)));
      }
      altering.get();
      List<ColumnDefinition> columns = lake.table("t").definition().columns();
      assertEquals(1 + 2 * rounds, columns.size());
      assertTrue(columns.stream().skip(1).allMatch(c -> c.type().equals(SqlType.TINYINT)));
    }
  }
}
