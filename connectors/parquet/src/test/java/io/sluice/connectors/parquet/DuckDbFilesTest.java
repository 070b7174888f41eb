package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that DuckDB writes, compared with what it reads from them. */
@ExtendWith(AllocatorExtension.class)
final class DuckDbFilesTest {
  private static final int ROWS = 12_000;

  // Each as text by DuckDB, so that no driver's conversions are in between.
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.BIGINT,
          SqlType.INTEGER,
          SqlType.SMALLINT,
          SqlType.DOUBLE,
          SqlType.BOOLEAN,
          SqlType.VARCHAR,
          SqlType.VARCHAR,
          SqlType.VARCHAR,
          new SqlType.Decimal(12, 3),
          new SqlType.Decimal(30, 5),
          SqlType.DATE,
          SqlType.TIMESTAMP,
          SqlType.TIMESTAMP_TZ,
          SqlType.UUID,
          SqlType.VARCHAR);

  private static final String SELECT =
      """
      SELECT i AS b, CASE WHEN i % 7 = 0 THEN NULL ELSE (hash(i) % 100)::INTEGER END AS n,
        (i % 300)::SMALLINT AS s, CASE WHEN i % 11 < 3 THEN NULL ELSE sqrt(i) END AS d,
        CASE WHEN i % 13 = 0 THEN NULL ELSE hash(i) % 3 = 0 END AS f,
        'city ' || (hash(i) % 40) AS city,
        CASE WHEN i % 5 = 0 THEN NULL ELSE 'user ' || hash(i, 1) END AS u,
        CASE WHEN i < 5000 THEN 'few' || (i % 10) ELSE 'many' || i END AS mixed,
        (i::DECIMAL(12, 3) / 8)::DECIMAL(12, 3) AS d12, (i * 12345678901::HUGEINT)::DECIMAL(30, 5) AS d30,
        DATE '1960-01-01' + (i % 40000)::INTEGER AS dt,
        TIMESTAMP '2020-01-01' + to_microseconds(i * 1234567) AS ts,
        TIMESTAMPTZ '2020-01-01 00:00:00+00' + to_microseconds(i * 1234567) AS tz,
        CASE WHEN i % 3 = 0 THEN NULL ELSE md5(i::VARCHAR)::UUID END AS id,
        NULL::VARCHAR AS nothing
      FROM range(ROWS) t(i)
      """;

  private static final String CHECK =
      """
      SELECT b::VARCHAR, n::VARCHAR, s::VARCHAR, d, f, city, u, mixed, d12::VARCHAR, d30::VARCHAR,
        date_diff('day', DATE '1970-01-01', dt)::VARCHAR, epoch_us(ts)::VARCHAR,
        epoch_us(tz)::VARCHAR, id::VARCHAR, nothing
      FROM read_parquet('%s')
      """;

  @ParameterizedTest
  @CsvSource({
    "uncompressed,V1,1000000", "snappy,V1,1000000", "zstd,V1,1000000", "gzip,V1,1000000",
    "lz4_raw,V1,1000000", "zstd,V2,1000000", "snappy,V2,1", "uncompressed,V1,1"
  })
  void equalsDuckDb(
      String codec, String version, int dictionary, @TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    Path path = folder.resolve("file.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          copy(
              path,
              "COMPRESSION %s, PARQUET_VERSION %s, DICTIONARY_SIZE_LIMIT %d, ROW_GROUP_SIZE 5000"
                  .formatted(codec, version, dictionary)));
      List<List<@Nullable Object>> read = Reads.all(path, TYPES, allocator, 1000);
      assertEquals(ROWS, read.size());
      try (ResultSet expected = statement.executeQuery(CHECK.formatted(path))) {
        for (List<@Nullable Object> row : read) {
          assertTrue(expected.next());
          for (int c = 0; c < TYPES.size(); c++) {
            Object wanted = expected.getObject(c + 1);
            Object got = row.get(c);
            boolean exact = wanted == null || wanted instanceof Double || wanted instanceof Boolean;
            assertEquals(wanted, exact || got == null ? got : got.toString(), "column " + c);
          }
        }
      }
    }
    dictionaryForms(path, allocator, dictionary > 1);
  }

  private static String copy(Path path, String options) {
    String select = SELECT.replace("ROWS", Integer.toString(ROWS));
    return "COPY (" + select + ") TO '" + path + "' (FORMAT parquet, " + options + ")";
  }

  /** Few distinct strings stay encoded, many do not. */
  private static void dictionaryForms(Path path, BufferAllocator allocator, boolean dictionary) {
    try (ParquetFile file = Reads.open(path, allocator);
        RowGroupReader reader =
            RowGroupReader.open(file, 0, Reads.requests(file, TYPES), allocator, 1000)) {
      if (reader.poll() instanceof Poll.Ready(Batch batch)) {
        try (batch) {
          assertEquals(dictionary, batch.column(5) instanceof DictionaryColumn);
          assertEquals(false, batch.column(6) instanceof DictionaryColumn);
        }
      }
    }
    assertEquals(0, allocator.getAllocatedMemory());
  }

  @ParameterizedTest
  @CsvSource({"b > 11990", "b BETWEEN 100 AND 120", "city = 'city 7' AND b < 50", "n IS NULL"})
  void prunesNoRowThatMatches(String where, @TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    Path path = folder.resolve("file.parquet");
    List<Long> groups = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(copy(path, "ROW_GROUP_SIZE 2048"));
      try (ResultSet result =
          statement.executeQuery(
              "SELECT DISTINCT b // 2048 FROM read_parquet('" + path + "') WHERE " + where)) {
        while (result.next()) {
          groups.add(result.getLong(1));
        }
      }
    }
    try (ParquetFile file = Reads.open(path, allocator)) {
      var requests = Reads.requests(file, TYPES);
      var filter = RowGroupPrunerTest.filter(where);
      int kept = 0;
      for (int g = 0; g < file.metadata().rowGroups().size(); g++) {
        boolean match = RowGroupPruner.mayMatch(file.metadata(), g, filter, requests);
        assertTrue(match || !groups.contains((long) g), where + " needs row group " + g);
        kept += match ? 1 : 0;
      }
      if (!where.startsWith("n ")) {
        assertEquals(1, kept);
      }
    }
  }
}
