package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.connectors.parquet.NestedShapes.Shape;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Lists, maps and rows in every form, against what was written. */
@ExtendWith(AllocatorExtension.class)
final class NestedColumnsTest {
  private static final int ROWS = 600;

  /** A file and what it holds. */
  private record Written(Path path, List<Shape> shapes, List<List<@Nullable Object>> rows) {
    List<ColumnRequest> requests(ParquetFile file) {
      List<ColumnRequest> requests = new ArrayList<>();
      for (Type column : file.metadata().schema().getFields()) {
        for (Shape shape : shapes) {
          if (shape.type().getName().equals(column.getName())) {
            requests.add(
                NestedColumns.request(
                    file.metadata(), column, WantedField.named(column.getName(), shape.sql())));
          }
        }
      }
      return requests;
    }
  }

  private static Written write(Path path, Random random, WriterVersion version, int columns)
      throws IOException {
    NestedShapes generator = new NestedShapes(random);
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      shapes.add(generator.column("c" + i));
    }
    MessageType schema = new MessageType("root", shapes.stream().map(Shape::type).toList());
    List<List<@Nullable Object>> rows = new ArrayList<>();
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCodecFactory(new PlainCodecs())
            .withCompressionCodec(
                random.nextBoolean()
                    ? CompressionCodecName.ZSTD
                    : CompressionCodecName.UNCOMPRESSED)
            .withPageWriteChecksumEnabled(false)
            .withWriterVersion(version)
            .withDictionaryEncoding(random.nextBoolean())
            .withPageSize(100 + random.nextInt(2000))
            .withPageRowCountLimit(1 + random.nextInt(300))
            .withRowGroupRowCountLimit(ROWS * 2 / 3);
    try (ParquetWriter<Group> writer = builder.build()) {
      for (int i = 0; i < ROWS; i++) {
        Group group = new SimpleGroup(schema);
        List<@Nullable Object> row = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
          row.add(shapes.get(c).draw().into(group, c));
        }
        writer.write(group);
        rows.add(row);
      }
    }
    return new Written(path, shapes, rows);
  }

  private static List<List<@Nullable Object>> read(
      Written written, Path path, BufferAllocator allocator, int batchRows) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (ParquetFile file = Reads.open(path, allocator)) {
      List<ColumnRequest> requests = written.requests(file);
      for (int g = 0; g < file.metadata().rowGroups().size(); g++) {
        try (RowGroupReader reader = RowGroupReader.open(file, g, requests, allocator, batchRows)) {
          rows.addAll(Reads.drain(reader));
        }
      }
    }
    return rows;
  }

  private static void same(
      Written written,
      List<List<@Nullable Object>> expected,
      List<List<@Nullable Object>> read,
      String what) {
    assertEquals(expected.size(), read.size(), what);
    for (int i = 0; i < expected.size(); i++) {
      for (int c = 0; c < written.shapes().size(); c++) {
        if (!java.util.Objects.equals(expected.get(i).get(c), read.get(i).get(c))) {
          assertEquals(
              expected.get(i).get(c),
              read.get(i).get(c),
              what + " row " + i + " of " + written.shapes().get(c).type());
        }
      }
    }
  }

  @Test
  void randomShapes(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    long seed = Long.getLong("nested.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int file = 0; file < 12; file++) {
      String what = "seed " + seed + " file " + file;
      WriterVersion version = WriterVersion.values()[file % 2];
      Written written = write(folder.resolve(file + ".parquet"), random, version, 5);
      for (int batchRows : new int[] {8192, 1 + random.nextInt(100)}) {
        same(
            written,
            written.rows(),
            read(written, written.path(), allocator, batchRows),
            what + " batch " + batchRows);
      }
      fetch(written, allocator, random, what);
      assertEquals(0, allocator.getAllocatedMemory(), what);
    }
  }

  private static void fetch(
      Written written, BufferAllocator allocator, Random random, String what) {
    try (ParquetFile file = Reads.open(written.path(), allocator)) {
      for (int g = 0; g < file.metadata().rowGroups().size(); g++) {
        ParquetMetadata.RowGroup group = file.metadata().rowGroups().get(g);
        int[] rows =
            random
                .ints(0, (int) group.rowCount())
                .limit(1 + random.nextInt(200))
                .sorted()
                .distinct()
                .toArray();
        List<List<@Nullable Object>> expected = new ArrayList<>();
        for (int row : rows) {
          expected.add(written.rows().get((int) group.firstRow() + row));
        }
        try (RowGroupReader reader =
            RowGroupReader.fetch(
                file, g, written.requests(file), rows, allocator, 1 + random.nextInt(300))) {
          same(written, expected, Reads.drain(reader), what + " fetch");
        }
      }
    }
  }

  @Test
  void damagedPagesAreNamed(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    long seed = Long.getLong("nested.seed", System.nanoTime());
    Random random = new Random(seed);
    Path bad = folder.resolve("bad.parquet");
    for (int file = 0; file < 6; file++) {
      Written written =
          write(folder.resolve("good.parquet"), random, WriterVersion.values()[file % 2], 4);
      byte[] good = Files.readAllBytes(written.path());
      for (int trial = 0; trial < 80; trial++) {
        byte[] bytes = good.clone();
        int from = trial % 3 == 0 ? bytes.length * 9 / 10 : 0;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt();
        }
        Files.write(
            bad, trial % 10 == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes);
        String what = "seed " + seed + " file " + file + " trial " + trial;
        try {
          read(written, bad, allocator, 100);
        } catch (EngineException e) {
          assertTrue(String.valueOf(e.getMessage()).contains("bad.parquet"), e.getMessage());
          assertTrue(e.code() != ErrorCode.INTERNAL, e.getMessage());
        } catch (RuntimeException | Error e) {
          fail(what, e);
        }
        assertEquals(0, allocator.getAllocatedMemory(), what);
      }
      Files.delete(written.path());
    }
  }

  @Test
  void freesEverythingWhenMemoryEnds(@TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    long seed = Long.getLong("nested.seed", System.nanoTime());
    Random random = new Random(seed);
    Written written = write(folder.resolve("t.parquet"), random, WriterVersion.PARQUET_1_0, 5);
    int failed = 0;
    for (long limit = 1 << 10; limit < 4 << 20; limit += 1 + random.nextInt(1 << 16)) {
      try (BufferAllocator small = allocator.newChildAllocator("small", 0, limit)) {
        read(written, written.path(), small, 300);
      } catch (OutOfMemoryException e) {
        failed++;
      }
      assertEquals(0, allocator.getAllocatedMemory(), "seed " + seed + " limit " + limit);
    }
    assertTrue(failed > 3, "seed " + seed);
  }

  private static ColumnRequest request(ParquetFile file, SqlType type) {
    return NestedColumns.request(
        file.metadata(), file.metadata().schema().getType(0), WantedField.named("c", type));
  }

  private static void duckdb(Path path, String select) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (" + select + ") TO '" + path + "' (FORMAT parquet)");
    }
  }

  private static SqlType row(Object... namesAndTypes) {
    List<SqlType.Row.Field> fields = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      fields.add(new SqlType.Row.Field((String) namesAndTypes[i], (SqlType) namesAndTypes[i + 1]));
    }
    return new SqlType.Row(fields);
  }

  @Test
  void duckdbFilesAndFieldsThatAreAbsentOrWider(@TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    Path path = folder.resolve("t.parquet");
    duckdb(
        path,
        """
        SELECT CASE WHEN i % 5 = 4 THEN NULL ELSE {'a': i::INTEGER, 'l': CASE i % 4 WHEN 0 THEN NULL
          WHEN 1 THEN [] ELSE [{'k': 'x' || i}, NULL] END,
          'm': MAP {i: [NULL, i::VARCHAR]}} END AS c FROM range(10000) t(i)
        """);
    SqlType wanted =
        row(
            "m",
            new SqlType.Map(SqlType.BIGINT, new SqlType.Array(SqlType.VARCHAR)),
            "l",
            new SqlType.Array(row("new", new SqlType.Array(SqlType.DATE), "k", SqlType.VARCHAR)),
            "gone",
            SqlType.DOUBLE,
            "a",
            SqlType.BIGINT);
    try (ParquetFile file = Reads.open(path, allocator);
        RowGroupReader reader =
            RowGroupReader.open(file, 0, List.of(request(file, wanted)), allocator, 777)) {
      List<List<@Nullable Object>> rows = Reads.drain(reader);
      assertEquals(10000, rows.size());
      for (int i = 0; i < rows.size(); i++) {
        assertEquals(expected(i), rows.get(i).getFirst(), "row " + i);
      }
    }
    SqlType onlyNew = new SqlType.Array(row("new", SqlType.INTEGER));
    try (ParquetFile file = Reads.open(path, allocator);
        RowGroupReader reader =
            RowGroupReader.open(
                file, 0, List.of(request(file, row("l", onlyNew))), allocator, 777)) {
      List<List<@Nullable Object>> rows = Reads.drain(reader);
      assertEquals("[[]]", String.valueOf(rows.get(1).getFirst()));
      assertEquals("[[[null], null]]", String.valueOf(rows.get(2).getFirst()));
      assertEquals("null", String.valueOf(rows.get(4).getFirst()));
      assertEquals("[null]", String.valueOf(rows.get(8).getFirst()));
    }
  }

  private static @Nullable Object expected(int i) {
    if (i % 5 == 4) {
      return null;
    }
    List<@Nullable Object> list = new ArrayList<>();
    if (i % 4 > 1) {
      list.add(Arrays.asList(null, "x" + i));
      list.add(null);
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    map.put((long) i, Arrays.asList(null, "" + i));
    return Arrays.asList(map, i % 4 == 0 ? null : list, null, (long) i);
  }

  @Test
  void whatCannotBeReadIsNamed(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    Path path = folder.resolve("t.parquet");
    duckdb(path, "SELECT [{'a': 1}] AS c");
    for (SqlType wanted :
        List.of(
            row("a", SqlType.INTEGER),
            new SqlType.Map(SqlType.VARCHAR, SqlType.INTEGER),
            new SqlType.Array(SqlType.INTEGER),
            new SqlType.Array(row("a", new SqlType.Array(SqlType.INTEGER))),
            new SqlType.Array(row("a", SqlType.DATE)))) {
      try (ParquetFile file = Reads.open(path, allocator)) {
        EngineException e =
            assertThrows(
                EngineException.class,
                () ->
                    RowGroupReader.open(file, 0, List.of(request(file, wanted)), allocator, 9)
                        .close());
        assertEquals(ErrorCode.UNSUPPORTED, e.code());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("column c") && message.contains("t.parquet"), message);
        assertTrue(message.contains("cannot be read as"), message);
      }
    }
  }
}
