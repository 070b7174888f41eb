package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One exact sum of doubles, or of products of two doubles, per group. The order of the additions
 * and the way in which they are split and merged cannot show, because nothing is rounded before the
 * end.
 *
 * <p>A sum is an integer in units of the least subnormal (or its square), written in chunks of 32
 * bits that are kept in 64, so that carries can wait for 2^31 additions: R. Neal, "Fast exact
 * summation using small and large superaccumulators", 2015. A group starts with a window of a few
 * chunks around its first value; only where values fall outside, it gets all chunks.
 *
 * <p>Infinities and NaN are flags: the sum is NaN if there is a NaN or both infinities.
 */
final class ExactSums implements AutoCloseable {
  /** What the summands are. */
  enum Kind {
    VALUES(5, 3, 68, -1074),
    PRODUCTS(8, 5, 136, -2148);

    /** Chunks of a group's own. */
    private final int window;

    /** Chunks that one summand touches. */
    private final int span;

    /** Chunks that hold any sum. */
    private final int chunks;

    /** Of two, of chunk 0. */
    private final int exponent;

    Kind(int window, int span, int chunks, int exponent) {
      this.window = window;
      this.span = span;
      this.chunks = chunks;
      this.exponent = exponent;
    }
  }

  private static final long DIGIT = 0xFFFFFFFFL;
  private static final long FRACTION = (1L << 52) - 1;
  private static final int SPECIAL = 0x7FF;
  private static final int POSITIVE_INFINITY = 1;
  private static final int NEGATIVE_INFINITY = 2;
  private static final int NOT_A_NUMBER = 4;
  private static final long CARRY_EVERY = 1L << 30;

  private final Kind kind;
  private final int stride;

  /** Per group: the window, its first chunk plus one (int), flags (short), all chunks' place. */
  private final GrowingBuffer states;

  private final GrowingBuffer wide;
  private int groups;
  private int wideCount;
  private long additions;

  ExactSums(Kind kind, BufferAllocator allocator) {
    this.kind = kind;
    this.stride = (kind.window + 2) * Long.BYTES;
    this.states = new GrowingBuffer(allocator);
    this.wide = new GrowingBuffer(allocator);
  }

  void resize(int groupCount) {
    states.ensure((long) groupCount * stride);
    groups = groupCount;
  }

  private long meta(int group) {
    return (long) group * stride + (long) kind.window * Long.BYTES;
  }

  /** Adds {@code values[i]} to group {@code of[i]}. */
  void add(int[] of, double[] values, int count) {
    assert kind == Kind.VALUES;
    count(count);
    ArrowBuf buffer = states.buffer();
    long firstAt = (long) kind.window * Long.BYTES;
    for (int i = 0; i < count; i++) {
      double value = values[i];
      long bits = Double.doubleToRawLongBits(value);
      int exponent = (int) (bits >>> 52) & SPECIAL;
      if (exponent == SPECIAL) {
        flag(of[i], value);
        continue;
      }
      // a subnormal has the exponent of the least normal, without the leading bit
      long leading = exponent == 0 ? 0 : FRACTION + 1;
      long position = exponent == 0 ? 0 : exponent - 1;
      long sign = bits >> 63;
      long integer = (((bits & FRACTION) | leading) ^ sign) - sign;
      if (integer == 0) {
        continue;
      }
      int shift = (int) position & 31;
      long rest = integer >> (32 - shift);
      int chunk = (int) (position >> 5);
      long base = (long) of[i] * stride;
      int in = chunk + 1 - buffer.getInt(base + firstAt);
      if (in < 0 || in > 2 || chunk < in) {
        addOutside(of[i], chunk, (integer << shift) & DIGIT, rest & DIGIT, rest >> 32);
        buffer = states.buffer();
        continue;
      }
      long at = base + ((long) in << 3);
      buffer.setLong(at, buffer.getLong(at) + ((integer << shift) & DIGIT));
      buffer.setLong(at + 8, buffer.getLong(at + 8) + (rest & DIGIT));
      buffer.setLong(at + 16, buffer.getLong(at + 16) + (rest >> 32));
    }
  }

  private void addOutside(int group, int chunk, long c0, long c1, long c2) {
    long at = locate(group, chunk, kind.span);
    ArrowBuf target = target(group);
    increase(target, at, c0);
    increase(target, at + 8, c1);
    increase(target, at + 16, c2);
  }

  /** Adds {@code left[i] * right[i]}, exactly, to group {@code of[i]}. */
  void addProducts(int[] of, double[] left, double[] right, int count) {
    count(count);
    for (int i = 0; i < count; i++) {
      long a = Double.doubleToRawLongBits(left[i]);
      long b = Double.doubleToRawLongBits(right[i]);
      int exponentA = (int) (a >>> 52) & SPECIAL;
      int exponentB = (int) (b >>> 52) & SPECIAL;
      if (exponentA == SPECIAL || exponentB == SPECIAL) {
        flag(of[i], left[i] * right[i]);
        continue;
      }
      long integerA = (a & FRACTION) | (exponentA == 0 ? 0 : FRACTION + 1);
      long integerB = (b & FRACTION) | (exponentB == 0 ? 0 : FRACTION + 1);
      if (integerA == 0 || integerB == 0) {
        continue;
      }
      if ((a ^ b) < 0) {
        integerA = -integerA;
      }
      int position = Math.max(0, exponentA - 1) + Math.max(0, exponentB - 1);
      addProduct(of[i], integerA, integerB, position);
    }
  }

  private void addProduct(int group, long a, long b, int position) {
    long low = a * b;
    long high = Math.multiplyHigh(a, b);
    int shift = position & 31;
    long mid = shift == 0 ? high : (high << shift) | (low >>> (64 - shift));
    long top = shift == 0 ? high >> 63 : high >> (64 - shift);
    low <<= shift;
    long at = locate(group, position >> 5, kind.span);
    ArrowBuf target = target(group);
    increase(target, at, low & DIGIT);
    increase(target, at + 8, low >>> 32);
    increase(target, at + 16, mid & DIGIT);
    increase(target, at + 24, mid >>> 32);
    increase(target, at + 32, top);
  }

  private static void increase(ArrowBuf buffer, long at, long by) {
    buffer.setLong(at, buffer.getLong(at) + by);
  }

  private ArrowBuf target(int group) {
    return states.buffer().getInt(meta(group) + 8) == 0 ? states.buffer() : wide.buffer();
  }

  /** Where the group keeps {@code chunk}, with {@code span - 1} more behind it. */
  private long locate(int group, int chunk, int span) {
    ArrowBuf buffer = states.buffer();
    long meta = meta(group);
    int place = buffer.getInt(meta + 8);
    if (place == 0) {
      int first = buffer.getInt(meta) - 1;
      if (first < 0) {
        // room below for smaller values, and above for larger ones
        first = Math.max(0, Math.min(chunk - 1, kind.chunks - kind.window));
        buffer.setInt(meta, first + 1);
      }
      if (chunk >= first && chunk + span <= first + kind.window) {
        return (long) group * stride + (long) (chunk - first) * Long.BYTES;
      }
      place = widen(group);
    }
    return ((long) (place - 1) * kind.chunks + chunk) * Long.BYTES;
  }

  private int widen(int group) {
    ArrowBuf all = wide.ensure((long) (wideCount + 1) * kind.chunks * Long.BYTES);
    ArrowBuf buffer = states.buffer();
    long meta = meta(group);
    int first = buffer.getInt(meta) - 1;
    for (int i = 0; i < kind.window; i++) {
      long chunk = buffer.getLong((long) group * stride + (long) i * Long.BYTES);
      all.setLong(((long) wideCount * kind.chunks + first + i) * Long.BYTES, chunk);
    }
    // no value finds itself in a window that lies beyond all chunks
    buffer.setInt(meta, Integer.MAX_VALUE / 2);
    buffer.setInt(meta + 8, ++wideCount);
    return wideCount;
  }

  private void flag(int group, double value) {
    long at = meta(group) + 4;
    int flag =
        Double.isNaN(value) ? NOT_A_NUMBER : value > 0 ? POSITIVE_INFINITY : NEGATIVE_INFINITY;
    states.buffer().setShort(at, states.buffer().getShort(at) | flag);
  }

  private void count(long more) {
    additions += more;
    if (additions > CARRY_EVERY) {
      carryAll();
      additions = more + 1;
    }
  }

  /** Leaves less than 32 bits in every chunk but a sum's last. */
  private void carryAll() {
    for (int group = 0; group < groups; group++) {
      carry(states.buffer(), (long) group * stride, kind.window);
    }
    for (int i = 0; i < wideCount; i++) {
      carry(wide.buffer(), (long) i * kind.chunks * Long.BYTES, kind.chunks);
    }
  }

  private static void carry(ArrowBuf buffer, long start, int chunks) {
    long carry = 0;
    for (int i = 0; i < chunks; i++) {
      long at = start + (long) i * Long.BYTES;
      long value = buffer.getLong(at) + carry;
      boolean last = i == chunks - 1;
      buffer.setLong(at, last ? value : value & DIGIT);
      carry = value >> 32;
    }
  }

  /** Adds sums of another instance: of its group {@code from[i]} to group {@code to[i]}. */
  void merge(ExactSums other, int[] from, int[] to, int count) {
    count(2L * count);
    for (int i = 0; i < count; i++) {
      mergeGroup(other, from[i], to[i]);
    }
  }

  private void mergeGroup(ExactSums other, int from, int to) {
    ArrowBuf buffer = other.states.buffer();
    long meta = other.meta(from);
    int flags = buffer.getShort(meta + 4);
    if (flags != 0) {
      long at = meta(to) + 4;
      states.buffer().setShort(at, states.buffer().getShort(at) | flags);
    }
    int place = buffer.getInt(meta + 8);
    if (place == 0) {
      int first = buffer.getInt(meta) - 1;
      if (first < 0) {
        return;
      }
      int mine = states.buffer().getInt(meta(to)) - 1;
      if (mine < 0) {
        states.buffer().setInt(meta(to), first + 1);
      }
      long start = (long) from * stride;
      carry(buffer, start, kind.window);
      mergeChunks(buffer, start, kind.window, first, to);
    } else {
      long start = (long) (place - 1) * kind.chunks * Long.BYTES;
      carry(other.wide.buffer(), start, kind.chunks);
      mergeChunks(other.wide.buffer(), start, kind.chunks, 0, to);
    }
  }

  private void mergeChunks(ArrowBuf source, long start, int chunks, int first, int to) {
    for (int i = 0; i < chunks; i++) {
      long value = source.getLong(start + (long) i * Long.BYTES);
      if (value == 0) {
        continue;
      }
      int chunk = first + i;
      long at = locate(to, chunk, 1);
      ArrowBuf target = target(to);
      if (chunk + 1 < end(to)) {
        increase(target, at, value & DIGIT);
        increase(target, at + 8, value >> 32);
      } else {
        increase(target, at, value);
      }
    }
  }

  /** The first chunk that the group has no place for. */
  private int end(int group) {
    long meta = meta(group);
    ArrowBuf buffer = states.buffer();
    return buffer.getInt(meta + 8) == 0 ? buffer.getInt(meta) - 1 + kind.window : kind.chunks;
  }

  /** A value that {@link #read} can fill. */
  ExactValue newValue() {
    return new ExactValue(kind.chunks);
  }

  /** What the sum is where that is no number: an infinity or NaN; else 0. */
  double special(int group) {
    int flags = states.buffer().getShort(meta(group) + 4);
    return switch (flags) {
      case 0 -> 0;
      case POSITIVE_INFINITY -> Double.POSITIVE_INFINITY;
      case NEGATIVE_INFINITY -> Double.NEGATIVE_INFINITY;
      default -> Double.NaN;
    };
  }

  /** The exact sum of the group's finite values. */
  void read(int group, ExactValue value) {
    ArrowBuf buffer = states.buffer();
    long meta = meta(group);
    int place = buffer.getInt(meta + 8);
    if (place == 0) {
      int first = Math.max(0, buffer.getInt(meta) - 1);
      for (int i = 0; i < kind.window; i++) {
        value.chunk(i, buffer.getLong((long) group * stride + (long) i * Long.BYTES));
      }
      value.settle(kind.window, kind.exponent + 32 * first);
    } else {
      long start = (long) (place - 1) * kind.chunks * Long.BYTES;
      for (int i = 0; i < kind.chunks; i++) {
        value.chunk(i, wide.buffer().getLong(start + (long) i * Long.BYTES));
      }
      value.settle(kind.chunks, kind.exponent);
    }
  }

  @Override
  public void close() {
    states.close();
    wide.close();
  }
}
