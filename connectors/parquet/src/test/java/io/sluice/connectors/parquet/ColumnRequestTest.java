package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.parquet.WrittenColumns.Kind;
import io.sluice.connectors.parquet.WrittenFiles.Options;
import io.sluice.connectors.parquet.WrittenFiles.Written;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What can be asked for, what is refused, and what waits. */
@ExtendWith(AllocatorExtension.class)
final class ColumnRequestTest {
  private static Path file(Path folder, String select) throws Exception {
    Path path = folder.resolve("t.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + path + "' (FORMAT parquet)");
    }
    return path;
  }

  private static void refused(
      Path path, SqlType type, String part, ErrorCode code, BufferAllocator allocator) {
    EngineException e =
        assertThrows(EngineException.class, () -> Reads.all(path, List.of(type), allocator, 100));
    String message = String.valueOf(e.getMessage());
    assertEquals(code, e.code(), message);
    assertTrue(message.contains(part) && message.contains("t.parquet"), message);
  }

  @Test
  void refusesByName(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    Path path = file(folder, "SELECT 1::BIGINT AS big");
    refused(path, SqlType.INTEGER, "column big", ErrorCode.UNSUPPORTED, allocator);
    refused(path, SqlType.TIMESTAMP, "TIMESTAMP(6)", ErrorCode.UNSUPPORTED, allocator);
    refused(path, SqlType.VARCHAR, "INT64", ErrorCode.UNSUPPORTED, allocator);
    path = file(folder, "SELECT [1, 2] AS list");
    refused(path, SqlType.INTEGER, "nested", ErrorCode.UNSUPPORTED, allocator);
    path = file(folder, "SELECT {'a': 1} AS struct");
    refused(path, SqlType.INTEGER, "nested", ErrorCode.UNSUPPORTED, allocator);
    path = file(folder, "SELECT TIMESTAMP '2020-01-01' AS ts");
    refused(path, SqlType.TIMESTAMP_TZ, "column ts", ErrorCode.UNSUPPORTED, allocator);
    path = file(folder, "SELECT 1.5::DECIMAL(9, 3) AS price");
    refused(path, new SqlType.Decimal(9, 2), "column price", ErrorCode.UNSUPPORTED, allocator);
    refused(path, new SqlType.Decimal(9, 4), "column price", ErrorCode.UNSUPPORTED, allocator);
    path = file(folder, "SELECT TIMESTAMP_NS '2020-01-01 00:00:00.000000001' AS ns");
    refused(path, SqlType.TIMESTAMP, "column ns", ErrorCode.INVALID_CAST, allocator);
    path = file(folder, "SELECT INTERVAL 1 DAY AS span");
    refused(path, SqlType.INTERVAL_MICROS, "column span", ErrorCode.UNSUPPORTED, allocator);
  }

  @Test
  void absentColumnsAreConstants(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    Path path = file(folder, "SELECT i::INTEGER AS i FROM range(10) t(i)");
    try (ParquetFile file = Reads.open(path, allocator);
        RowGroupReader reader =
            RowGroupReader.open(
                file,
                0,
                List.of(
                    ColumnRequest.constant(SqlType.VARCHAR, "x"),
                    ColumnRequest.of(file.metadata().column("i").orElseThrow(), SqlType.BIGINT),
                    ColumnRequest.constant(SqlType.DOUBLE, null)),
                allocator,
                7)) {
      Poll poll = reader.poll();
      try (Batch batch = assertInstanceOf(Poll.Ready.class, poll).batch()) {
        assertInstanceOf(ConstantColumn.class, batch.column(0));
        List<@Nullable Object> expected = new ArrayList<>(List.of("x", 6L));
        expected.add(null);
        assertEquals(expected, Batches.rows(batch).get(6));
      }
      assertEquals(0, reader.firstRow());
      try (Batch batch = assertInstanceOf(Poll.Ready.class, reader.poll()).batch()) {
        assertEquals(3, batch.rowCount());
      }
      assertEquals(7, reader.firstRow());
      assertEquals(Poll.FINISHED, reader.poll());
    }
  }

  @Test
  void rowsWithoutColumns(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    Path path = file(folder, "SELECT i FROM range(10) t(i)");
    try (ParquetFile file = Reads.open(path, allocator);
        RowGroupReader reader = RowGroupReader.open(file, 0, List.of(), allocator, 100)) {
      try (Batch batch = assertInstanceOf(Poll.Ready.class, reader.poll()).batch()) {
        assertEquals(10, batch.rowCount());
      }
    }
  }

  /** An input that has to fetch first. */
  private record SlowInput(ParquetInput input, CompletableFuture<?> there, List<Range> asked)
      implements ParquetInput {
    @Override
    public String path() {
      return input.path();
    }

    @Override
    public long length() {
      return input.length();
    }

    @Override
    public void readFully(long offset, long length, ArrowBuf target, long targetOffset) {
      input.readFully(offset, length, target, targetOffset);
    }

    @Override
    public CompletableFuture<?> prefetch(List<Range> ranges) {
      asked.clear();
      asked.addAll(ranges);
      return there;
    }

    @Override
    public void close() {
      input.close();
    }
  }

  @Test
  void waitsForInputsThatFetch(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    Path path = file(folder, "SELECT i, i + 1 AS j FROM range(1000) t(i)");
    CompletableFuture<?> there = new CompletableFuture<>();
    SlowInput input = new SlowInput(LocalParquetInput.open(path), there, new ArrayList<>());
    try (ParquetFile file = ParquetFile.open(input, allocator);
        RowGroupReader reader =
            RowGroupReader.open(
                file,
                0,
                Reads.requests(file, List.of(SqlType.BIGINT, SqlType.BIGINT)),
                allocator,
                100)) {
      assertEquals(new Poll.Blocked(there), reader.poll());
      assertEquals(1, input.asked().size(), "chunks side by side are one range");
      there.complete(null);
      assertEquals(1000, Reads.drain(reader).size());
    }
  }

  @Test
  void freesEverythingWhenMemoryEnds(@TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Kind> kinds = WrittenColumns.kinds();
    int failed = 0;
    for (boolean dictionary : new boolean[] {true, false}) {
      Options options =
          new Options(
              CompressionCodecName.ZSTD,
              WriterVersion.PARQUET_2_0,
              dictionary,
              false,
              2000,
              0.2,
              20,
              2000);
      Written written =
          WrittenFiles.write(folder.resolve(dictionary + ".parquet"), kinds, options, random);
      for (long limit = 1 << 12; limit < 4 << 20; limit += 1 + random.nextInt(1 << 17)) {
        try (BufferAllocator small = allocator.newChildAllocator("small", 0, limit)) {
          Reads.all(written.path(), written.types(), small, 300);
        } catch (OutOfMemoryException e) {
          failed++;
        }
        assertEquals(0, allocator.getAllocatedMemory(), "seed " + seed + " limit " + limit);
      }
    }
    assertTrue(failed > 3);
  }
}
