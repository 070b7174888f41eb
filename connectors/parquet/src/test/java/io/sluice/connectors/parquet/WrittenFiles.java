package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Files of every type by parquet-java's writer, and what they hold. */
final class WrittenFiles {
  private WrittenFiles() {}

  /** How a file is written. */
  record Options(
      CompressionCodecName codec,
      ParquetProperties.WriterVersion version,
      boolean dictionary,
      boolean split,
      int pageSize,
      double nulls,
      int distinct,
      int rows) {}

  /** A written file. */
  record Written(Path path, List<SqlType> types, List<List<@Nullable Object>> rows) {}

  /** Writes a file with all kinds; where there are no NULLs every other column is required. */
  static Written write(Path path, List<WrittenColumns.Kind> kinds, Options options, Random random)
      throws IOException {
    return write(path, kinds, options, random, random.nextBoolean());
  }

  static Written write(
      Path path, List<WrittenColumns.Kind> kinds, Options options, Random random, boolean checksums)
      throws IOException {
    List<org.apache.parquet.schema.Type> fields = new ArrayList<>();
    List<List<WrittenColumns.Cell>> pools = new ArrayList<>();
    for (int k = 0; k < kinds.size(); k++) {
      PrimitiveType type = kinds.get(k).type();
      boolean required = options.nulls() == 0 && k % 2 == 0;
      fields.add(required ? required(type) : type);
      List<WrittenColumns.Cell> pool = new ArrayList<>();
      for (int i = 0; i < options.distinct(); i++) {
        pool.add(kinds.get(k).draw().apply(random));
      }
      pools.add(pool);
    }
    MessageType schema = new MessageType("root", fields);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(path))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCodecFactory(new PlainCodecs())
            .withCompressionCodec(options.codec())
            .withPageWriteChecksumEnabled(checksums)
            .withWriterVersion(options.version())
            .withDictionaryEncoding(options.dictionary())
            .withByteStreamSplitEncoding(options.split())
            .withPageSize(options.pageSize())
            .withDictionaryPageSize(8 * options.pageSize())
            .withPageRowCountLimit(Math.max(1, options.rows() / 7))
            .withRowGroupRowCountLimit(Math.max(1, options.rows() * 2 / 3));
    try (ParquetWriter<Group> writer = builder.build()) {
      for (int i = 0; i < options.rows(); i++) {
        Group group = new SimpleGroup(schema);
        List<@Nullable Object> row = new ArrayList<>();
        for (int k = 0; k < kinds.size(); k++) {
          // Nulls come in clusters as well as alone.
          boolean absent =
              options.nulls() > 0
                  && (random.nextDouble() < options.nulls() || (i / 100 + k) % 5 == 0);
          WrittenColumns.Cell cell =
              options.distinct() > 0
                  ? pools.get(k).get(random.nextInt(options.distinct()))
                  : kinds.get(k).draw().apply(random);
          if (!absent) {
            put(group, kinds.get(k).name(), cell.stored());
          }
          row.add(absent ? null : cell.expected());
        }
        writer.write(group);
        rows.add(row);
      }
    }
    return new Written(path, kinds.stream().map(WrittenColumns.Kind::sql).toList(), rows);
  }

  private static PrimitiveType required(PrimitiveType type) {
    var builder = Types.primitive(type.getPrimitiveTypeName(), Repetition.REQUIRED);
    if (type.getTypeLength() > 0) {
      builder = builder.length(type.getTypeLength());
    }
    if (type.getLogicalTypeAnnotation() != null) {
      builder = builder.as(type.getLogicalTypeAnnotation());
    }
    return builder.named(type.getName());
  }

  private static void put(Group group, String name, Object stored) {
    switch (stored) {
      case Integer v -> group.add(name, v);
      case Long v -> group.add(name, v);
      case Float v -> group.add(name, v);
      case Double v -> group.add(name, v);
      case Boolean v -> group.add(name, v);
      case Binary v -> group.add(name, v);
      default -> throw new AssertionError(stored);
    }
  }

  static boolean same(@Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof byte[] a && actual instanceof byte[] b) {
      return java.util.Arrays.equals(a, b);
    }
    return java.util.Objects.equals(expected, actual);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
