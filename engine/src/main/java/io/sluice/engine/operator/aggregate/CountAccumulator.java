package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** How many rows. */
final class CountAccumulator implements Accumulator {
  private final GrowingBuffer counts;

  CountAccumulator(BufferAllocator allocator) {
    this.counts = new GrowingBuffer(allocator);
  }

  long count(int group) {
    return counts.buffer().getLong((long) group << 3);
  }

  @Override
  public void resize(int groups) {
    counts.ensure((long) groups << 3);
  }

  @Override
  public void update(SlotValues values) {
    ArrowBuf buffer = counts.buffer();
    int[] groups = values.groups();
    int count = values.count();
    for (int i = 0; i < count; i++) {
      long at = (long) groups[i] << 3;
      buffer.setLong(at, buffer.getLong(at) + 1);
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    ArrowBuf buffer = counts.buffer();
    CountAccumulator source = (CountAccumulator) other;
    for (int i = 0; i < count; i++) {
      long at = (long) to[i] << 3;
      buffer.setLong(at, buffer.getLong(at) + source.count(from[i]));
    }
  }

  @Override
  public void close() {
    counts.close();
  }
}
