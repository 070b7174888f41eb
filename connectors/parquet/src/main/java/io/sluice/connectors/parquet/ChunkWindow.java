package io.sluice.connectors.parquet;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * The part of a column chunk's compressed bytes that is in memory: little more than the page that
 * is being decompressed, so that a reader that waits costs little.
 */
final class ChunkWindow implements AutoCloseable {
  // Many small pages at once, or the head of a large one; larger windows are not kept.
  private static final int READ = (128 << 10) - PageMemory.SLACK;

  private final ParquetInput input;
  private final PageMemory memory;
  private final long end;
  private final boolean sparse;
  private @Nullable ArrowBuf buffer;
  private long start;
  private long filled;

  /**
   * Bytes of the file before {@code end}.
   *
   * @param sparse whether much is skipped, so that nothing is read ahead
   */
  ChunkWindow(ParquetInput input, PageMemory memory, long end, boolean sparse) {
    this.input = input;
    this.memory = memory;
    this.end = end;
    this.sparse = sparse;
  }

  /**
   * Makes {@code length} bytes of the file from {@code offset} on present; they stay as they are
   * while anyone holds a reference to the buffer.
   *
   * @return where they begin in {@link #buffer}
   */
  long require(long offset, long length) {
    assert length <= end - offset;
    if (buffer != null && offset >= start && offset + length <= start + filled) {
      return offset - start;
    }
    long size = sparse ? length : Math.max(length, Math.min(READ, end - offset));
    ArrowBuf fresh = memory.take(size);
    long kept = 0;
    try {
      ArrowBuf old = buffer;
      if (old != null && offset >= start && offset < start + filled) {
        kept = Math.min(size, start + filled - offset);
        fresh.setBytes(0, old, offset - start, kept);
      }
      input.readFully(offset + kept, size - kept, fresh, kept);
    } catch (RuntimeException | Error failure) {
      memory.give(fresh);
      throw failure;
    }
    if (buffer != null) {
      memory.give(buffer);
    }
    buffer = fresh;
    start = offset;
    filled = size;
    return 0;
  }

  /** Holds what was last required. */
  ArrowBuf buffer() {
    ArrowBuf present = buffer;
    if (present == null) {
      throw new IllegalStateException("nothing was read");
    }
    return present;
  }

  /** Lets go of a large window once its page is decompressed: a reader has many columns. */
  void trim() {
    if (filled > READ) {
      close();
    }
  }

  @Override
  public void close() {
    if (buffer != null) {
      memory.give(buffer);
      buffer = null;
    }
  }
}
