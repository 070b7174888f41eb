package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.getInt;
import static org.apache.arrow.memory.util.MemoryUtil.getLong;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;
import static org.apache.arrow.memory.util.MemoryUtil.setMemory;

/**
 * Runs of repeated and of bit-packed numbers, Parquet's RLE encoding. The bytes must be readable
 * for {@link PageMemory#SLACK} bytes behind their end.
 */
final class HybridDecoder {
  private long position;
  private long end;
  private int width;
  private int left;
  private boolean packed;
  private int value;
  private long packedStart;
  private long packedBit;

  /** Starts at {@code address}; the runs end before {@code limit}. */
  void reset(long address, long limit, int bitWidth) {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new CorruptPage("numbers of " + bitWidth + " bits");
    }
    position = address;
    end = limit;
    width = bitWidth;
    left = bitWidth == 0 ? Integer.MAX_VALUE : 0;
    packed = false;
    value = 0;
  }

  /** The next {@code count} numbers as int32. */
  void readInts(long target, int count) {
    int done = 0;
    while (done < count) {
      int run = run(count - done);
      long to = target + ((long) done << 2);
      if (packed) {
        unpack(packedStart, packedBit, width, to, run);
        packedBit += (long) run * width;
      } else if (value == 0) {
        setMemory(to, (long) run << 2, (byte) 0);
      } else {
        fill(to, value, run);
      }
      done += run;
    }
  }

  /** The next {@code count} numbers of one bit as bits. */
  void readBits(long target, long targetBit, int count) {
    int done = 0;
    while (done < count) {
      int run = run(count - done);
      if (packed) {
        Bits.copy(packedStart, packedBit, target, targetBit + done, run);
        packedBit += run;
      } else {
        Bits.fill(target, targetBit + done, run, value & 1);
      }
      done += run;
    }
  }

  void skip(int count) {
    int done = 0;
    while (done < count) {
      int run = run(count - done);
      if (packed) {
        packedBit += (long) run * width;
      }
      done += run;
    }
  }

  /** Whether the next {@code count} numbers are in one run of 1. */
  boolean startsWithOnes(int count) {
    if (left == 0) {
      nextRun();
    }
    return !packed && value == 1 && left >= count;
  }

  /** Takes up to {@code wanted} numbers of the current run. */
  private int run(int wanted) {
    while (left == 0) {
      nextRun();
    }
    int run = Math.min(left, wanted);
    left -= run;
    return run;
  }

  private void nextRun() {
    long header = 0;
    int shift = 0;
    while (true) {
      if (position >= end || shift > 28) {
        throw new CorruptPage("runs end too early");
      }
      int next = getByte(position++);
      header |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        break;
      }
      shift += 7;
    }
    if (header > 0xFFFFFFFFL) {
      throw new CorruptPage("a run of " + (header >>> 1) + " numbers");
    }
    int count = (int) (header >>> 1);
    if ((header & 1) == 0) {
      int bytes = (width + 7) >>> 3;
      if (end - position < bytes) {
        throw new CorruptPage("a run's value ends too early");
      }
      long word = getInt(position) & 0xFFFFFFFFL;
      value = (int) (bytes == 4 ? word : word & ((1L << (bytes << 3)) - 1));
      position += bytes;
      packed = false;
      left = count;
    } else {
      // Some writers leave out the last group's padding.
      long available = end - position;
      long bytes = Math.min((long) count * width, available);
      packed = true;
      packedStart = position;
      packedBit = 0;
      left = (int) Math.min(Math.min((long) count << 3, Integer.MAX_VALUE), bytes * 8 / width);
      position += bytes;
      if (left == 0 && count > 0) {
        throw new CorruptPage("a run of packed numbers ends too early");
      }
    }
  }

  private static void unpack(long start, long startBit, int width, long target, int count) {
    long mask = (1L << width) - 1;
    long bit = startBit;
    for (int i = 0; i < count; i++) {
      putInt(target + ((long) i << 2), (int) ((getLong(start + (bit >>> 3)) >>> (bit & 7)) & mask));
      bit += width;
    }
  }

  private static void fill(long target, int value, int count) {
    for (int i = 0; i < count; i++) {
      putInt(target + ((long) i << 2), value);
    }
  }
}
