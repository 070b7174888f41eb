package io.sluice.engine.memory;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OwnershipTransferResult;
import org.apache.arrow.memory.ReferenceManager;

/**
 * One piece of an allocator's memory in which several buffers lie. Where results are small, an
 * allocation for each of their buffers costs more than what goes into them. The piece is freed when
 * this is closed and the last of the buffers is released, in whatever order. Buffers are taken by
 * one thread; they are then as safe as any.
 */
public final class Slab implements AutoCloseable {
  private static final long ALIGNMENT = Long.BYTES;

  private final BufferAllocator allocator;
  private final ArrowBuf block;
  private final References references = new References();
  private long used;

  /**
   * @param bytes what the buffers take together, each rounded up by {@link #rounded}
   */
  public Slab(BufferAllocator allocator, long bytes) {
    this.allocator = allocator;
    this.block = allocator.buffer(Math.max(ALIGNMENT, bytes));
    block.setZero(0, block.capacity());
  }

  /** The room that a buffer of so many bytes takes. */
  public static long rounded(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * The next part, all zeros, to be used while this is open; who keeps it for longer retains it.
   */
  public ArrowBuf take(long bytes) {
    long room = rounded(bytes);
    if (room > block.capacity() - used) {
      throw new AssertionError(room + " bytes behind " + used + " of " + block.capacity());
    }
    ArrowBuf part = new ArrowBuf(references, null, room, block.memoryAddress() + used);
    used += room;
    return part;
  }

  /** Parts that were retained stay. Once only. */
  @Override
  public void close() {
    references.release();
  }

  /** Counts the parts that are in use here, and hands those that another allocator wants on. */
  private final class References implements ReferenceManager {
    private final AtomicInteger count = new AtomicInteger(1);

    @Override
    public int getRefCount() {
      return count.get();
    }

    @Override
    public boolean release() {
      return release(1);
    }

    @Override
    public boolean release(int decrement) {
      int left = count.addAndGet(-decrement);
      if (left < 0) {
        throw new IllegalStateException("a buffer was released more often than it was retained");
      }
      if (left == 0) {
        block.close();
      }
      return left == 0;
    }

    @Override
    public void retain() {
      retain(1);
    }

    @Override
    public void retain(int increment) {
      count.addAndGet(increment);
    }

    @Override
    public ArrowBuf retain(ArrowBuf source, BufferAllocator target) {
      if (target != allocator) {
        return block.getReferenceManager().retain(source, target);
      }
      retain();
      return deriveBuffer(source, 0, source.capacity());
    }

    @Override
    public ArrowBuf deriveBuffer(ArrowBuf source, long index, long length) {
      return new ArrowBuf(this, null, length, source.memoryAddress() + index);
    }

    @Override
    public OwnershipTransferResult transferOwnership(ArrowBuf source, BufferAllocator target) {
      // the giver releases its own reference, as it does with any buffer
      return new Transferred(target.getHeadroom() >= 0, retain(source, target));
    }

    @Override
    public BufferAllocator getAllocator() {
      return allocator;
    }

    @Override
    public long getSize() {
      return block.getReferenceManager().getSize();
    }

    @Override
    public long getAccountedSize() {
      return block.getReferenceManager().getAccountedSize();
    }
  }

  private record Transferred(boolean getAllocationFit, ArrowBuf getTransferredBuffer)
      implements OwnershipTransferResult {}
}
