package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One string of bytes per group, replaced now and then. Bytes that were replaced by longer ones are
 * garbage until it is half of all.
 */
final class BytesPerGroup implements AutoCloseable {
  private static final int STATE = 16;
  private static final long LITTLE = 64 << 10;

  /** Per group: where (long), the length plus one or 0 for none (int), how much room (int). */
  private final GrowingBuffer states;

  private final BufferAllocator allocator;
  private GrowingBuffer heap;
  private long end;
  private long garbage;
  private int groups;

  BytesPerGroup(BufferAllocator allocator) {
    this.allocator = allocator;
    this.states = new GrowingBuffer(allocator);
    this.heap = new GrowingBuffer(allocator);
  }

  void resize(int groupCount) {
    states.ensure((long) groupCount * STATE);
    groups = groupCount;
  }

  /** The buffer that {@link #start} points into. */
  ArrowBuf bytes() {
    return heap.buffer();
  }

  long start(int group) {
    return states.buffer().getLong((long) group * STATE);
  }

  /** -1 where there is none. */
  int length(int group) {
    return states.buffer().getInt((long) group * STATE + 8) - 1;
  }

  void set(int group, ArrowBuf from, long start, int length) {
    long state = (long) group * STATE;
    ArrowBuf buffer = states.buffer();
    int room = buffer.getInt(state + 12);
    if (room < length) {
      garbage += room;
      // marked empty, so that a compaction does not move what is replaced
      buffer.setInt(state + 8, 0);
      buffer.setInt(state + 12, 0);
      if (garbage > LITTLE && garbage > end / 2) {
        compact();
      }
      heap.ensure(end + length);
      buffer.setLong(state, end);
      buffer.setInt(state + 12, length);
      end += length;
    }
    if (length > 0) {
      heap.buffer().setBytes(buffer.getLong(state), from, start, length);
    }
    buffer.setInt(state + 8, length + 1);
  }

  private void compact() {
    GrowingBuffer compacted = new GrowingBuffer(allocator);
    compacted.ensure(end - garbage);
    ArrowBuf buffer = states.buffer();
    long to = 0;
    for (int group = 0; group < groups; group++) {
      long state = (long) group * STATE;
      int length = buffer.getInt(state + 8) - 1;
      if (length > 0) {
        compacted.buffer().setBytes(to, heap.buffer(), buffer.getLong(state), length);
      }
      buffer.setLong(state, to);
      buffer.setInt(state + 12, Math.max(0, length));
      to += Math.max(0, length);
    }
    heap.close();
    heap = compacted;
    end = to;
    garbage = 0;
  }

  @Override
  public void close() {
    states.close();
    heap.close();
  }
}
