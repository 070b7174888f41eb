package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import java.math.BigInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Sums of integers and of decimals' integers in one, two or three words, chosen so wide that no
 * intermediate sum overflows: whether the end result does not depend on the order.
 */
final class IntegerSum implements Accumulator {
  private final GrowingBuffer sums;
  private final int words;
  private final int argument;

  IntegerSum(int words, int argument, BufferAllocator allocator) {
    this.sums = new GrowingBuffer(allocator);
    this.words = words;
    this.argument = argument;
  }

  @Override
  public void resize(int groups) {
    sums.ensure((long) groups * words * Long.BYTES);
  }

  @Override
  public void update(SlotValues values) {
    ArrowBuf buffer = sums.buffer();
    int[] groups = values.groups();
    int count = values.count();
    ArgumentValues input = values.argument(argument);
    long[] lows = input.longs();
    switch (words) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          long at = (long) groups[i] << 3;
          buffer.setLong(at, buffer.getLong(at) + lows[i]);
        }
      }
      case 2 -> {
        if (input.form() == ArgumentValues.Form.DECIMAL) {
          long[] highs = input.highs();
          for (int i = 0; i < count; i++) {
            add2(buffer, (long) groups[i] << 4, lows[i], highs[i]);
          }
        } else {
          for (int i = 0; i < count; i++) {
            add2(buffer, (long) groups[i] << 4, lows[i], lows[i] >> 63);
          }
        }
      }
      default -> {
        long[] highs = input.highs();
        for (int i = 0; i < count; i++) {
          add3(buffer, (long) groups[i] * 24, lows[i], highs[i], highs[i] >> 63);
        }
      }
    }
  }

  private static void add2(ArrowBuf buffer, long at, long low, long high) {
    long sum = buffer.getLong(at) + low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    buffer.setLong(at, sum);
    buffer.setLong(at + 8, buffer.getLong(at + 8) + high + carry);
  }

  private static void add3(ArrowBuf buffer, long at, long low, long high, long top) {
    long sum = buffer.getLong(at) + low;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    buffer.setLong(at, sum);
    long mid = buffer.getLong(at + 8) + high;
    long next = Long.compareUnsigned(mid, high) < 0 ? 1 : 0;
    mid += carry;
    // the first addition and the carry cannot both overflow
    next += carry == 1 && mid == 0 ? 1 : 0;
    buffer.setLong(at + 8, mid);
    buffer.setLong(at + 16, buffer.getLong(at + 16) + top + next);
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    ArrowBuf buffer = sums.buffer();
    ArrowBuf source = ((IntegerSum) other).sums.buffer();
    for (int i = 0; i < count; i++) {
      long start = (long) from[i] * words * Long.BYTES;
      long at = (long) to[i] * words * Long.BYTES;
      switch (words) {
        case 1 -> buffer.setLong(at, buffer.getLong(at) + source.getLong(start));
        case 2 -> add2(buffer, at, source.getLong(start), source.getLong(start + 8));
        default ->
            add3(
                buffer,
                at,
                source.getLong(start),
                source.getLong(start + 8),
                source.getLong(start + 16));
      }
    }
  }

  long low(int group) {
    return sums.buffer().getLong((long) group * words * Long.BYTES);
  }

  long high(int group) {
    return words == 1
        ? low(group) >> 63
        : sums.buffer().getLong((long) group * words * Long.BYTES + 8);
  }

  /** Whether 128 bits hold the sum. */
  boolean fits128(int group) {
    return words < 3
        || sums.buffer().getLong((long) group * words * Long.BYTES + 16) == high(group) >> 63;
  }

  boolean fits64(int group) {
    return fits128(group) && high(group) == low(group) >> 63;
  }

  BigInteger integer(int group) {
    BigInteger sum = ArgumentValues.integer(low(group), high(group));
    if (fits128(group)) {
      return sum;
    }
    long top = sums.buffer().getLong((long) group * words * Long.BYTES + 16);
    BigInteger unsigned = sum.signum() < 0 ? sum.add(BigInteger.ONE.shiftLeft(128)) : sum;
    return BigInteger.valueOf(top).shiftLeft(128).add(unsigned);
  }

  @Override
  public void close() {
    sums.close();
  }
}
