package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** The least or the greatest of integers of 128 bits. */
final class ExtremeDecimal implements Accumulator {
  private final GrowingBuffer best;
  private final boolean greatest;
  private final int argument;
  private int groups;

  ExtremeDecimal(boolean greatest, int argument, BufferAllocator allocator) {
    this.best = new GrowingBuffer(allocator);
    this.greatest = greatest;
    this.argument = argument;
  }

  long low(int group) {
    return best.buffer().getLong((long) group << 4);
  }

  long high(int group) {
    return best.buffer().getLong(((long) group << 4) + 8);
  }

  @Override
  public void resize(int groupCount) {
    ArrowBuf buffer = best.ensure((long) groupCount << 4);
    for (; groups < groupCount; groups++) {
      buffer.setLong((long) groups << 4, greatest ? 0 : -1);
      buffer.setLong(((long) groups << 4) + 8, greatest ? Long.MIN_VALUE : Long.MAX_VALUE);
    }
  }

  @Override
  public void update(SlotValues values) {
    int[] of = values.groups();
    int count = values.count();
    long[] lows = values.argument(argument).longs();
    long[] highs = values.argument(argument).highs();
    for (int i = 0; i < count; i++) {
      offer(of[i], lows[i], highs[i]);
    }
  }

  private void offer(int group, long low, long high) {
    ArrowBuf buffer = best.buffer();
    long at = (long) group << 4;
    int order = Long.compare(high, buffer.getLong(at + 8));
    if (order == 0) {
      order = Long.compareUnsigned(low, buffer.getLong(at));
    }
    if (greatest ? order > 0 : order < 0) {
      buffer.setLong(at, low);
      buffer.setLong(at + 8, high);
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    ExtremeDecimal source = (ExtremeDecimal) other;
    for (int i = 0; i < count; i++) {
      offer(to[i], source.low(from[i]), source.high(from[i]));
    }
  }

  @Override
  public void close() {
    best.close();
  }
}
