package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** The least or the greatest of values that order like longs, doubles among them. */
final class ExtremeLong implements Accumulator {
  private final GrowingBuffer best;
  private final boolean greatest;
  private final int argument;
  private int groups;

  ExtremeLong(boolean greatest, int argument, BufferAllocator allocator) {
    this.best = new GrowingBuffer(allocator);
    this.greatest = greatest;
    this.argument = argument;
  }

  /** The value, as {@link OrderedLongs} of doubles; meaningless for an empty group. */
  long value(int group) {
    return best.buffer().getLong((long) group << 3);
  }

  @Override
  public void resize(int groupCount) {
    ArrowBuf buffer = best.ensure((long) groupCount << 3);
    long worst = greatest ? Long.MIN_VALUE : Long.MAX_VALUE;
    for (; groups < groupCount; groups++) {
      buffer.setLong((long) groups << 3, worst);
    }
  }

  @Override
  public void update(SlotValues values) {
    ArrowBuf buffer = best.buffer();
    int[] of = values.groups();
    int count = values.count();
    ArgumentValues input = values.argument(argument);
    long[] longs = input.longs();
    if (input.form() == ArgumentValues.Form.DOUBLE) {
      double[] doubles = input.doubles();
      for (int i = 0; i < count; i++) {
        longs[i] = OrderedLongs.of(doubles[i]);
      }
    }
    if (greatest) {
      for (int i = 0; i < count; i++) {
        long at = (long) of[i] << 3;
        if (longs[i] > buffer.getLong(at)) {
          buffer.setLong(at, longs[i]);
        }
      }
    } else {
      for (int i = 0; i < count; i++) {
        long at = (long) of[i] << 3;
        if (longs[i] < buffer.getLong(at)) {
          buffer.setLong(at, longs[i]);
        }
      }
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    ArrowBuf buffer = best.buffer();
    ExtremeLong source = (ExtremeLong) other;
    for (int i = 0; i < count; i++) {
      long value = source.value(from[i]);
      long at = (long) to[i] << 3;
      long now = buffer.getLong(at);
      buffer.setLong(at, greatest ? Math.max(now, value) : Math.min(now, value));
    }
  }

  @Override
  public void close() {
    best.close();
  }
}
