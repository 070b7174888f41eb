package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.getLong;
import static org.apache.arrow.memory.util.MemoryUtil.putByte;
import static org.apache.arrow.memory.util.MemoryUtil.putLong;
import static org.apache.arrow.memory.util.MemoryUtil.setMemory;

/**
 * Runs of bits at addresses, least significant bit first, as Arrow and Parquet both have them.
 * Sources must be readable for {@link PageMemory#SLACK} bytes behind their last bit.
 */
final class Bits {
  private Bits() {}

  static int get(long address, long bit) {
    return (getByte(address + (bit >>> 3)) >>> (int) (bit & 7)) & 1;
  }

  /** The 64 bits from {@code bit} on. */
  static long word(long address, long bit) {
    long at = address + (bit >>> 3);
    int shift = (int) (bit & 7);
    long low = getLong(at) >>> shift;
    return shift == 0 ? low : low | ((long) getByte(at + 8) << (64 - shift));
  }

  /** Set bits among {@code count} from {@code bit} on. */
  static int count(long address, long bit, int count) {
    int ones = 0;
    int done = 0;
    for (; count - done >= 64; done += 64) {
      ones += Long.bitCount(word(address, bit + done));
    }
    if (done < count) {
      ones += Long.bitCount(word(address, bit + done) & mask(count - done));
    }
    return ones;
  }

  /** Copies bits; the other bits before them in the first byte stay. */
  static void copy(long source, long sourceBit, long target, long targetBit, int count) {
    int done = 0;
    for (; done < count && ((targetBit + done) & 7) != 0; done++) {
      put(target, targetBit + done, get(source, sourceBit + done));
    }
    long at = target + ((targetBit + done) >>> 3);
    for (; count - done >= 64; done += 64, at += 8) {
      putLong(at, word(source, sourceBit + done));
    }
    if (done < count) {
      int rest = count - done;
      long word = word(source, sourceBit + done) & mask(rest);
      for (; rest > 0; rest -= 8, word >>>= 8) {
        putByte(at++, (byte) word);
      }
    }
  }

  /** Sets or clears bits; the other bits before them in the first byte stay. */
  static void fill(long target, long targetBit, int count, int value) {
    int done = 0;
    for (; done < count && ((targetBit + done) & 7) != 0; done++) {
      put(target, targetBit + done, value);
    }
    int bytes = (count - done) >>> 3;
    long at = target + ((targetBit + done) >>> 3);
    if (bytes > 0) {
      setMemory(at, bytes, (byte) -value);
    }
    int rest = (count - done) & 7;
    if (rest > 0) {
      putByte(at + bytes, (byte) (value == 0 ? 0 : (1 << rest) - 1));
    }
  }

  static void put(long address, long bit, int value) {
    long at = address + (bit >>> 3);
    int shift = (int) (bit & 7);
    putByte(at, (byte) ((getByte(at) & ~(1 << shift)) | value << shift));
  }

  /** The same bits, with those of each byte in reverse order. */
  static void reverseBytes(long source, long target, long bytes) {
    for (long i = 0; i < bytes; i++) {
      putByte(target + i, (byte) (Integer.reverse(getByte(source + i)) >>> 24));
    }
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }
}
