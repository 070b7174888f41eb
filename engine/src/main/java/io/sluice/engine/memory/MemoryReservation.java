package io.sluice.engine.memory;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Bytes of heap structures, counted by an allocator as if they were its own: reserve before
 * growing. Used by one thread at a time. Must be closed before its allocator.
 */
public final class MemoryReservation implements AutoCloseable {
  private final BufferAllocator allocator;
  private long bytes;

  public MemoryReservation(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  public long bytes() {
    return bytes;
  }

  /**
   * Reserves more.
   *
   * @throws OutOfMemoryException where the limit does not allow it; nothing is reserved then
   */
  public void add(long more) {
    if (more == 0) {
      return;
    }
    allocator.getListener().onPreAllocation(more);
    // A failing force would count for a moment and could fail others.
    if (allocator.getHeadroom() < more || !force(more)) {
      throw new OutOfMemoryException(
          "Unable to reserve " + more + " bytes with " + allocator.getName());
    }
    bytes += more;
  }

  private boolean force(long more) {
    if (allocator.forceAllocate(more)) {
      return true;
    }
    allocator.releaseBytes(more);
    return false;
  }

  /** Reserves or gives back, so that {@code total} bytes are held. */
  public void resize(long total) {
    if (total > bytes) {
      add(total - bytes);
    } else if (total < bytes) {
      allocator.releaseBytes(bytes - total);
      bytes = total;
    }
  }

  @Override
  public void close() {
    resize(0);
  }
}
