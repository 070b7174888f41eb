package io.sluice.connectors.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Buffers for the pages of one row group reader. A buffer that comes back with no other user is
 * kept for the next page, which saves the operating system's clearing of fresh memory.
 */
final class PageMemory implements AutoCloseable {
  /** Readable bytes behind the last one of every page: decoders load whole words. */
  static final int SLACK = 32;

  private static final int MAX_SPARE = 4;
  private static final long MAX_SPARE_BYTES = 8L << 20;

  private final BufferAllocator allocator;
  private final List<ArrowBuf> spare = new ArrayList<>();
  private long spareBytes;

  PageMemory(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  BufferAllocator allocator() {
    return allocator;
  }

  /** A buffer for {@code bytes} bytes and the slack, with one reference that is the caller's. */
  ArrowBuf take(long bytes) {
    long size = bytes + SLACK;
    int best = -1;
    for (int i = 0; i < spare.size(); i++) {
      long capacity = spare.get(i).capacity();
      if (capacity >= size && (best < 0 || capacity < spare.get(best).capacity())) {
        best = i;
      }
    }
    if (best >= 0) {
      ArrowBuf found = spare.remove(best);
      spareBytes -= found.capacity();
      return found;
    }
    return allocator.buffer(size);
  }

  /** Gives one reference back. */
  void give(ArrowBuf buffer) {
    if (buffer.refCnt() > 1) {
      buffer.getReferenceManager().release();
      return;
    }
    spare.add(buffer);
    spareBytes += buffer.capacity();
    while (spare.size() > MAX_SPARE || spareBytes > MAX_SPARE_BYTES) {
      ArrowBuf oldest = spare.removeFirst();
      spareBytes -= oldest.capacity();
      oldest.getReferenceManager().release();
    }
  }

  @Override
  public void close() {
    spare.forEach(buffer -> buffer.getReferenceManager().release());
    spare.clear();
    spareBytes = 0;
  }
}
