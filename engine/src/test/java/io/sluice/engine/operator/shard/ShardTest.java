package io.sluice.engine.operator.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.Shuffle;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.testing.OperatorFaults;
import io.sluice.engine.testing.PlanRunner;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final Map<String, SqlType> COLUMNS =
      new LinkedHashMap<>(Map.of("id", SqlType.BIGINT));

  private static MemoryTable table(int rows) {
    List<List<?>> cells = new ArrayList<>();
    for (long i = 0; i < rows; i++) {
      cells.add(List.of(i));
    }
    return MemoryTable.of("t", COLUMNS, cells, 5);
  }

  private static PhysicalPlan shard(
      MemoryTable table, long shard, long shards, @Nullable Shuffle shuffle) {
    PhysicalPlan ordered =
        new PhysicalPlan.SortPlan(table.plan(), List.of(new SortKey(0, false, false)));
    return new PhysicalPlan.ShardPlan(ordered, shard, shards, shuffle);
  }

  private static long[] permutation(long seed, long epoch, long rows) {
    RowPermutation permutation = new RowPermutation(new Shuffle(seed, epoch, rows));
    return LongStream.range(0, rows).map(permutation::at).toArray();
  }

  @Test
  void everyPositionIsTakenOnce() {
    for (long rows : LongStream.concat(LongStream.range(0, 300), LongStream.of(65_537)).toArray()) {
      long[] sorted = LongStream.of(permutation(7, rows, rows)).sorted().toArray();
      assertEquals(
          LongStream.range(0, rows).boxed().toList(),
          LongStream.of(sorted).boxed().toList(),
          rows + " rows");
    }
  }

  @Test
  void releasesAgree() {
    assertEquals("[5, 3, 7, 2, 0, 6, 9, 8, 1, 4]", Arrays.toString(permutation(42, 0, 10)));
    assertEquals("[1, 2, 4, 6, 3, 5, 0]", Arrays.toString(permutation(-1, 5, 7)));
    RowPermutation large = new RowPermutation(new Shuffle(42, 1, 1L << 40));
    assertEquals("49482399006 41727578845", large.at(0) + " " + large.at((1L << 40) - 1));
  }

  @Test
  void rowsComeToStandAnywhere() {
    // over 2000 seeds the first of ten rows is at each place about 200 times; chi-square, 9 degrees
    int[] counts = new int[10];
    for (int seed = 0; seed < 2000; seed++) {
      counts[(int) new RowPermutation(new Shuffle(seed, 3, 10)).at(0)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - 200) * (count - 200) / 200.0;
    }
    assertTrue(chiSquare < 33, "chi-square " + chiSquare);
  }

  @Test
  void aShardHasItsPositionsInAllModes() {
    MemoryTable table = table(23);
    for (PlanRunner.Mode mode : PlanRunner.MODES) {
      assertEquals(
          List.of(
              List.of(1L, 1L),
              List.of(6L, 6L),
              List.of(11L, 11L),
              List.of(16L, 16L),
              List.of(21L, 21L)),
          PlanRunner.run(shard(table, 1, 5, null), mode, table),
          mode.toString());
      List<List<@Nullable Object>> all = new ArrayList<>();
      for (long shard = 0; shard < 4; shard++) {
        all.addAll(PlanRunner.run(shard(table, shard, 4, new Shuffle(5, 6, 23)), mode, table));
      }
      all.sort((a, b) -> Long.compare((Long) a.get(0), (Long) b.get(0)));
      long[] positions = permutation(5, 6, 23);
      for (int i = 0; i < 23; i++) {
        assertEquals(List.of((long) i, positions[i]), all.get(i));
      }
    }
  }

  @Test
  void leavesNothingBehindWhateverFails() {
    MemoryTable table = table(30).blocking();
    OperatorFaults.check(shard(table, 1, 2, new Shuffle(1, 0, 30)), table);
  }
}
