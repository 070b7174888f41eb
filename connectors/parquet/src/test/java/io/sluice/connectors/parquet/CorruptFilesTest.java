package io.sluice.connectors.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.connectors.parquet.WrittenColumns.Kind;
import io.sluice.connectors.parquet.WrittenFiles.Options;
import io.sluice.connectors.parquet.WrittenFiles.Written;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Damaged files give right rows or an error that names the file, and leave no byte. */
@ExtendWith(AllocatorExtension.class)
final class CorruptFilesTest {
  private static final int TRIALS = 150;

  @Test
  void flippedBytesAndCutEnds(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Kind> kinds = WrittenColumns.kinds();
    for (WriterVersion version : WriterVersion.values()) {
      for (CompressionCodecName codec :
          List.of(
              CompressionCodecName.UNCOMPRESSED,
              CompressionCodecName.SNAPPY,
              CompressionCodecName.ZSTD,
              CompressionCodecName.LZ4_RAW)) {
        for (boolean dictionary : new boolean[] {true, false}) {
          Options options = new Options(codec, version, dictionary, dictionary, 700, 0.2, 20, 300);
          Written written =
              WrittenFiles.write(folder.resolve("good.parquet"), kinds, options, random, false);
          damage(written, folder.resolve("bad.parquet"), allocator, random, seed + " " + options);
          Files.delete(written.path());
        }
      }
    }
  }

  private static void damage(
      Written written, Path bad, BufferAllocator allocator, Random random, String what)
      throws Exception {
    byte[] good = Files.readAllBytes(written.path());
    for (int trial = 0; trial < TRIALS; trial++) {
      byte[] bytes = good.clone();
      if (trial % 10 == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      } else {
        int from = trial % 3 == 0 ? bytes.length * 9 / 10 : 0;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          bytes[from + random.nextInt(bytes.length - from)] = (byte) random.nextInt();
        }
      }
      Files.write(bad, bytes);
      try (ParquetFile file = Reads.open(bad, allocator)) {
        if (file.metadata().columns().size() == written.types().size()) {
          Reads.all(bad, written.types(), allocator, 100);
        }
      } catch (EngineException e) {
        assertTrue(String.valueOf(e.getMessage()).contains("bad.parquet"), e.getMessage());
        assertTrue(e.code() != ErrorCode.INTERNAL, e.getMessage());
      } catch (RuntimeException | Error e) {
        fail("seed " + what + " trial " + trial, e);
      }
      assertEquals(0, allocator.getAllocatedMemory(), "seed " + what + " trial " + trial);
    }
  }

  @Test
  void checksumsFindEveryFlippedBit(@TempDir Path folder, BufferAllocator allocator)
      throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Kind> kinds = WrittenColumns.kinds();
    Options options =
        new Options(
            CompressionCodecName.UNCOMPRESSED,
            WriterVersion.PARQUET_1_0,
            true,
            false,
            700,
            0.2,
            20,
            300);
    Written written =
        WrittenFiles.write(folder.resolve("good.parquet"), kinds, options, random, true);
    byte[] good = Files.readAllBytes(written.path());
    List<ParquetInput.Range> bodies = bodies(written.path(), allocator);
    Path bad = folder.resolve("bad.parquet");
    for (int trial = 0; trial < TRIALS; trial++) {
      byte[] bytes = good.clone();
      ParquetInput.Range body = bodies.get(random.nextInt(bodies.size()));
      int at = (int) (body.offset() + random.nextLong(body.length()));
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(bad, bytes);
      EngineException e =
          assertThrows(
              EngineException.class,
              () -> Reads.all(bad, written.types(), allocator, 100),
              "seed " + seed + " byte " + at);
      assertEquals(ErrorCode.CORRUPT_FILE, e.code());
      assertTrue(String.valueOf(e.getMessage()).contains("checksum"), e.getMessage());
    }
  }

  /** Where the pages lie without their headers, which no checksum covers. */
  private static List<ParquetInput.Range> bodies(Path path, BufferAllocator allocator) {
    List<ParquetInput.Range> bodies = new ArrayList<>();
    try (ParquetFile file = Reads.open(path, allocator);
        ArrowBuf bytes = allocator.buffer(file.input().length())) {
      file.input().readFully(0, file.input().length(), bytes, 0);
      PageHeader header = new PageHeader();
      for (ParquetMetadata.RowGroup group : file.metadata().rowGroups()) {
        for (ParquetMetadata.ColumnChunk chunk : group.chunks()) {
          long at = chunk.offset();
          while (at < chunk.offset() + chunk.compressedBytes()) {
            long address = bytes.memoryAddress();
            at += header.parse(address + at, address + bytes.capacity());
            if (header.compressedSize > 0) {
              bodies.add(new ParquetInput.Range(at, header.compressedSize));
            }
            at += header.compressedSize;
          }
        }
      }
    }
    return bodies;
  }

  @Test
  void saysWhatIsWrong(@TempDir Path folder, BufferAllocator allocator) throws Exception {
    Path path = folder.resolve("x.parquet");
    assertMessage(path, allocator, ErrorCode.STORAGE_ERROR, "does not exist");
    Files.write(path, new byte[3]);
    assertMessage(path, allocator, ErrorCode.CORRUPT_FILE, "too short");
    Files.write(path, new byte[300]);
    assertMessage(path, allocator, ErrorCode.CORRUPT_FILE, "PAR1");
    byte[] long_ = new byte[300];
    System.arraycopy("\377\377\0\0PAR1".getBytes("ISO-8859-1"), 0, long_, 292, 8);
    Files.write(path, long_);
    assertMessage(path, allocator, ErrorCode.CORRUPT_FILE, "footer of 65535 bytes");
    System.arraycopy("PARE".getBytes("ISO-8859-1"), 0, long_, 296, 4);
    Files.write(path, long_);
    assertMessage(path, allocator, ErrorCode.UNSUPPORTED, "encrypted");
  }

  private static void assertMessage(
      Path path, BufferAllocator allocator, ErrorCode code, String part) {
    EngineException e =
        assertThrows(
            EngineException.class, () -> Reads.all(path, List.<SqlType>of(), allocator, 10));
    assertEquals(code, e.code());
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(part) && message.contains("x.parquet"), message);
  }
}
