package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static io.sluice.connectors.iceberg.ScanTest.iceberg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.iceberg.history.CommitDatabase;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When rows were committed, whatever has become of the snapshots since. */
@ExtendWith(AllocatorExtension.class)
class CommitTimesTest {
  private static final TableDefinition T = table(column("id", SqlType.BIGINT));
  private static final List<String> TIMES =
      List.of("id", "_last_updated_sequence_number", "_snapshot_id", "_committed_at");

  /** Waits for another millisecond, so that each commit has its own. */
  private static void tick() {
    long now = System.currentTimeMillis();
    while (System.currentTimeMillis() == now) {
      Thread.onSpinWait();
    }
  }

  private static void append(Lake lake, long id) {
    tick();
    lake.write("t", T, WriteMode.APPEND, List.of(row(id)));
  }

  private static void create(Lake lake, String version) {
    lake.write(
        "t",
        withProperties(T, Map.of("format-version", version)),
        WriteMode.CREATE,
        List.of(row(0L)));
  }

  private static List<List<@Nullable Object>> times(Lake lake) {
    return lake.read(lake.current("t"), TIMES, null);
  }

  private static long expire(Lake lake) {
    return lake.catalog
        .expireSnapshots(
            ANYONE, lake.table("t").name(), (System.currentTimeMillis() + 60_000) * 1000, 1)
        .snapshots();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void theyOutliveSnapshotsAndServers(
      String version, BufferAllocator allocator, @TempDir Path folder) {
    List<List<@Nullable Object>> times;
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, version);
      append(lake, 1);
      append(lake, 2);
      times = times(lake);
      assertEquals(3, times.stream().map(r -> r.get(3)).distinct().count());
      assertEquals(2, expire(lake));
      assertEquals(times, times(lake));
      append(lake, 3);
      times = times(lake);
    }
    try (Lake lake = new Lake(folder, allocator);
        Lake other = new Lake(folder, allocator)) {
      assertEquals(times, times(lake));
      append(other, 4);
      times = times(other);
      assertEquals(2, expire(lake));
      assertEquals(times, times(lake));
      assertEquals(times, times(other));
      other.catalog.optimize(ANYONE, other.current("t"), allocator);
      assertEquals(1, expire(other));
      assertEquals(times, times(lake));
    }
    try (Lake lake = new Lake(folder, allocator)) {
      assertEquals(times, times(lake));
    }
  }

  @Test
  void whatIsLostCountsAsLaterNeverAsEarlier(BufferAllocator allocator, @TempDir Path folder)
      throws IOException {
    List<List<@Nullable Object>> times;
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, "3");
      for (long id = 1; id < 5; id++) {
        append(lake, id);
      }
      times = times(lake);
      iceberg(lake, "t")
          .expireSnapshots()
          .expireOlderThan(System.currentTimeMillis() + 60_000)
          .retainLast(2)
          .commit();
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("commits")).toList()) {
        Files.delete(file);
      }
    }
    try (Lake lake = new Lake(folder, allocator)) {
      Object oldest = times.get(3).get(3);
      assertEquals(
          List.of(
              row(0L, 1L, null, oldest),
              row(1L, 2L, null, oldest),
              row(2L, 3L, null, oldest),
              times.get(3),
              times.get(4)),
          times(lake));
    }
  }

  @Test
  void rowsOfTheFirstFormatCountAsItsLastCommit(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, "1");
      append(lake, 1);
      long last = iceberg(lake, "t").currentSnapshot().timestampMillis() * 1000;
      iceberg(lake, "t").updateProperties().set("format-version", "2").commit();
      append(lake, 2);
      List<List<@Nullable Object>> times = times(lake);
      assertEquals(List.of(last, last), times.subList(0, 2).stream().map(r -> r.get(3)).toList());
      assertTrue((Long) Objects.requireNonNull(times.get(2).get(3)) > last);
      expire(lake);
      assertEquals(times, times(lake));
    }
  }

  @Test
  void aDroppedTableIsForgotten(BufferAllocator allocator, @TempDir Path folder) {
    String uuid;
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, "3");
      uuid = lake.table("t").uuid();
    }
    try (CommitDatabase commits = CommitDatabase.open(folder.resolve("commits.db"))) {
      assertFalse(commits.commits(uuid).isEmpty());
    }
    try (Lake lake = new Lake(folder, allocator)) {
      lake.catalog.dropTable(ANYONE, "main", "t");
    }
    try (CommitDatabase commits = CommitDatabase.open(folder.resolve("commits.db"))) {
      assertTrue(commits.commits(uuid).isEmpty());
    }
  }

  /** Whatever happens, a row's commit is the one that it was seen with first. */
  @Test
  void randomHistories(BufferAllocator allocator, @TempDir Path folder) {
    long seed = Long.getLong("commits.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      Path place = folder.resolve("round" + round);
      Map<Long, List<@Nullable Object>> seen = new HashMap<>();
      long next = 1;
      Lake lake = new Lake(place, allocator);
      try {
        create(lake, round % 2 == 0 ? "3" : "2");
        for (int step = 0; step < 25; step++) {
          switch (random.nextInt(6)) {
            case 0, 1 -> append(lake, next++);
            case 2 -> delete(lake, random, allocator);
            case 3 -> lake.catalog.optimize(ANYONE, lake.current("t"), allocator);
            case 4 -> expire(lake);
            default -> {
              lake.close();
              lake = new Lake(place, allocator);
            }
          }
          for (List<@Nullable Object> row : times(lake)) {
            long id = (Long) Objects.requireNonNull(row.getFirst());
            assertEquals(seen.computeIfAbsent(id, i -> row), row, "seed " + seed);
          }
        }
      } finally {
        lake.close();
      }
    }
  }

  private static void delete(Lake lake, Random random, BufferAllocator allocator) {
    TableSnapshot base = lake.current("t");
    List<List<@Nullable Object>> addresses = new ArrayList<>();
    for (List<@Nullable Object> row : lake.read(base, List.of("_row_address"), null)) {
      if (random.nextInt(4) == 0) {
        addresses.add(row);
      }
    }
    try (RowChanges changes =
        lake.catalog.change(ANYONE, base, new ChangeScope(List.of(), null, false), allocator)) {
      changes.delete(Batches.of(allocator, List.of(SqlType.BIGINT), addresses));
      changes.commit();
    }
  }
}
