package io.sluice.engine.online;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Memory that only grows, in pieces of {@value #CHUNK} bytes; the first is small at first, so that
 * small tables stay small. A record lies within one piece, and its address, in units of 8 bytes,
 * never changes. 0 is no address.
 */
final class RowArena implements AutoCloseable {
  static final int CHUNK = 1 << 16;

  private static final int CHUNK_UNITS_BITS = 13;
  private static final int FIRST_BYTES = 1 << 9;

  private final BufferAllocator allocator;
  private final List<ArrowBuf> chunks = new ArrayList<>();
  private long used = Long.BYTES;
  private long bytes;

  RowArena(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** Bytes of memory. */
  long bytes() {
    return bytes;
  }

  /** Bytes of it that records have taken, the ends of pieces included. */
  long usedBytes() {
    return chunks.isEmpty() ? 0 : (chunks.size() - 1L) * CHUNK + used;
  }

  /** The piece in which a record lies. */
  ArrowBuf chunk(int address) {
    return chunks.get(address >>> CHUNK_UNITS_BITS);
  }

  /** Where in its piece a record begins. */
  static long offset(int address) {
    return (long) (address & ((1 << CHUNK_UNITS_BITS) - 1)) << 3;
  }

  static int padded(int length) {
    return (length + 7) & -8;
  }

  /**
   * Room for a record, not zeroed.
   *
   * @throws org.apache.arrow.memory.OutOfMemoryException with nothing changed
   */
  int allocate(int length) {
    int size = padded(length);
    int last = chunks.size() - 1;
    if (size <= CHUNK - used && last <= 0) {
      growFirst(used + size);
    } else if (last < 0 || size > CHUNK - used) {
      if (last < 0) {
        growFirst(Long.BYTES);
      }
      ArrowBuf piece = allocator.buffer(Math.max(CHUNK, size));
      bytes += piece.capacity();
      chunks.add(piece);
      used = 0;
    }
    int address = ((chunks.size() - 1) << CHUNK_UNITS_BITS) + (int) (used >>> 3);
    // a piece of its own for a record that is larger than a piece is full with it
    used = Math.min(CHUNK, used + size);
    return address;
  }

  private void growFirst(long need) {
    ArrowBuf present = chunks.isEmpty() ? null : chunks.getFirst();
    if (present != null && present.capacity() >= need) {
      return;
    }
    long capacity = present == null ? FIRST_BYTES : present.capacity();
    while (capacity < need) {
      capacity *= 2;
    }
    ArrowBuf larger = allocator.buffer(capacity);
    bytes += larger.capacity();
    if (present == null) {
      chunks.add(larger);
    } else {
      larger.setBytes(0, present, 0, used);
      chunks.set(0, larger);
      bytes -= present.capacity();
      present.close();
    }
  }

  @Override
  public void close() {
    chunks.forEach(ArrowBuf::close);
    chunks.clear();
    bytes = 0;
  }
}
