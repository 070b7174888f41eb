package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values come back as they were written, of the types that were declared. */
@ExtendWith(AllocatorExtension.class)
class RoundTripTest {
  private static final List<ColumnDefinition> FLAT =
      List.of(
          column("b", SqlType.BOOLEAN),
          column("t", SqlType.TINYINT),
          column("s", SqlType.SMALLINT),
          column("i", SqlType.INTEGER),
          column("l", SqlType.BIGINT),
          column("r", SqlType.REAL),
          column("d", SqlType.DOUBLE),
          column("Text", SqlType.VARCHAR),
          column("bin", SqlType.VARBINARY),
          column("day", SqlType.DATE),
          column("clock", SqlType.TIME),
          column("ts", SqlType.TIMESTAMP),
          column("tz", SqlType.TIMESTAMP_TZ),
          column("dec9", new SqlType.Decimal(9, 2)),
          column("dec18", new SqlType.Decimal(18, 4)),
          column("dec38", new SqlType.Decimal(38, 10)),
          column("id", SqlType.UUID),
          column("months", SqlType.INTERVAL_MONTHS),
          column("micros", SqlType.INTERVAL_MICROS));

  private static List<@Nullable Object> values(long n) {
    return row(
        n % 2 == 0,
        n % 127,
        -n % 32000,
        n * 7 - 5,
        n << 40,
        (double) (float) (n / 3.0),
        n / 7.0,
        "text " + n + " \u00e4\u20ac\ud83d\ude00",
        new byte[] {(byte) n, 0, -1},
        n - 10_000,
        n * 1_000_003L % 86_400_000_000L,
        -n * 1_234_567L,
        n * 86_400_000_001L,
        BigDecimal.valueOf(-n, 2),
        BigDecimal.valueOf(n * 1_000_000_007L, 4),
        new BigDecimal("-9999999999999999999999999999." + (1_000_000_000L + n)),
        new UUID(n * 31, ~n),
        -n,
        n * 3_600_000_000L);
  }

  private static List<List<@Nullable Object>> comparable(List<List<@Nullable Object>> rows) {
    return rows.stream()
        .map(
            r -> {
              List<@Nullable Object> copy = new ArrayList<>();
              for (Object cell : r) {
                copy.add(
                    cell instanceof byte[] bytes
                        ? java.util.HexFormat.of().formatHex(bytes)
                        : cell);
              }
              return copy;
            })
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void everyFlatType(String version, BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          withProperties(TableDefinition.of(FLAT), Map.of("format-version", version));
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        List<@Nullable Object> row = values(i);
        if (i % 5 == 3) {
          for (int c = 0; c < row.size(); c++) {
            row.set(c, (i + c) % 3 == 0 ? null : row.get(c));
          }
        }
        rows.add(row);
      }
      rows.add(row(new Object[FLAT.size()]));
      assertEquals(501, lake.write("t", definition, WriteMode.CREATE, rows));
      assertEquals(FLAT, lake.table("t").definition().columns());
      assertEquals(version, lake.table("t").definition().properties().get("format-version"));
      assertEquals(comparable(rows), comparable(lake.read("t")));
    }
  }

  @Test
  void nanosecondsAndColumnsWithoutType(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(
              column("a", new SqlType.Timestamp(9, false)),
              column("b", new SqlType.Timestamp(9, true)),
              column("nothing", SqlType.NULL));
      List<List<@Nullable Object>> rows =
          List.of(row(1L, -1L, null), row(null, 1_700_000_000_123_456_789L, null));
      lake.write("t", definition, WriteMode.CREATE, rows);
      assertEquals(definition.columns(), lake.table("t").definition().columns());
      assertEquals(rows, lake.read("t"));
      EngineException failure =
          assertThrows(
              EngineException.class,
              () ->
                  lake.write(
                      "u",
                      withProperties(definition, Map.of("format-version", "2")),
                      WriteMode.CREATE,
                      rows));
      assertEquals(ErrorCode.UNSUPPORTED, failure.code());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2", "3"})
  void nestedTypes(String version, BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      SqlType row =
          new SqlType.Row(
              List.of(
                  new SqlType.Row.Field("x", SqlType.INTEGER),
                  new SqlType.Row.Field("y", new SqlType.Array(SqlType.VARCHAR))));
      TableDefinition definition =
          withProperties(
              table(
                  column("k", SqlType.INTEGER),
                  column("list", new SqlType.Array(SqlType.TINYINT)),
                  column("row", row),
                  column("map", new SqlType.Map(SqlType.VARCHAR, row)),
                  column("spans", new SqlType.Array(SqlType.INTERVAL_MICROS))),
              Map.of("format-version", version));
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (long i = 0; i < 5000; i++) {
        rows.add(
            switch ((int) (i % 4)) {
              case 0 ->
                  row(
                      i,
                      row(1L, null, i % 128),
                      row(i, List.of("a" + i, "b")),
                      Map.of("m", row(1L, null)),
                      row(null, i));
              case 1 -> row(i, List.of(), row(null, List.of()), Map.of(), List.of());
              case 2 -> row(i, null, null, null, null);
              default ->
                  row(
                      i,
                      row((Object) null),
                      row(null, row((Object) null)),
                      Map.of("n" + i, row(null, row("x", null))),
                      row((Object) null));
            });
      }
      lake.write("t", definition, WriteMode.CREATE, rows);
      assertEquals(definition.columns(), lake.table("t").definition().columns());
      assertEquals(rows, lake.read("t"));
    }
  }

  @Test
  void everyFormOfColumnAndASelection(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      TableDefinition definition =
          table(
              column("flat", SqlType.INTEGER),
              column("dictionary", SqlType.VARCHAR),
              column("constant", SqlType.DOUBLE));
      try (TableWrite write =
          lake.catalog.write(ANYONE, "main", "t", definition, WriteMode.CREATE)) {
        List<Column> columns = new ArrayList<>();
        columns.add(
            new FlatColumn(
                SqlType.INTEGER,
                Cells.vector(SqlType.INTEGER, List.of(10L, 11L, 12L, 13L), allocator)));
        IntVector indices =
            (IntVector) Cells.vector(SqlType.INTEGER, row(1L, null, 0L, 1L), allocator);
        columns.add(
            new DictionaryColumn(
                indices,
                new SharedDictionary(
                    SqlType.VARCHAR,
                    Cells.vector(SqlType.VARCHAR, List.of("zero", "one"), allocator))));
        columns.add(Cells.constant(SqlType.DOUBLE, 0.5, 4, allocator));
        ArrowBuf chosen = allocator.buffer(8);
        chosen.setInt(0, 1);
        chosen.setInt(4, 3);
        write.write(new Batch(columns, 4, new Selection(chosen, 2)));
        assertEquals(2, write.commit());
      }
      assertEquals(List.of(row(11L, null, 0.5), row(13L, "one", 0.5)), lake.read("t"));
    }
  }

  @Test
  void specialFloats(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      List<List<@Nullable Object>> rows =
          List.of(
              row(Double.NaN, Double.NEGATIVE_INFINITY),
              row(-0.0, 0.0),
              row(Double.POSITIVE_INFINITY, Double.MIN_VALUE));
      lake.write(
          "t",
          table(column("r", SqlType.REAL), column("d", SqlType.DOUBLE)),
          WriteMode.CREATE,
          rows);
      assertEquals(rows, lake.read("t"));
      assertEquals(Double.NEGATIVE_INFINITY, lake.statistics("t", "d").min());
      assertEquals(Double.MIN_VALUE, lake.statistics("t", "d").max());
      assertNull(lake.statistics("t", "r").max());
    }
  }
}
