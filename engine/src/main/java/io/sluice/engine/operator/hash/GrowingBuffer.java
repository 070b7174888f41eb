package io.sluice.engine.operator.hash;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Bytes that grow by doubling and start as zero. Allocates nothing before it is first grown, so a
 * constructor that makes several cannot leak.
 */
public final class GrowingBuffer implements AutoCloseable {
  private static final long SMALLEST = 256;

  private final BufferAllocator allocator;
  private ArrowBuf buffer;

  public GrowingBuffer(BufferAllocator allocator) {
    this.allocator = allocator;
    this.buffer = allocator.getEmpty();
  }

  /** The bytes; another buffer after {@link #ensure} has grown it. */
  public ArrowBuf buffer() {
    return buffer;
  }

  public long capacity() {
    return buffer.capacity();
  }

  /**
   * Makes room for at least {@code bytes} and keeps what is there.
   *
   * @throws org.apache.arrow.memory.OutOfMemoryException where the limit does not allow it
   */
  public ArrowBuf ensure(long bytes) {
    if (bytes > buffer.capacity()) {
      grow(bytes);
    }
    return buffer;
  }

  private void grow(long bytes) {
    long old = buffer.capacity();
    ArrowBuf larger = allocator.buffer(Math.max(SMALLEST, Math.max(bytes, old * 2)));
    if (old > 0) {
      larger.setBytes(0, buffer, 0, old);
    }
    larger.setZero(old, larger.capacity() - old);
    buffer.close();
    buffer = larger;
  }

  /** Gives the bytes back and starts again with none. */
  @Override
  public void close() {
    buffer.close();
    buffer = allocator.getEmpty();
  }
}
