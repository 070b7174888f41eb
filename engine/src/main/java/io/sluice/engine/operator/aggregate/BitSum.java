package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** The bitwise AND, OR or XOR of integers. */
final class BitSum implements Accumulator {
  /** Which. */
  enum Operation {
    AND,
    OR,
    XOR;

    long apply(long a, long b) {
      return switch (this) {
        case AND -> a & b;
        case OR -> a | b;
        case XOR -> a ^ b;
      };
    }
  }

  private final Operation operation;
  private final int argument;
  private final GrowingBuffer bits;
  private int groups;

  BitSum(Operation operation, int argument, BufferAllocator allocator) {
    this.operation = operation;
    this.argument = argument;
    this.bits = new GrowingBuffer(allocator);
  }

  long value(int group) {
    return bits.buffer().getLong((long) group << 3);
  }

  @Override
  public void resize(int groupCount) {
    ArrowBuf buffer = bits.ensure((long) groupCount << 3);
    for (; groups < groupCount; groups++) {
      buffer.setLong((long) groups << 3, operation == Operation.AND ? -1 : 0);
    }
  }

  @Override
  public void update(SlotValues values) {
    long[] longs = values.argument(argument).longs();
    int[] of = values.groups();
    for (int i = 0; i < values.count(); i++) {
      take(of[i], longs[i]);
    }
  }

  private void take(int group, long value) {
    bits.buffer().setLong((long) group << 3, operation.apply(value(group), value));
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    for (int i = 0; i < count; i++) {
      take(to[i], ((BitSum) other).value(from[i]));
    }
  }

  @Override
  public void close() {
    bits.close();
  }
}
