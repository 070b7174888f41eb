package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.copyMemory;
import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.getInt;
import static org.apache.arrow.memory.util.MemoryUtil.getLong;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;
import static org.apache.arrow.memory.util.MemoryUtil.putLong;

import org.apache.arrow.memory.ArrowBuf;

/**
 * DELTA_BINARY_PACKED and the string encodings that are built from it.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">Encodings</a>
 */
final class DeltaDecoder {
  private static final int MAX_BLOCK = 1 << 20;

  private long position;
  private final long end;

  private DeltaDecoder(long start, long end) {
    this.position = start;
    this.end = end;
  }

  /**
   * Strings as lengths and bytes without gaps.
   *
   * @param lengths int32 each, with a reference for the caller
   * @param buffer holds the bytes, with a reference for the caller
   * @param start address of the first string
   */
  record Strings(ArrowBuf lengths, ArrowBuf buffer, long start) {}

  /**
   * Decodes {@code count} numbers of {@code width} bytes (4 or 8).
   *
   * @return the address behind them
   */
  static long numbers(long start, long end, long target, int width, int count) {
    DeltaDecoder decoder = new DeltaDecoder(start, end);
    decoder.decode(target, width, count);
    return decoder.position;
  }

  /** DELTA_LENGTH_BYTE_ARRAY; the bytes stay where they are. */
  static Strings lengthStrings(DataPage page, PageMemory memory) {
    int count = page.values();
    ArrowBuf lengths = memory.take((long) count << 2);
    try {
      long bytes = numbers(page.start(), page.end(), lengths.memoryAddress(), 4, count);
      long total = 0;
      for (int i = 0; i < count; i++) {
        int length = getInt(lengths.memoryAddress() + ((long) i << 2));
        if (length < 0) {
          throw new CorruptPage("a string of " + length + " bytes");
        }
        total += length;
      }
      if (total > page.end() - bytes) {
        throw new CorruptPage(
            "strings of " + total + " bytes in a page with " + (page.end() - bytes));
      }
      page.buffer().getReferenceManager().retain();
      return new Strings(lengths, page.buffer(), bytes);
    } catch (RuntimeException | Error failure) {
      memory.give(lengths);
      throw failure;
    }
  }

  /** DELTA_BYTE_ARRAY: each string shares a prefix with the one before. */
  static Strings prefixedStrings(DataPage page, PageMemory memory) {
    int count = page.values();
    ArrowBuf prefixes = memory.take((long) count << 2);
    ArrowBuf lengths = null;
    ArrowBuf bytes = null;
    try {
      lengths = memory.take((long) count << 2);
      long prefix = prefixes.memoryAddress();
      long length = lengths.memoryAddress();
      long at = numbers(page.start(), page.end(), prefix, 4, count);
      at = numbers(at, page.end(), length, 4, count);
      long total = 0;
      long suffixes = 0;
      int before = 0;
      for (int i = 0; i < count; i++) {
        int shared = getInt(prefix + ((long) i << 2));
        int suffix = getInt(length + ((long) i << 2));
        if (shared < 0 || suffix < 0 || shared > before || suffix > Integer.MAX_VALUE - shared) {
          throw new CorruptPage("a string of " + shared + " old and " + suffix + " new bytes");
        }
        before = shared + suffix;
        suffixes += suffix;
        total += before;
        putInt(length + ((long) i << 2), before);
      }
      if (suffixes > page.end() - at) {
        throw new CorruptPage(
            "strings of " + suffixes + " bytes in a page with " + (page.end() - at));
      }
      bytes = memory.take(total);
      long to = bytes.memoryAddress();
      long last = to;
      for (int i = 0; i < count; i++) {
        int shared = getInt(prefix + ((long) i << 2));
        int all = getInt(length + ((long) i << 2));
        copyMemory(last, to, shared);
        copyMemory(at, to + shared, all - shared);
        at += all - shared;
        last = to;
        to += all;
      }
      return new Strings(lengths, bytes, bytes.memoryAddress());
    } catch (RuntimeException | Error failure) {
      if (lengths != null) {
        memory.give(lengths);
      }
      if (bytes != null) {
        memory.give(bytes);
      }
      throw failure;
    } finally {
      memory.give(prefixes);
    }
  }

  private void decode(long target, int width, int count) {
    if (count == 0 && position >= end) {
      // Some writers leave a page of NULLs without a header.
      return;
    }
    long blockSize = varint();
    long miniblocks = varint();
    long total = varint();
    if (blockSize <= 0
        || blockSize > MAX_BLOCK
        || miniblocks <= 0
        || miniblocks > blockSize
        || blockSize % miniblocks != 0
        || blockSize / miniblocks % 8 != 0) {
      throw new CorruptPage("delta blocks of " + blockSize + " in " + miniblocks + " parts");
    }
    if (total != count) {
      throw new CorruptPage("delta page of " + total + " values where " + count + " are expected");
    }
    int perMiniblock = (int) (blockSize / miniblocks);
    long value = zigzag();
    if (count > 0) {
      put(target, 0, width, value);
    }
    int done = 1;
    while (done < count) {
      long minimum = zigzag();
      long widths = position;
      if (miniblocks > end - position) {
        throw new CorruptPage("a delta block ends too early");
      }
      position += miniblocks;
      for (int m = 0; m < miniblocks && done < count; m++) {
        int bits = getByte(widths + m) & 0xFF;
        int here = Math.min(perMiniblock, count - done);
        if (bits > 64 || ((long) here * bits + 7) >>> 3 > end - position) {
          throw new CorruptPage("a delta block of " + bits + " bits ends too early");
        }
        value = miniblock(target, done, width, here, bits, minimum, value);
        done += here;
        // The last one may lack its padding.
        position = Math.min(end, position + (((long) perMiniblock * bits) >>> 3));
      }
    }
  }

  private long miniblock(
      long target, int done, int width, int here, int bits, long minimum, long before) {
    long value = before;
    long start = position;
    if (bits <= 56) {
      long mask = (1L << bits) - 1;
      long bit = 0;
      for (int i = 0; i < here; i++) {
        value += minimum + ((getLong(start + (bit >>> 3)) >>> (bit & 7)) & mask);
        put(target, done + i, width, value);
        bit += bits;
      }
    } else {
      for (int i = 0; i < here; i++) {
        long delta = Bits.word(start, (long) i * bits);
        value += minimum + (bits == 64 ? delta : delta & ((1L << bits) - 1));
        put(target, done + i, width, value);
      }
    }
    return value;
  }

  private static void put(long target, int i, int width, long value) {
    if (width == 4) {
      putInt(target + ((long) i << 2), (int) value);
    } else {
      putLong(target + ((long) i << 3), value);
    }
  }

  private long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw new CorruptPage("delta page ends too early");
      }
      int next = getByte(position++);
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new CorruptPage("delta page with a number of more than 64 bits");
  }
}
