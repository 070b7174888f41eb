package io.sluice.engine.memory;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.AllocationListener;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A query's share of the engine's memory. Buffers given to clients may outlive the query: the
 * allocator closes when the query has ended and the last of them is released.
 */
public final class QueryMemory implements AutoCloseable {
  private final BufferAllocator allocator;
  private final long limitBytes;
  private final AtomicInteger children = new AtomicInteger();
  private volatile boolean ended;
  private boolean closed;

  public QueryMemory(BufferAllocator root, String name, long limitBytes) {
    this.limitBytes = limitBytes;
    this.allocator =
        root.newChildAllocator(name, new CloseOnLastRelease(root.getListener()), 0, limitBytes);
  }

  /** Of everything that operators hand on. */
  public BufferAllocator allocator() {
    return allocator;
  }

  public long limitBytes() {
    return limitBytes;
  }

  /** An allocator for an operator's private state. The operator closes it. */
  public BufferAllocator child(String operator) {
    return allocator.newChildAllocator(
        operator + " #" + children.incrementAndGet(),
        allocator.getRoot().getListener(),
        0,
        limitBytes);
  }

  /** Bytes held now, by the query and by clients of its buffers. */
  public long allocatedBytes() {
    return allocator.getAllocatedMemory();
  }

  public long peakBytes() {
    return allocator.getPeakMemoryAllocation();
  }

  /** Ends the query's own use. All operators are closed. Idempotent. */
  @Override
  public void close() {
    ended = true;
    closeIfUnused();
  }

  /**
   * Closes where the query has ended and no buffer is left. Buffers that another allocator has
   * taken over are not reported as released, so this is also asked from time to time.
   *
   * @return whether this is closed
   */
  public synchronized boolean closeIfUnused() {
    if (ended && !closed && allocator.getAllocatedMemory() == 0) {
      closed = true;
      allocator.close();
    }
    return closed;
  }

  private final class CloseOnLastRelease implements AllocationListener {
    private final AllocationListener ofRoot;

    CloseOnLastRelease(AllocationListener ofRoot) {
      this.ofRoot = ofRoot;
    }

    @Override
    public void onPreAllocation(long size) {
      ofRoot.onPreAllocation(size);
    }

    @Override
    public void onRelease(long size) {
      if (ended) {
        closeIfUnused();
      }
    }
  }
}
