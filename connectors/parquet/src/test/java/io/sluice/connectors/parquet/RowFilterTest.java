package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.parquet.WrittenColumns.Kind;
import io.sluice.connectors.parquet.WrittenFiles.Options;
import io.sluice.connectors.parquet.WrittenFiles.Written;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are not read because of pages' bounds and dictionaries, and that none is missing. */
@ExtendWith(AllocatorExtension.class)
final class RowFilterTest {
  private static final List<String> COMPARISONS = List.of("eq", "ne", "lt", "le", "gt", "ge");

  private static Expression compare(String function, int column, SqlType type, Object value) {
    return new Expression.Call(
        function,
        List.of(new Expression.InputRef(column, type), new Expression.Literal(value, type)),
        SqlType.BOOLEAN);
  }

  private static Expression call(String function, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), SqlType.BOOLEAN);
  }

  /** Rows by number within the row group. */
  private static Map<Long, List<@Nullable Object>> read(
      ParquetFile file,
      int group,
      List<ColumnRequest> requests,
      RowFilter.Chosen chosen,
      int batchRows,
      BufferAllocator allocator) {
    Map<Long, List<@Nullable Object>> rows = new TreeMap<>();
    try (RowGroupReader reader =
        RowGroupReader.open(file, group, requests, chosen.ranges(), allocator, batchRows)) {
      while (reader.poll() instanceof Poll.Ready(Batch batch)) {
        try (batch) {
          List<List<@Nullable Object>> own = Batches.rows(batch);
          for (int i = 0; i < own.size(); i++) {
            assertNull(rows.put(reader.firstRow() + i, own.get(i)));
          }
        }
      }
    }
    return rows;
  }

  @Test
  void noRowIsMissing(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    long seed = System.nanoTime();
    System.out.println("RowFilterTest seed " + seed);
    Random random = new Random(seed);
    List<Kind> kinds = WrittenColumns.kinds();
    long denied = 0;
    for (int f = 0; f < 6; f++) {
      Options options =
          new Options(
              CompressionCodecName.ZSTD,
              WriterVersion.values()[f % 2],
              f % 3 != 2,
              false,
              1 << (9 + random.nextInt(5)),
              f % 2 == 0 ? 0.2 : 0,
              f % 3 == 0 ? 5 : 40,
              3000);
      Written written = WrittenFiles.write(folder.resolve(f + ".parquet"), kinds, options, random);
      try (ParquetFile file = Reads.open(written.path(), allocator)) {
        for (int i = 0; i < 60; i++) {
          denied += check(file, written, kinds, random, allocator, "seed " + seed + " " + options);
        }
      }
    }
    assertTrue(denied > 0);
  }

  /** How many row groups a random filter excludes. */
  private static int check(
      ParquetFile file,
      Written written,
      List<Kind> kinds,
      Random random,
      BufferAllocator allocator,
      String what) {
    int column = random.nextInt(kinds.size());
    SqlType type = written.types().get(column);
    // of the file, or one like it
    Object value =
        random.nextInt(3) == 0
            ? kinds.get(column).draw().apply(random).expected()
            : written.rows().get(random.nextInt(written.rows().size())).get(column);
    if (value == null || type.isNested()) {
      return 0;
    }
    String function = COMPARISONS.get(random.nextInt(6));
    Expression filter = compare(function, column, type, value);
    List<ColumnRequest> requests = Reads.requests(file, written.types());
    int denied = 0;
    for (int g = 0; g < file.metadata().rowGroups().size(); g++) {
      ParquetMetadata.RowGroup group = file.metadata().rowGroups().get(g);
      RowFilter.Chosen chosen = RowFilter.choose(file, g, filter, requests, allocator);
      denied += chosen.isEmpty() ? 1 : 0;
      Map<Long, List<@Nullable Object>> rows =
          read(file, g, requests, chosen, 1 + random.nextInt(900), allocator);
      for (long r = 0; r < group.rowCount(); r++) {
        List<@Nullable Object> expected = written.rows().get((int) (group.firstRow() + r));
        List<@Nullable Object> own = rows.get(r);
        String at = what + " " + filter + " row " + r;
        if (own != null) {
          RowGroupReaderTest.assertRows(List.of(expected), List.of(own), kinds, at);
        } else {
          assertTrue(!holds(function, expected.get(column), value), at);
        }
      }
    }
    return denied;
  }

  private static boolean holds(String function, @Nullable Object value, Object other) {
    if (value == null) {
      return false;
    }
    int order =
        switch (value) {
          case Long a -> Long.compare(a, (Long) other);
          case Double a -> Double.compare(a + 0.0, (Double) other + 0.0);
          case BigDecimal a -> a.compareTo((BigDecimal) other);
          case Boolean a -> Boolean.compare(a, (Boolean) other);
          case byte[] a -> Arrays.compareUnsigned(a, (byte[]) other);
          case UUID a -> a.toString().compareTo(other.toString());
          case String a ->
              Arrays.compareUnsigned(WrittenFiles.utf8(a), WrittenFiles.utf8((String) other));
          default -> throw new AssertionError(value.getClass());
        };
    return switch (function) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "lt" -> order < 0;
      case "le" -> order <= 0;
      case "gt" -> order > 0;
      default -> order >= 0;
    };
  }

  private static final MessageType ORDERED =
      MessageTypeParser.parseMessageType(
          """
          message root {
            required int64 id;
            optional binary s (STRING);
            optional double x;
            required binary word (STRING);
          }
          """);
  private static final List<SqlType> TYPES =
      List.of(SqlType.BIGINT, SqlType.VARCHAR, SqlType.DOUBLE, SqlType.VARCHAR);

  /** 10,000 rows in pages of 500, in order; words are every other one of ten. */
  private static void writeOrdered(Path path) throws IOException {
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(ORDERED)
            .withCodecFactory(new PlainCodecs())
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withDictionaryEncoding(true)
            .withPageRowCountLimit(500);
    try (ParquetWriter<Group> writer = builder.build()) {
      for (int i = 0; i < 10_000; i++) {
        Group row = new SimpleGroup(ORDERED);
        row.add("id", (long) i);
        if (i / 1000 != 3) {
          row.add("s", String.format("a long beginning %05d", i));
        }
        row.add("x", i == 4_200 ? Double.NaN : i / 2.0);
        row.add("word", "w" + i % 10 * 2);
        writer.write(row);
      }
    }
  }

  @Test
  void pagesAndDictionariesAreUsed(@TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    Path path = folder.resolve("ordered.parquet");
    writeOrdered(path);
    try (ParquetFile file = Reads.open(path, allocator)) {
      Expression id = new Expression.InputRef(0, SqlType.BIGINT);
      expect(file, compare("eq", 0, SqlType.BIGINT, 1_234L), 1_000, 1_500, 19, allocator);
      expect(file, compare("lt", 0, SqlType.BIGINT, 500L), 0, 500, 19, allocator);
      expect(
          file,
          compare("ge", 1, SqlType.VARCHAR, "a long beginning 09700"),
          9_500,
          10_000,
          19,
          allocator);
      // the page of NULLs alone, and a NULL is no row to compare
      Expression absent = call("is_null", new Expression.InputRef(1, SqlType.VARCHAR));
      expect(file, absent, 3_000, 4_000, 18, allocator);
      // NaN is greater than all
      RowFilter.Chosen nan = choose(file, compare("gt", 2, SqlType.DOUBLE, 4_990.0), allocator);
      assertTrue(
          read(file, 0, Reads.requests(file, TYPES), nan, 8192, allocator).containsKey(4_200L));
      expect(
          file,
          call(
              "and",
              compare("ge", 0, SqlType.BIGINT, 2_000L),
              compare("lt", 2, SqlType.DOUBLE, 1_100.0)),
          2_000,
          2_500,
          -1,
          allocator);
      assertEquals(
          RowFilter.Chosen.class, choose(file, call("is_not_null", id), allocator).getClass());
      assertNull(choose(file, call("is_not_null", id), allocator).ranges());
      // within the bounds, but not in the dictionary
      assertTrue(choose(file, compare("eq", 3, SqlType.VARCHAR, "w11"), allocator).isEmpty());
      assertNull(choose(file, compare("eq", 3, SqlType.VARCHAR, "w10"), allocator).ranges());
      assertTrue(
          choose(
                  file,
                  call(
                      "or",
                      compare("eq", 3, SqlType.VARCHAR, "w11"),
                      compare("eq", 3, SqlType.VARCHAR, "w13")),
                  allocator)
              .isEmpty());
    }
  }

  private static RowFilter.Chosen choose(
      ParquetFile file, Expression filter, BufferAllocator allocator) {
    return RowFilter.choose(file, 0, filter, Reads.requests(file, TYPES), allocator);
  }

  private static void expect(
      ParquetFile file,
      Expression filter,
      long first,
      long end,
      long pagesSkipped,
      BufferAllocator allocator) {
    RowFilter.Chosen chosen = choose(file, filter, allocator);
    Map<Long, List<@Nullable Object>> rows =
        read(file, 0, Reads.requests(file, TYPES), chosen, 333, allocator);
    List<Long> numbers = new ArrayList<>(rows.keySet());
    assertEquals(end - first, numbers.size(), filter::toString);
    assertEquals(first, numbers.getFirst());
    assertEquals(end - 1, numbers.getLast());
    rows.forEach((number, row) -> assertEquals(number, row.getFirst()));
    if (pagesSkipped >= 0) {
      assertEquals(pagesSkipped, chosen.pagesSkipped(), filter::toString);
    }
  }
}
