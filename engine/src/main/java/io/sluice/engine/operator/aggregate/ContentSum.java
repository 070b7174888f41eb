package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Sums of byte strings as unsigned big-endian integers, modulo 2^256: of longer strings the last 32
 * bytes count. A sum is four words, the least first.
 */
final class ContentSum implements Accumulator {
  /** Bytes of a sum. */
  static final int BYTES = 32;

  private static final int WORDS = BYTES / Long.BYTES;

  private final GrowingBuffer sums;
  private final int argument;

  ContentSum(int argument, BufferAllocator allocator) {
    this.sums = new GrowingBuffer(allocator);
    this.argument = argument;
  }

  @Override
  public void resize(int groups) {
    sums.ensure((long) groups * BYTES);
  }

  @Override
  public void update(SlotValues values) {
    ArgumentValues input = values.argument(argument);
    ArrowBuf bytes = input.cells().bytes();
    int[] starts = input.cells().starts();
    int[] lengths = input.cells().lengths();
    int[] rows = input.rows();
    int[] groups = values.groups();
    ArrowBuf buffer = sums.buffer();
    for (int i = 0; i < values.count(); i++) {
      long at = (long) groups[i] * BYTES;
      long end = (long) starts[rows[i]] + lengths[rows[i]];
      if (lengths[rows[i]] >= BYTES) {
        add(
            buffer,
            at,
            Long.reverseBytes(bytes.getLong(end - 8)),
            Long.reverseBytes(bytes.getLong(end - 16)),
            Long.reverseBytes(bytes.getLong(end - 24)),
            Long.reverseBytes(bytes.getLong(end - 32)));
      } else {
        addShort(buffer, at, bytes, starts[rows[i]], end);
      }
    }
  }

  private static void addShort(ArrowBuf buffer, long at, ArrowBuf bytes, long start, long end) {
    long a = word(bytes, start, end);
    long b = word(bytes, start, end - 8);
    long c = word(bytes, start, end - 16);
    add(buffer, at, a, b, c, word(bytes, start, end - 24));
  }

  /** The word of the 8 bytes before {@code end}, of which those before {@code start} are zero. */
  private static long word(ArrowBuf bytes, long start, long end) {
    long word = 0;
    for (long i = Math.max(start, end - 8); i < end; i++) {
      word = word << 8 | (bytes.getByte(i) & 0xff);
    }
    return word;
  }

  private static void add(ArrowBuf buffer, long at, long a, long b, long c, long d) {
    long carry = add(buffer, at, a, 0);
    carry = add(buffer, at + 8, b, carry);
    carry = add(buffer, at + 16, c, carry);
    add(buffer, at + 24, d, carry);
  }

  private static long add(ArrowBuf buffer, long at, long value, long carry) {
    long old = buffer.getLong(at);
    long sum = old + value + carry;
    buffer.setLong(at, sum);
    // the carry out of the top bit
    return ((old & value) | ((old | value) & ~sum)) >>> 63;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    ArrowBuf source = ((ContentSum) other).sums.buffer();
    ArrowBuf buffer = sums.buffer();
    for (int i = 0; i < count; i++) {
      long at = (long) from[i] * BYTES;
      add(
          buffer,
          (long) to[i] * BYTES,
          source.getLong(at),
          source.getLong(at + 8),
          source.getLong(at + 16),
          source.getLong(at + 24));
    }
  }

  /** Writes the sum of a group, big-endian. */
  void write(int group, byte[] to) {
    for (int w = 0; w < WORDS; w++) {
      long word = sums.buffer().getLong((long) group * BYTES + 8L * w);
      for (int i = 0; i < 8; i++) {
        to[BYTES - 1 - 8 * w - i] = (byte) (word >>> (8 * i));
      }
    }
  }

  @Override
  public void close() {
    sums.close();
  }
}
