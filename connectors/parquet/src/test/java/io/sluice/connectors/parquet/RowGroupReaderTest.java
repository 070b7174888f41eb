package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.parquet.WrittenColumns.Kind;
import io.sluice.connectors.parquet.WrittenFiles.Options;
import io.sluice.connectors.parquet.WrittenFiles.Written;
import io.sluice.engine.testing.AllocatorExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Every type, encoding, codec and page version against what was written. */
@ExtendWith(AllocatorExtension.class)
final class RowGroupReaderTest {
  private static final List<CompressionCodecName> CODECS =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.ZSTD,
          CompressionCodecName.GZIP,
          CompressionCodecName.LZ4,
          CompressionCodecName.LZ4_RAW);

  @Test
  void allTypesAndEncodings(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Kind> kinds = WrittenColumns.kinds();
    int file = 0;
    for (WriterVersion version : WriterVersion.values()) {
      for (boolean dictionary : new boolean[] {true, false}) {
        for (double nulls : new double[] {0, 0.3}) {
          for (int distinct : new int[] {0, 37}) {
            Options options =
                new Options(
                    CODECS.get(file % CODECS.size()),
                    version,
                    dictionary,
                    random.nextInt(3) == 0,
                    1 << (9 + random.nextInt(5)),
                    nulls,
                    distinct,
                    1500 + random.nextInt(1000));
            Path path = folder.resolve(file++ + ".parquet");
            Written written = WrittenFiles.write(path, kinds, options, random);
            check(written, kinds, allocator, random, "seed " + seed + " " + options);
          }
        }
      }
    }
  }

  private static void check(
      Written written, List<Kind> kinds, BufferAllocator allocator, Random random, String what) {
    for (int batchRows : new int[] {8192, 333, 1 + random.nextInt(100)}) {
      List<List<@Nullable Object>> read =
          Reads.all(written.path(), written.types(), allocator, batchRows);
      assertRows(written.rows(), read, kinds, what);
    }
    assertEquals(0, allocator.getAllocatedMemory());
    fetch(written, kinds, allocator, random, what);
  }

  private static void fetch(
      Written written, List<Kind> kinds, BufferAllocator allocator, Random random, String what) {
    try (ParquetFile opened = Reads.open(written.path(), allocator)) {
      // Files of other writers have no offset index.
      ParquetFile file = random.nextBoolean() ? opened : Reads.withoutIndex(opened);
      for (int g = 0; g < file.metadata().rowGroups().size(); g++) {
        ParquetMetadata.RowGroup group = file.metadata().rowGroups().get(g);
        for (double density : new double[] {0.001, 0.02, 0.5, 1}) {
          int[] rows =
              random
                  .ints(0, (int) group.rowCount())
                  .limit((int) (group.rowCount() * density))
                  .sorted()
                  .distinct()
                  .toArray();
          List<List<@Nullable Object>> expected = new ArrayList<>();
          for (int row : rows) {
            expected.add(written.rows().get((int) group.firstRow() + row));
          }
          try (RowGroupReader reader =
              RowGroupReader.fetch(
                  file,
                  g,
                  Reads.requests(file, written.types()),
                  rows,
                  allocator,
                  1 + random.nextInt(500))) {
            assertRows(expected, Reads.drain(reader), kinds, what + " fetch");
          }
        }
      }
    }
  }

  static void assertRows(
      List<List<@Nullable Object>> expected,
      List<List<@Nullable Object>> read,
      List<Kind> kinds,
      String what) {
    assertEquals(expected.size(), read.size(), what);
    for (int i = 0; i < expected.size(); i++) {
      for (int k = 0; k < kinds.size(); k++) {
        Object wanted = expected.get(i).get(k);
        Object got = read.get(i).get(k);
        String at = what + " row " + i + " column " + kinds.get(k).name();
        assertTrue(WrittenFiles.same(wanted, got), () -> at + ": " + wanted + " but " + got);
      }
    }
  }
}
