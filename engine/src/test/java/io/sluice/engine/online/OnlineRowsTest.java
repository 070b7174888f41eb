package io.sluice.engine.online;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Rows in any order, repeated and in pieces, against the definition as a plain loop. */
@ExtendWith(AllocatorExtension.class)
class OnlineRowsTest {
  private static final List<ColumnDefinition> KEY = List.of(column("k", SqlType.VARCHAR));
  private static final List<ColumnDefinition> VALUES =
      List.of(column("v", SqlType.BIGINT), column("s", SqlType.VARCHAR));
  private static final ColumnDefinition TIME = column("ts", SqlType.TIMESTAMP);
  private static final long MINUTE = 60_000_000;

  private record Row(String key, long time, long sequence, long id, @Nullable String text) {}

  private static ColumnDefinition column(String name, SqlType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  @RepeatedTest(20)
  void anyOrderGivesTheGreatestThatIsDue(RepetitionInfo info, BufferAllocator root) {
    Random random = new Random(info.getCurrentRepetition());
    long ttl = random.nextBoolean() ? 100 * MINUTE : -1;
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(
          new Row(
              "key" + random.nextInt(200),
              random.nextInt(300) * MINUTE,
              random.nextInt(3),
              i,
              random.nextInt(5) == 0 ? null : "x".repeat(random.nextInt(40))));
    }
    RowTime time = RowTime.of(TIME.type(), ttl < 0 ? null : ttl);
    try (OnlineRows target =
        new OnlineRows(time, LocalStore.all(), root.newChildAllocator("rows", 0, 1L << 30))) {
      // the instant goes on while rows come: what is dropped must never count again
      for (long now = 0; now <= 320; now += 80) {
        List<Row> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, random);
        for (int from = 0; from < shuffled.size(); from += 500) {
          merge(target, shuffled.subList(from, from + 500), now * MINUTE, root);
        }
        if (random.nextBoolean()) {
          target.sweep(now * MINUTE);
        }
        check(target, rows, now * MINUTE, ttl, root);
      }
    }
  }

  @Test
  void whatHasExpiredIsFreed(BufferAllocator root) {
    RowTime time = RowTime.of(TIME.type(), 10 * MINUTE);
    try (OnlineRows target =
        new OnlineRows(time, LocalStore.all(), root.newChildAllocator("rows", 0, 1L << 30))) {
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < 50_000; i++) {
        // most have a row at minute 5 alone, some a later one, too, and some one that is not yet
        // due
        rows.add(new Row("key" + i, 5 * MINUTE, 1, i, "early"));
        if (i % 100 == 0) {
          rows.add(new Row("key" + i, (i % 200 == 0 ? 20 : 200) * MINUTE, 1, i, "late"));
        }
      }
      merge(target, rows, 6 * MINUTE, root);
      long before = target.bytes();
      target.sweep(15 * MINUTE);
      assertEquals(50_000, target.keys(), "queries of the last minute still ask for them");
      assertEquals(before, target.bytes());
      target.sweep(17 * MINUTE);
      assertEquals(500, target.keys());
      assertTrue(target.bytes() * 10 < before, () -> before + " bytes, then " + target.bytes());
      check(target, rows, 21 * MINUTE, 10 * MINUTE, root);
      merge(target, rows, 21 * MINUTE, root);
      assertEquals(500, target.keys(), "what has expired does not come back");
      target.sweep(40 * MINUTE);
      // a share keeps what is less than a quarter of its memory
      assertTrue(target.keys() >= 250 && target.keys() < 300, () -> target.keys() + " keys");
      check(target, rows, 201 * MINUTE, 10 * MINUTE, root);
      target.sweep(300 * MINUTE);
      assertEquals(0, target.keys());
      merge(target, List.of(new Row("key1", 300 * MINUTE, 2, 1, "again")), 300 * MINUTE, root);
      assertEquals(1, target.keys());
    }
  }

  private static void merge(
      OnlineRows target, List<Row> rows, long nowMicros, BufferAllocator allocator) {
    List<FieldVector> vectors =
        List.of(
            Cells.vector(SqlType.VARCHAR, rows.stream().map(Row::key).toList(), allocator),
            Cells.vector(SqlType.BIGINT, rows.stream().map(Row::id).toList(), allocator),
            Cells.vector(SqlType.VARCHAR, texts(rows), allocator),
            Cells.vector(SqlType.TIMESTAMP, rows.stream().map(Row::time).toList(), allocator),
            Cells.vector(SqlType.BIGINT, rows.stream().map(Row::sequence).toList(), allocator));
    RowRanks ranks = new RowRanks();
    ranks.read(
        vectors.subList(0, 1),
        vectors.get(3),
        TIME,
        vectors.get(4),
        vectors.get(1),
        vectors.get(1),
        rows.size());
    EncodedRows keys =
        new RowEncoder(RowLayout.of(KEY), rows.size()).encode(vectors.subList(0, 1), rows.size());
    EncodedRows values =
        new RowEncoder(RowLayout.of(VALUES), rows.size())
            .encode(vectors.subList(1, 3), rows.size());
    target.merge(keys, values, ranks, nowMicros);
    vectors.forEach(FieldVector::close);
  }

  private static List<@Nullable String> texts(List<Row> rows) {
    List<@Nullable String> texts = new ArrayList<>();
    rows.forEach(row -> texts.add(row.text()));
    return texts;
  }

  private static void check(
      OnlineRows target, List<Row> rows, long nowMicros, long ttl, BufferAllocator allocator) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 210; i++) {
      keys.add("key" + i);
    }
    EncodedRows encoded;
    try (FieldVector vector = Cells.vector(SqlType.VARCHAR, keys, allocator)) {
      encoded = new RowEncoder(RowLayout.of(KEY), keys.size()).encode(List.of(vector), keys.size());
    }
    EncodedRows found = EncodedRows.ofRoom(keys.size());
    int[] wanted = new int[keys.size()];
    for (int i = 0; i < keys.size(); i++) {
      wanted[i] = i;
      assertEquals(true, target.read(encoded, i, encoded.hash(i), nowMicros, found));
    }
    RowLayout layout = RowLayout.of(VALUES);
    List<Column> columns = new ArrayList<>();
    OnlineColumn.read(
        List.of(new OnlineColumn(layout, false, 0), new OnlineColumn(layout, false, 1)),
        encoded,
        found,
        wanted,
        keys.size(),
        allocator,
        columns);
    try (Column ids = columns.get(0);
        Column texts = columns.get(1)) {
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get(i);
        Optional<Row> best =
            rows.stream()
                .filter(row -> row.key().equals(key) && row.time() <= nowMicros)
                .max(
                    Comparator.comparingLong(Row::time)
                        .thenComparingLong(Row::sequence)
                        .thenComparingLong(Row::id))
                .filter(row -> ttl < 0 || row.time() > nowMicros - ttl);
        if (best.isEmpty()) {
          assertNull(Cells.get(ids, i));
        } else {
          assertFalse(found.isMissing(i));
          assertEquals(best.get().id(), Cells.get(ids, i));
          assertEquals(best.get().text(), Cells.get(texts, i));
        }
      }
    }
  }
}
