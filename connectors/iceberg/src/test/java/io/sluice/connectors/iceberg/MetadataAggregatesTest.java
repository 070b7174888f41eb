package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static io.sluice.connectors.iceberg.Lake.withProperties;
import static io.sluice.connectors.iceberg.ScanTest.iceberg;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.SupportsMetadataAggregates;
import io.sluice.engine.connector.SupportsMetadataAggregates.Known;
import io.sluice.engine.connector.SupportsMetadataAggregates.Wanted;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Counts and extremes without reading a row, and when there are none. */
@ExtendWith(AllocatorExtension.class)
class MetadataAggregatesTest {
  private static final TableDefinition T =
      table(
          column("id", SqlType.INTEGER),
          column("s", SqlType.VARCHAR),
          column("d", new SqlType.Decimal(9, 2)),
          column("x", SqlType.DOUBLE),
          column("none", SqlType.DATE));

  private static Optional<List<@Nullable Object>> ask(
      Lake lake, @Nullable Expression filter, Wanted... wanted) {
    return ((SupportsMetadataAggregates) lake.current("t"))
        .aggregates(List.of(wanted), new ScanRequest(List.of("id", "s", "d", "x", "none"), filter))
        .map(Known::values);
  }

  private static Optional<List<@Nullable Object>> some(@Nullable Object... values) {
    return Optional.of(Arrays.asList(values));
  }

  private static Expression compare(String function, int column, SqlType type, Object value) {
    return new Expression.Call(
        function,
        List.of(new Expression.InputRef(column, type), new Expression.Literal(value, type)),
        SqlType.BOOLEAN);
  }

  private static void create(Lake lake, Map<String, String> properties) {
    lake.write(
        "t",
        withProperties(T, properties),
        WriteMode.CREATE,
        List.of(row(5L, "a", new BigDecimal("1.50"), 1.0, null), row(null, "b", null, null, null)));
  }

  private static void more(Lake lake) {
    lake.write(
        "t",
        T,
        WriteMode.APPEND,
        List.of(
            row(-7L, null, new BigDecimal("-2.25"), Double.NaN, null),
            row(1L << 20, "c", null, 0.0, null)));
  }

  @Test
  void wholeTables(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of());
      assertEquals(
          some(0L, 0L, null),
          ask(lake, null, new Wanted.Rows(), new Wanted.Values("id"), new Wanted.Least("id")));
    }
    try (Lake lake = new Lake(folder.resolve("other"), allocator)) {
      create(lake, Map.of("format-version", "3"));
      more(lake);
      assertEquals(
          some(4L, 3L, 3L, -7L, 1L << 20, new BigDecimal("-2.25"), new BigDecimal("1.50")),
          ask(
              lake,
              null,
              new Wanted.Rows(),
              new Wanted.Values("id"),
              new Wanted.Values("s"),
              new Wanted.Least("id"),
              new Wanted.Greatest("id"),
              new Wanted.Least("d"),
              new Wanted.Greatest("d")));
      assertEquals(
          some(0L, null), ask(lake, null, new Wanted.Values("none"), new Wanted.Greatest("none")));
      // texts may be cut, floats hold NaN and two zeros
      assertEquals(Optional.empty(), ask(lake, null, new Wanted.Least("s")));
      assertEquals(Optional.empty(), ask(lake, null, new Wanted.Greatest("x")));
      assertEquals(
          Optional.empty(), ask(lake, compare("gt", 0, SqlType.INTEGER, 0L), new Wanted.Rows()));
      iceberg(lake, "t")
          .updateSchema()
          .updateColumn("id", Types.LongType.get())
          .updateColumn("d", Types.DecimalType.of(20, 2))
          .addColumn("late", Types.IntegerType.get())
          .commit();
      assertEquals(
          some(-7L, new BigDecimal("1.50")),
          ask(lake, null, new Wanted.Least("id"), new Wanted.Greatest("d")));
      // the files do not tell of a column that they lack
      assertEquals(Optional.empty(), ask(lake, null, new Wanted.Values("late")));
      OtherWriter other = new OtherWriter(() -> iceberg(lake, "t"));
      other.deleteEqual(List.of("id"), List.of(other.record(5L)));
      assertEquals(Optional.empty(), ask(lake, null, new Wanted.Rows()));
    }
  }

  @Test
  void partitionsDecideFilters(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.write("t", T, WriteMode.CREATE, List.of());
      iceberg(lake, "t").updateSpec().addField("s").commit();
      more(lake);
      more(lake);
      assertEquals(
          some(2L, 1L << 20),
          ask(
              lake,
              compare("eq", 1, SqlType.VARCHAR, "c"),
              new Wanted.Rows(),
              new Wanted.Least("id")));
      Expression isNull =
          new Expression.Call(
              "is_null", List.of(new Expression.InputRef(1, SqlType.VARCHAR)), SqlType.BOOLEAN);
      assertEquals(some(2L), ask(lake, isNull, new Wanted.Rows()));
      // NULL is not "not c", but to the library it is
      assertEquals(
          Optional.empty(), ask(lake, compare("ne", 1, SqlType.VARCHAR, "a"), new Wanted.Rows()));
      assertEquals(
          Optional.empty(), ask(lake, compare("gt", 0, SqlType.INTEGER, 0L), new Wanted.Rows()));
      assertEquals(
          some(0L, null),
          ask(
              lake,
              compare("eq", 1, SqlType.VARCHAR, "x"),
              new Wanted.Rows(),
              new Wanted.Least("id")));
    }
  }
}
