package io.sluice.engine.operator.asof;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class EntityTableTest {
  private static final List<List<SqlType>> KEYS =
      List.of(
          List.of(),
          List.of(SqlType.BIGINT),
          List.of(SqlType.VARCHAR),
          List.of(SqlType.INTEGER, SqlType.VARCHAR),
          List.of(SqlType.VARCHAR, SqlType.DATE, SqlType.DOUBLE));

  private static Object value(SqlType type, Random random, int distinct) {
    long number = random.nextInt(distinct);
    return switch (type.kind()) {
      case BIGINT -> number * 1_000_003 * (number % 2 == 0 ? 1 : -1);
      case VARCHAR -> "key-".repeat((int) (number % 5)) + number;
      case DOUBLE -> number / 8.0;
      default -> number;
    };
  }

  @Test
  void numbersKeysAndFindsThem(BufferAllocator allocator) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (List<SqlType> types : KEYS) {
      try (EntityTable table = EntityTable.create(types, allocator);
          EntityTable other = EntityTable.create(types, allocator)) {
        Map<List<?>, Integer> known = new HashMap<>();
        fill(table, types, random, allocator, known);
        Map<List<?>, Integer> elsewhere = new HashMap<>();
        fill(other, types, random, allocator, elsewhere);
        int[] mapping = table.merge(other);
        elsewhere.forEach(
            (key, entity) ->
                assertEquals(
                    mapping[entity], known.computeIfAbsent(key, k -> mapping[entity]), "" + seed));
        assertEquals(known.size(), table.size());
        table.seal(entity -> entity + 100L);
        find(table, types, random, allocator, known);
      }
    }
  }

  private static List<List<?>> rows(List<SqlType> types, Random random, int distinct) {
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      Object[] row = new Object[types.size()];
      for (int k = 0; k < row.length; k++) {
        row[k] = random.nextInt(20) == 0 ? null : value(types.get(k), random, distinct);
      }
      rows.add(Arrays.asList(row));
    }
    return rows;
  }

  private static void fill(
      EntityTable table,
      List<SqlType> types,
      Random random,
      BufferAllocator allocator,
      Map<List<?>, Integer> known) {
    for (int b = 0; b < 3; b++) {
      List<List<?>> rows = rows(types, random, 4000);
      int[] entities = new int[rows.size()];
      try (Batch batch = Batches.of(allocator, types, rows);
          EntityTable.EntityLookup lookup = table.lookup()) {
        lookup.add(batch.columns(), rows.size(), new boolean[rows.size()], entities);
      }
      for (int i = 0; i < entities.length; i++) {
        if (rows.get(i).contains(null)) {
          assertEquals(-1, entities[i]);
        } else {
          int entity = entities[i];
          assertEquals(entity, known.computeIfAbsent(rows.get(i), key -> entity));
        }
      }
    }
    assertEquals(known.size(), table.size());
  }

  private static void find(
      EntityTable table,
      List<SqlType> types,
      Random random,
      BufferAllocator allocator,
      Map<List<?>, Integer> known) {
    List<List<?>> rows = rows(types, random, 8000);
    long[] values = new long[rows.size()];
    try (Batch batch = Batches.of(allocator, types, rows);
        EntityTable.EntityLookup lookup = table.lookup()) {
      lookup.find(batch.columns(), rows.size(), new boolean[rows.size()], values);
    }
    for (int i = 0; i < values.length; i++) {
      Integer entity = known.get(rows.get(i));
      boolean found = entity != null && !rows.get(i).contains(null);
      assertEquals(entity != null && found ? entity + 100L : 0, values[i]);
    }
  }
}
