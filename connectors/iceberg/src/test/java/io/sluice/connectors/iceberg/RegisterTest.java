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
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files that DuckDB wrote become tables. */
@ExtendWith(AllocatorExtension.class)
class RegisterTest {
  private static void duckdb(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void copy(Path file, String query) throws SQLException {
    duckdb("COPY (" + query + ") TO '" + file + "' (FORMAT parquet)");
  }

  private static void named(EngineException failure, String... parts) {
    for (String part : parts) {
      assertTrue(String.valueOf(failure.getMessage()).contains(part), failure::toString);
    }
  }

  @Test
  void aFolderInTheOrderOfItsPaths(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    Path files = Files.createDirectories(folder.resolve("in put"));
    for (int f = 9; f >= 0; f--) {
      copy(
          files.resolve("part" + f + ".parquet"),
          "SELECT i::INTEGER AS i, 'v' || (i % 3) AS \"The Text\" FROM range("
              + f * 100
              + ", "
              + (f + 1) * 100
              + ") r(i)");
    }
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      assertEquals(1000, lake.catalog.registerParquet(ANYONE, "main", "t", files.toString()));
      List<List<Object>> expected =
          java.util.stream.LongStream.range(0, 1000)
              .mapToObj(i -> List.<Object>of(i, "v" + i % 3))
              .toList();
      assertEquals(expected, lake.read("t"));
      assertEquals(
          List.of(column("i", SqlType.INTEGER), column("The Text", SqlType.VARCHAR)),
          lake.table("t").definition().columns());
      assertEquals(0L, lake.statistics("t", "i").min());
      assertEquals(999L, lake.statistics("t", "i").max());
      assertEquals(0, lake.statistics("t", "i").nullCount());
      assertEquals("v0", lake.statistics("t", "The Text").min());
      Expression filter =
          new Expression.Call(
              "ge",
              List.of(
                  new Expression.InputRef(0, SqlType.INTEGER),
                  new Expression.Literal(850L, SqlType.INTEGER)),
              SqlType.BOOLEAN);
      try (TableScan scan =
          lake.current("t").scan(new ScanRequest(List.of("i", "_row_id"), filter))) {
        assertEquals(8, scan.metrics().filesSkipped());
        assertEquals(row(800L, 800L), lake.read(scan).getFirst());
      }
      fails(
          ErrorCode.ALREADY_EXISTS,
          () ->
              lake.catalog.registerParquet(
                  ANYONE, "main", "t", files.resolve("part3.parquet").toString()));

      // more files, and rows of our own beside them
      copy(files.resolve("x.parquet"), "SELECT -1::TINYINT AS i");
      assertEquals(
          1, lake.catalog.registerParquet(ANYONE, "main", "t", files.resolve("x*").toString()));
      lake.write("t", lake.table("t").definition(), WriteMode.APPEND, List.of(row(-2L, "own")));
      assertEquals(List.of(row(-1L, null), row(-2L, "own")), lake.read("t").subList(1000, 1002));

      // the files are their owner's
      lake.catalog.dropTable(ANYONE, "main", "t");
      assertTrue(Files.exists(files.resolve("part0.parquet")));
      assertEquals(List.of(), lake.warehouseFiles());
    }
  }

  @Test
  void everyTypeThatDuckdbWrites(BufferAllocator allocator, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("types.parquet");
    copy(
        file,
        """
        SELECT true AS b, 1::TINYINT AS i8, 2::SMALLINT AS i16, 3::INTEGER AS i32, 4::BIGINT AS i64,
          255::UTINYINT AS u8, 65535::USMALLINT AS u16, 4294967295::UINTEGER AS u32,
          18446744073709551615::UBIGINT AS u64, 0.5::REAL AS f, 0.25 ::DOUBLE AS d, 'x' AS s,
          '\\x01'::BLOB AS bin, DATE '2020-02-03' AS day, TIME '01:02:03' AS clock,
          TIMESTAMP '2020-01-01 00:00:00.000001' AS ts,
          TIMESTAMP_NS '2020-01-01 00:00:00.000000001' AS ns,
          TIMESTAMP_MS '2020-01-01 00:00:00.001' AS ms,
          TIMESTAMPTZ '2020-01-01 00:00:00+00' AS tz, 12.34::DECIMAL(4, 2) AS d4,
          12.34::DECIMAL(18, 2) AS d18, 12.34::DECIMAL(38, 2) AS d38,
          '00112233-4455-6677-8899-aabbccddeeff'::UUID AS id, [1, 2] AS list, {'x': 1} AS struct,
          MAP {'k': 1} AS map
        """);
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      assertEquals(1, lake.catalog.registerParquet(ANYONE, "main", "t", file.toString()));
      List<ColumnDefinition> columns = lake.table("t").definition().columns();
      assertEquals(
          List.of(
              "BOOLEAN",
              "TINYINT",
              "SMALLINT",
              "INTEGER",
              "BIGINT",
              "SMALLINT",
              "INTEGER",
              "BIGINT",
              "DECIMAL(20, 0)",
              "REAL",
              "DOUBLE",
              "VARCHAR",
              "VARBINARY",
              "DATE",
              "TIME(6)",
              "TIMESTAMP(6)",
              "TIMESTAMP(9)",
              "TIMESTAMP(6)",
              "TIMESTAMP(6) WITH TIME ZONE",
              "DECIMAL(4, 2)",
              "DECIMAL(18, 2)",
              "DECIMAL(38, 2)",
              "UUID",
              "INTEGER ARRAY",
              "ROW(\"x\" INTEGER)",
              "MAP(VARCHAR, INTEGER)"),
          columns.stream().map(c -> c.type().sql()).toList());
      List<String> flat =
          columns.stream()
              .filter(c -> !c.type().isNested() && c.type() != SqlType.VARBINARY)
              .map(ColumnDefinition::name)
              .toList();
      long year2020 = 1_577_836_800_000_000L;
      assertEquals(
          List.of(
              row(
                  true,
                  1L,
                  2L,
                  3L,
                  4L,
                  255L,
                  65535L,
                  4294967295L,
                  new BigDecimal("18446744073709551615"),
                  0.5,
                  0.25,
                  "x",
                  18295L,
                  3_723_000_000L,
                  year2020 + 1,
                  year2020 * 1000 + 1,
                  year2020 + 1000,
                  year2020,
                  new BigDecimal("12.34"),
                  new BigDecimal("12.34"),
                  new BigDecimal("12.34"),
                  java.util.UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"))),
          lake.read(lake.current("t"), flat, null));
      assertEquals(
          List.of(row(List.of(1L, 2L), List.of(1L), java.util.Map.of("k", 1L))),
          lake.read(lake.current("t"), List.of("list", "struct", "map"), null));
      assertEquals(4294967295L, lake.statistics("t", "u32").max());
    }
  }

  @Test
  void nestedColumnsAreFoundByName(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    Path files = Files.createDirectories(folder.resolve("files"));
    copy(files.resolve("a.parquet"), "SELECT [{'x': 1::BIGINT, 'y': {'z': 'a'}}] AS s");
    copy(files.resolve("b.parquet"), "SELECT [{'y': {'z': 'b'}, 'x': 2::INTEGER}, NULL] AS s");
    copy(files.resolve("c.parquet"), "SELECT [{'x': 1::BIGINT, 'y': {'w': 'a'}}] AS s");
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      assertEquals(
          1,
          lake.catalog.registerParquet(ANYONE, "main", "t", files.resolve("a.parquet").toString()));
      assertEquals(
          1,
          lake.catalog.registerParquet(ANYONE, "main", "t", files.resolve("b.parquet").toString()));
      assertEquals(
          List.of(
              row(List.of(row(1L, row("a")))),
              row(java.util.Arrays.asList(row(2L, row("b")), null))),
          lake.read("t"));
      named(
          fails(
              ErrorCode.TYPE_MISMATCH,
              () ->
                  lake.catalog.registerParquet(
                      ANYONE, "main", "t", files.resolve("c.parquet").toString())),
          "column s",
          "c.parquet");
    }
  }

  @Test
  void filesWithForeignFieldIdsBelowAColumnAreRefused(
      BufferAllocator allocator, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("ids.parquet");
    try (java.sql.Connection connection = java.sql.DriverManager.getConnection("jdbc:duckdb:");
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT {'x': 1} AS s) TO '"
              + file
              + "' (FORMAT parquet, FIELD_IDS {s: {__duckdb_field_id: 1, x: 77}})");
    }
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      SqlType struct = new SqlType.Row(List.of(new SqlType.Row.Field("x", SqlType.INTEGER)));
      lake.write("t", table(column("s", struct)), WriteMode.CREATE, List.of());
      named(
          fails(
              ErrorCode.UNSUPPORTED,
              () -> lake.catalog.registerParquet(ANYONE, "main", "t", file.toString())),
          "column x",
          "id 77");
    }
  }

  @Test
  void whatDoesNotFitIsNamed(BufferAllocator allocator, @TempDir Path folder) throws Exception {
    Path a = folder.resolve("a.parquet");
    Path b = folder.resolve("b.parquet");
    copy(a, "SELECT 1 AS x");
    copy(b, "SELECT 'one' AS x");
    try (Lake lake = new Lake(folder.resolve("lake"), allocator)) {
      named(
          fails(
              ErrorCode.TYPE_MISMATCH,
              () ->
                  lake.catalog.registerParquet(
                      ANYONE, "main", "t", folder.resolve("*.parquet").toString())),
          "column x",
          b.toString(),
          a.toString());
      lake.write("u", table(column("x", SqlType.VARCHAR)), WriteMode.CREATE, List.of(row("s")));
      named(
          fails(
              ErrorCode.TYPE_MISMATCH,
              () -> lake.catalog.registerParquet(ANYONE, "main", "u", a.toString())),
          "column x",
          a.toString());
      lake.write("v", table(column("y", SqlType.VARCHAR)), WriteMode.CREATE, List.of());
      named(
          fails(
              ErrorCode.UNKNOWN_COLUMN,
              () -> lake.catalog.registerParquet(ANYONE, "main", "v", b.toString())),
          "column x",
          b.toString());
      fails(
          ErrorCode.STORAGE_ERROR,
          () -> lake.catalog.registerParquet(ANYONE, "main", "w", folder + "/none*.parquet"));
      Files.writeString(b, "not Parquet at all");
      named(
          fails(
              ErrorCode.CORRUPT_FILE,
              () -> lake.catalog.registerParquet(ANYONE, "main", "w", b.toString())),
          b.toString());
      assertEquals(2, lake.catalog.relations(ANYONE, "main").size());
      assertEquals(1, lake.catalog.registerParquet(ANYONE, "main", "t", a.toString()));
    }
  }
}
