package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB reads the files that we write. */
@ExtendWith(AllocatorExtension.class)
class JudgeTest {
  private static final List<ColumnDefinition> COLUMNS =
      List.of(
          column("b", SqlType.BOOLEAN),
          column("t", SqlType.TINYINT),
          column("l", SqlType.BIGINT),
          column("r", SqlType.REAL),
          column("d", SqlType.DOUBLE),
          column("s", SqlType.VARCHAR),
          column("ts", SqlType.TIMESTAMP),
          column("d9", new SqlType.Decimal(9, 2)),
          column("d38", new SqlType.Decimal(38, 3)),
          column("id", SqlType.UUID),
          column("list", new SqlType.Array(SqlType.BIGINT)),
          column(
              "row",
              new SqlType.Row(
                  List.of(
                      new SqlType.Row.Field("x", SqlType.INTEGER),
                      new SqlType.Row.Field("y", new SqlType.Array(SqlType.VARCHAR))))),
          column("map", new SqlType.Map(SqlType.VARCHAR, SqlType.DOUBLE)));

  private static List<@Nullable Object> random(Random random) {
    List<@Nullable Object> row =
        row(
            random.nextBoolean(),
            (long) (byte) random.nextInt(),
            random.nextLong(),
            (double) random.nextFloat(),
            random.nextGaussian(),
            "s" + random.nextInt(50),
            random.nextLong() >> 14,
            BigDecimal.valueOf(random.nextInt(1_000_000_000), 2),
            new BigDecimal(
                new java.math.BigInteger(115, random)
                    .subtract(java.math.BigInteger.ONE.shiftLeft(114)),
                3),
            new UUID(random.nextLong(), random.nextLong()),
            longs(random),
            row((long) random.nextInt(), random.nextInt(4) == 0 ? null : texts(random)),
            Map.of("k" + random.nextInt(3), random.nextDouble()));
    for (int c = 0; c < row.size(); c++) {
      if (random.nextInt(6) == 0) {
        row.set(c, null);
      }
    }
    return row;
  }

  private static List<@Nullable Object> longs(Random random) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      list.add(random.nextInt(4) == 0 ? null : (Object) (long) random.nextInt(100));
    }
    return list;
  }

  private static List<@Nullable Object> texts(Random random) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      list.add(random.nextInt(4) == 0 ? null : "t" + random.nextInt(9));
    }
    return list;
  }

  /** As DuckDB's casts to text say it. */
  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "NULL";
      case List<?> list -> list.stream().map(JudgeTest::text).toList().toString();
      default -> value.toString();
    };
  }

  @Test
  void duckdbReadsOurFiles(BufferAllocator allocator, @TempDir Path folder) throws Exception {
    long seed = System.nanoTime();
    System.out.println("JudgeTest seed " + seed);
    Random random = new Random(seed);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(random(random));
    }
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", TableDefinition.of(COLUMNS), WriteMode.CREATE, rows);
      String query =
          "SELECT b, t, l, r, d, s, epoch_us(ts), d9, d38, id, list::VARCHAR,"
              + " CASE WHEN \"row\" IS NULL THEN NULL ELSE '[' || coalesce(\"row\".x::VARCHAR, 'NULL')"
              + " || ', ' || coalesce(\"row\".y::VARCHAR, 'NULL') || ']' END,"
              + " CASE WHEN map IS NULL THEN NULL ELSE map_keys(map)[1] END,"
              + " map_values(map)[1] FROM read_parquet('"
              + folder
              + "/warehouse/main/t/data/*.parquet')";
      try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
          Statement statement = connection.createStatement();
          ResultSet result = statement.executeQuery(query)) {
        for (List<@Nullable Object> row : rows) {
          assertTrue(result.next());
          for (int c = 0; c < 12; c++) {
            Object ours = row.get(c);
            Object theirs = result.getObject(c + 1);
            switch (ours) {
              case Long l -> assertEquals(l, ((Number) theirs).longValue());
              case Double d -> assertEquals(d, ((Number) theirs).doubleValue());
              case List<?> list -> assertEquals(text(list), theirs);
              case null -> assertEquals(null, theirs);
              default -> assertEquals(ours, theirs);
            }
          }
          if (row.get(12) instanceof Map<?, ?> map) {
            assertEquals(map.keySet().iterator().next(), result.getString(13));
            assertEquals(map.values().iterator().next(), result.getDouble(14));
          } else {
            assertEquals(null, result.getString(13));
          }
        }
        assertFalse(result.next());
      }
      List<String> flat =
          COLUMNS.stream().filter(c -> !c.type().isNested()).map(ColumnDefinition::name).toList();
      assertEquals(
          rows.stream().map(r -> r.subList(0, flat.size())).toList(),
          lake.read(lake.current("t"), flat, null));
    }
  }
}
