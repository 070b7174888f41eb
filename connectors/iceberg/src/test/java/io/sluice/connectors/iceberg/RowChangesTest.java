package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static io.sluice.connectors.iceberg.ScanTest.iceberg;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What changed rows, and all others, are afterwards; and what two writers do to each other. */
@ExtendWith(AllocatorExtension.class)
class RowChangesTest {
  private static final TableDefinition T =
      table(column("id", SqlType.BIGINT), column("s", SqlType.VARCHAR));
  private static final ChangeScope EVERYTHING = new ChangeScope(List.of(), null, false);
  private static final List<String> ALL =
      List.of("id", "s", "_row_id", "_last_updated_sequence_number");
  private static final List<RowChange> KINDS =
      List.of(
          new RowChange.Delete(),
          new RowChange.Update(List.of(-1, 2)),
          new RowChange.Insert(List.of(3, 2)));

  private static List<List<@Nullable Object>> all(Lake lake) {
    return lake.read(lake.current("t"), ALL, null);
  }

  private static String operation(Lake lake) {
    return iceberg(lake, "t").currentSnapshot().operation();
  }

  private static RowChanges changes(Lake lake, TableSnapshot base, BufferAllocator allocator) {
    return lake.catalog.change(ANYONE, base, EVERYTHING, allocator);
  }

  private static Map<Long, Long> addresses(Lake lake, TableSnapshot base) {
    Map<Long, Long> byId = new TreeMap<>();
    for (List<@Nullable Object> row : lake.read(base, List.of("id", "_row_address"), null)) {
      byId.put((Long) row.get(0), (Long) row.get(1));
    }
    return byId;
  }

  private static void update(
      RowChanges changes, BufferAllocator allocator, List<List<@Nullable Object>> rows) {
    changes.change(
        Batches.of(
            allocator,
            List.of(SqlType.BIGINT, SqlType.INTEGER, SqlType.VARCHAR, SqlType.BIGINT),
            rows),
        KINDS);
  }

  private static void delete(
      RowChanges changes, BufferAllocator allocator, List<@Nullable Long> addresses) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Long address : addresses) {
      rows.add(row(address));
    }
    changes.delete(Batches.of(allocator, List.of(SqlType.BIGINT), rows));
  }

  /** Three files of two rows: ids 0 to 5. */
  private static void create(Lake lake, Map<String, String> properties) {
    lake.write(
        "t", withProperties(T, properties), WriteMode.CREATE, List.of(row(0L, "a"), row(1L, "b")));
    lake.write("t", T, WriteMode.APPEND, List.of(row(2L, "c"), row(3L, "d")));
    lake.write("t", T, WriteMode.APPEND, List.of(row(4L, "e"), row(5L, null)));
  }

  @Test
  void rowsKeepWhatTheyAre(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, Map.of());
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      List<List<@Nullable Object>> files = lake.read(base, List.of("id", "_file"), null);
      try (RowChanges changes = changes(lake, base, allocator)) {
        update(
            changes,
            allocator,
            List.of(
                row(at.get(1L), 1L, "B", null),
                row(at.get(4L), 0L, null, null),
                row(at.get(5L), 1L, "F", null),
                row(null, 2L, "new", 9L)));
        assertEquals(4, changes.commit());
      }
      assertEquals("overwrite", operation(lake));
      assertEquals(
          List.of(
              row(2L, "c", 2L, 2L),
              row(3L, "d", 3L, 2L),
              row(0L, "a", 0L, 1L),
              row(1L, "B", 1L, 4L),
              row(5L, "F", 5L, 4L),
              row(9L, "new", 9L, 4L)),
          all(lake));
      assertEquals(
          files.subList(2, 4),
          lake.read(lake.current("t"), List.of("id", "_file"), null).subList(0, 2));
      assertEquals(files, lake.read(base, List.of("id", "_file"), null));
      // once more: what was stored with rows is read and stored again
      base = lake.current("t");
      at = addresses(lake, base);
      try (RowChanges changes = changes(lake, base, allocator)) {
        update(changes, allocator, List.of(row(at.get(0L), 1L, "A", null)));
        assertEquals(1, changes.commit());
      }
      assertEquals(
          List.of(
              row(2L, "c", 2L, 2L),
              row(3L, "d", 3L, 2L),
              row(9L, "new", 9L, 4L),
              row(0L, "A", 0L, 5L),
              row(1L, "B", 1L, 4L),
              row(5L, "F", 5L, 4L)),
          all(lake));
    }
  }

  @Test
  void wholeFilesAreDroppedUnread(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, Map.of());
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      int files =
          lake.warehouseFiles().stream()
              .filter(f -> f.toString().endsWith(".parquet"))
              .toList()
              .size();
      try (RowChanges changes = changes(lake, base, allocator)) {
        delete(changes, allocator, Arrays.asList(at.get(3L), at.get(2L), at.get(3L)));
        assertEquals(2, changes.commit());
      }
      assertEquals("delete", operation(lake));
      assertEquals(4, all(lake).size());
      try (RowChanges changes = changes(lake, lake.current("t"), allocator)) {
        changes.deleteAll();
        assertEquals(4, changes.commit());
      }
      assertEquals("delete", operation(lake));
      assertEquals(List.of(), all(lake));
      assertEquals(
          files,
          lake.warehouseFiles().stream()
              .filter(f -> f.toString().endsWith(".parquet"))
              .toList()
              .size());
      // nothing to do is no commit
      long snapshot = lake.current("t").snapshotId();
      try (RowChanges changes = changes(lake, lake.current("t"), allocator)) {
        changes.deleteAll();
        assertEquals(0, changes.commit());
      }
      assertEquals(snapshot, lake.current("t").snapshotId());
    }
  }

  @Test
  void olderFormatsKeepWhatTheyKnow(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      for (String version : List.of("1", "2")) {
        String name = "v" + version;
        lake.write(
            name,
            withProperties(T, Map.of("format-version", version)),
            WriteMode.CREATE,
            List.of(row(0L, "a"), row(1L, "b"), row(2L, "c")));
        TableSnapshot base = lake.current(name);
        Map<Long, Long> at = addresses(lake, base);
        try (RowChanges changes = changes(lake, base, allocator)) {
          update(
              changes,
              allocator,
              List.of(row(at.get(0L), 0L, null, null), row(at.get(1L), 1L, "B", null)));
          assertEquals(2, changes.commit());
        }
        assertEquals(List.of(row(1L, "B"), row(2L, "c")), lake.read(name));
      }
      assertEquals(
          List.of(row(1L, 2L), row(2L, 1L)),
          lake.read(lake.current("v2"), List.of("id", "_last_updated_sequence_number"), null));
    }
  }

  @Test
  void partitionsAreFollowed(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of());
      iceberg(lake, "t").updateSpec().addField("s").commit();
      lake.write("t", T, WriteMode.APPEND, List.of(row(0L, "a"), row(1L, "a"), row(2L, "b")));
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      try (RowChanges changes = changes(lake, base, allocator)) {
        update(changes, allocator, List.of(row(at.get(1L), 1L, "z", null)));
        assertEquals(1, changes.commit());
      }
      assertEquals(
          List.of("[0, a, 0, 2]", "[1, z, 1, 3]", "[2, b, 2, 2]"),
          all(lake).stream().map(Object::toString).sorted().toList());
      Expression z =
          new Expression.Call(
              "eq",
              List.of(
                  new Expression.InputRef(0, SqlType.VARCHAR),
                  new Expression.Literal("z", SqlType.VARCHAR)),
              SqlType.BOOLEAN);
      assertEquals(List.of(row("z")), lake.read(lake.current("t"), List.of("s"), z));
    }
  }

  @Test
  void whatIsGivenUpLeavesNoFiles(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, Map.of());
      List<Path> before = lake.warehouseFiles();
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      try (RowChanges changes = changes(lake, base, allocator)) {
        update(
            changes,
            allocator,
            List.of(row(at.get(0L), 1L, "x", null), row(at.get(2L), 1L, "y", null)));
      }
      assertEquals(before, lake.warehouseFiles());
      assertEquals(base.snapshotId(), lake.current("t").snapshotId());
    }
  }

  @Test
  void theSecondOfTwoWritersOfARowIsRefused(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, Map.of());
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      List<Path> before;
      try (RowChanges first = changes(lake, base, allocator);
          RowChanges second = changes(lake, base, allocator)) {
        update(first, allocator, List.of(row(at.get(0L), 1L, "first", null)));
        update(second, allocator, List.of(row(at.get(0L), 1L, "second", null)));
        assertEquals(1, first.commit());
        before = lake.warehouseFiles();
        fails(ErrorCode.COMMIT_CONFLICT, second::commit);
      }
      // its files are gone
      assertTrue(before.containsAll(lake.warehouseFiles()), () -> lake.warehouseFiles().toString());
      assertEquals(
          List.of("first"),
          lake.read("t").stream().filter(r -> r.get(0).equals(0L)).map(r -> r.get(1)).toList());
    }
  }

  @Test
  void rowsOfOthersConflictOnlyWhereTheyMayMatch(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      create(lake, Map.of());
      Expression small =
          new Expression.Call(
              "lt",
              List.of(
                  new Expression.InputRef(0, SqlType.BIGINT),
                  new Expression.Literal(2L, SqlType.BIGINT)),
              SqlType.BOOLEAN);
      ChangeScope scope = new ChangeScope(List.of("id"), small, false);
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      try (RowChanges changes = lake.catalog.change(ANYONE, base, scope, allocator)) {
        update(changes, allocator, List.of(row(at.get(0L), 1L, "x", null)));
        lake.write("t", T, WriteMode.APPEND, List.of(row(77L, "other")));
        assertEquals(1, changes.commit());
      }
      assertEquals(7, lake.read("t").size());
      TableSnapshot next = lake.current("t");
      at = addresses(lake, next);
      try (RowChanges changes = lake.catalog.change(ANYONE, next, scope, allocator)) {
        update(changes, allocator, List.of(row(at.get(0L), 1L, "y", null)));
        lake.write("t", T, WriteMode.APPEND, List.of(row(-1L, "one of them")));
        fails(ErrorCode.COMMIT_CONFLICT, changes::commit);
      }
      // a statement that reads the table elsewhere, too, minds every commit
      TableSnapshot last = lake.current("t");
      at = addresses(lake, last);
      try (RowChanges changes =
          lake.catalog.change(
              ANYONE, last, new ChangeScope(List.of("id"), small, true), allocator)) {
        update(changes, allocator, List.of(row(at.get(0L), 1L, "z", null)));
        lake.write("t", T, WriteMode.APPEND, List.of(row(78L, "other")));
        fails(ErrorCode.COMMIT_CONFLICT, changes::commit);
      }
      assertEquals(9, lake.read("t").size());
    }
  }

  @Test
  void nullsOfRequiredColumnsAreRefused(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(
              new io.sluice.engine.connector.ColumnDefinition("id", SqlType.BIGINT, false, null),
              new io.sluice.engine.connector.ColumnDefinition("s", SqlType.VARCHAR, false, null));
      lake.write("t", definition, WriteMode.CREATE, List.of(row(0L, "a")));
      TableSnapshot base = lake.current("t");
      Map<Long, Long> at = addresses(lake, base);
      try (RowChanges changes = changes(lake, base, allocator)) {
        fails(
            ErrorCode.NOT_NULL_VIOLATION,
            () -> update(changes, allocator, List.of(row(at.get(0L), 1L, null, null))));
      }
      try (RowChanges changes = changes(lake, base, allocator)) {
        fails(
            ErrorCode.NOT_NULL_VIOLATION,
            () -> update(changes, allocator, List.of(row(null, 2L, null, 1L))));
      }
    }
  }

  /**
   * Against a map of rows: many files and row groups, several batches, changes in random places.
   */
  @Test
  void randomChanges(BufferAllocator allocator, @TempDir Path folder) {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("RowChangesTest seed " + seed);
    Random random = new Random(seed);
    try (Lake lake = new Lake(folder, allocator)) {
      Map<Long, List<@Nullable Object>> model = new TreeMap<>();
      lake.write("t", T, WriteMode.CREATE, List.of());
      long next = 0;
      for (int file = 0; file < 4; file++) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        int count = 1 + random.nextInt(9000);
        for (int i = 0; i < count; i++) {
          rows.add(row(next, random.nextInt(5) == 0 ? null : "s" + next % 50));
          model.put(next, row(next, rows.getLast().get(1), next, file + 2L));
          next++;
        }
        lake.write("t", T, WriteMode.APPEND, rows);
      }
      for (long commit = 6; commit < 10; commit++) {
        TableSnapshot base = lake.current("t");
        Map<Long, Long> at = addresses(lake, base);
        TreeMap<Long, Long> byAddress = new TreeMap<>();
        at.forEach((id, address) -> byAddress.put(address, id));
        TreeSet<Long> chosen = new TreeSet<>();
        int wanted = 1 + random.nextInt(3000);
        for (int i = 0; i < wanted; i++) {
          Long address = byAddress.ceilingKey(random.nextLong(byAddress.lastKey() + 1));
          chosen.add(address);
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (long address : chosen) {
          long id = Objects.requireNonNull(byAddress.get(address));
          if (random.nextInt(3) == 0) {
            rows.add(row(address, 0L, null, null));
            model.remove(id);
          } else {
            String value = random.nextInt(4) == 0 ? null : "u" + commit + "." + id;
            rows.add(row(address, 1L, value, null));
            model.put(id, row(id, value, id, commit));
          }
        }
        try (RowChanges changes = changes(lake, base, allocator)) {
          for (int from = 0; from < rows.size(); from += 100) {
            update(changes, allocator, rows.subList(from, Math.min(rows.size(), from + 100)));
          }
          assertEquals(rows.size(), changes.commit(), () -> "seed " + seed);
        }
        Map<Long, List<@Nullable Object>> found = new TreeMap<>();
        for (List<@Nullable Object> row : all(lake)) {
          assertNull(found.put((Long) row.get(0), row), () -> "seed " + seed);
        }
        assertEquals(model.keySet(), found.keySet(), () -> "seed " + seed);
        model.forEach((id, row) -> assertEquals(row, found.get(id), () -> "seed " + seed));
      }
    }
  }
}
