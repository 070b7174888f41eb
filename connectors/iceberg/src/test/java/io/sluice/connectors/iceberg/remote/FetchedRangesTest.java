package io.sluice.connectors.iceberg.remote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.connectors.parquet.ParquetInput;
import io.sluice.connectors.parquet.ParquetInput.Range;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.testing.AllocatorExtension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class FetchedRangesTest {
  private static final int LENGTH = 30 << 20;

  private final byte[] content = new byte[LENGTH];
  private final List<Range> reads = Collections.synchronizedList(new ArrayList<>());
  private final ReadPool pool = new ReadPool();
  private volatile int failures;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  FetchedRangesTest() {
    new Random(42).nextBytes(content);
  }

  @AfterEach
  void stop() {
    gate.countDown();
    pool.close();
  }

  private ParquetInput view(BufferAllocator allocator) {
    return new RemoteParquetInput(new File(), LENGTH, pool, this).forReader(allocator);
  }

  private byte[] read(ParquetInput input, BufferAllocator allocator, long offset, int length) {
    byte[] bytes = new byte[length];
    try (ArrowBuf buffer = allocator.buffer(Math.max(1, length))) {
      input.readFully(offset, length, buffer, 0);
      buffer.getBytes(0, bytes);
    }
    return bytes;
  }

  private static void await(ParquetInput input, List<Range> ranges) {
    CompletableFuture<?> until = input.prefetch(ranges);
    if (until != null) {
      until.join();
    }
  }

  @Test
  void rangesAreJoinedAndCutAndEachReadOnce(BufferAllocator allocator) {
    try (ParquetInput input = view(allocator)) {
      List<Range> ranges =
          List.of(new Range(20 << 20, 9 << 20), new Range(0, 1000), new Range(500_000, 1000));
      await(input, ranges);
      await(input, ranges);
      assertEquals(3, reads.size(), () -> reads.toString());
      assertTrue(reads.contains(new Range(0, 501_000)), () -> reads.toString());
      assertTrue(reads.stream().allMatch(each -> each.length() <= 8 << 20));
      int at = 20 << 20;
      assertArrayEquals(
          Arrays.copyOfRange(content, at + 5, at + 5 + (8 << 20)),
          read(input, allocator, at + 5, 8 << 20));
      assertEquals(3, reads.size());
      // what was not announced is read all the same
      assertArrayEquals(
          Arrays.copyOfRange(content, 3_000_000, 3_000_100),
          read(input, allocator, 3_000_000, 100));
      assertEquals(4, reads.size());
    }
  }

  @Test
  void brokenConnectionsAreTriedAgain(BufferAllocator allocator) {
    failures = 2;
    try (ParquetInput input = view(allocator)) {
      await(input, List.of(new Range(100, 100)));
      assertArrayEquals(Arrays.copyOfRange(content, 100, 200), read(input, allocator, 100, 100));
      assertEquals(3, reads.size());
    }
  }

  @Test
  void aFailureIsThatOfTheRead(BufferAllocator allocator) {
    failures = Integer.MAX_VALUE;
    try (ParquetInput input = view(allocator)) {
      await(input, List.of(new Range(100, 100)));
      EngineException failure =
          assertThrows(EngineException.class, () -> read(input, allocator, 100, 100));
      assertEquals(ErrorCode.STORAGE_ERROR, failure.code());
      assertTrue(String.valueOf(failure.getMessage()).contains("mem://file"));
    }
  }

  @Test
  void aReaderThatEndsEarlyLeavesNothingBehind(BufferAllocator allocator) {
    gate = new CountDownLatch(1);
    CompletableFuture<?> until;
    try (ParquetInput input = view(allocator)) {
      until = input.prefetch(List.of(new Range(0, LENGTH)));
    }
    assertEquals(0, allocator.getAllocatedMemory());
    gate.countDown();
    if (until != null) {
      until.join();
    }
  }

  private final class File implements InputFile {
    @Override
    public long getLength() {
      return LENGTH;
    }

    @Override
    public String location() {
      return "mem://file";
    }

    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public SeekableInputStream newStream() {
      return new Stream();
    }
  }

  private final class Stream extends SeekableInputStream implements RangeReadable {
    @Override
    public void readFully(long position, byte[] target, int offset, int length) throws IOException {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      reads.add(new Range(position, length));
      if (failures > 0) {
        failures--;
        throw new IOException("reset");
      }
      System.arraycopy(content, (int) position, target, offset, length);
    }

    @Override
    public int readTail(byte[] target, int offset, int length) {
      throw new AssertionError();
    }

    @Override
    public long getPos() {
      throw new AssertionError();
    }

    @Override
    public void seek(long position) {
      throw new AssertionError();
    }

    @Override
    public int read() {
      throw new AssertionError();
    }
  }
}
