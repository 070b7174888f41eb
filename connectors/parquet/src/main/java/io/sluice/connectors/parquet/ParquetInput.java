package io.sluice.connectors.parquet;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** The bytes of one Parquet file. Safe for use by several threads. */
public interface ParquetInput extends AutoCloseable {
  /** For messages; holds no secret. */
  String path();

  /** Bytes of the file. */
  long length();

  /**
   * Copies {@code length} bytes from {@code offset} of the file to {@code targetOffset} of {@code
   * target}.
   *
   * @throws io.sluice.engine.EngineException CORRUPT_FILE where the file ends before, STORAGE_ERROR
   *     where it cannot be read
   */
  void readFully(long offset, long length, ArrowBuf target, long targetOffset);

  /**
   * Announces ranges that will be read soon, ascending. Inputs that would block in {@link
   * #readFully} begin to fetch them and return what to wait for; null means that reads may start.
   */
  default @Nullable CompletableFuture<?> prefetch(List<Range> ranges) {
    return null;
  }

  /**
   * The same bytes for one reader, which closes it: an input whose reads would block gives one that
   * keeps in memory what is announced to it.
   *
   * @param allocator of that memory
   */
  default ParquetInput forReader(BufferAllocator allocator) {
    return this;
  }

  @Override
  void close();

  /** Bytes {@code offset} to {@code offset + length} of the file. */
  record Range(long offset, long length) {}
}
