package io.sluice.engine.operator.aggregate.profile;

import io.sluice.engine.memory.MemoryReservation;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;

/** How often each of a few different strings of bytes came. */
final class BytesCounts {
  private static final int SMALLEST = 16;
  private static final int ENTRY = 2 * Integer.BYTES + 2 * Long.BYTES;

  private final MemoryReservation memory;

  /** Numbers of values plus one, 0 where there is none. */
  private int[] slots = new int[2 * SMALLEST];

  /** Where each value ends in {@link #bytes}; it starts where the one before ends. */
  private int[] ends = new int[SMALLEST];

  private long[] hashes = new long[SMALLEST];
  private long[] times = new long[SMALLEST];
  private byte[] bytes = new byte[16 * SMALLEST];
  private int size;

  BytesCounts(MemoryReservation memory) {
    memory.add(held());
    this.memory = memory;
  }

  private long held() {
    return (long) ends.length * ENTRY + bytes.length;
  }

  int size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int value) {
    return value == 0 ? 0 : ends[value - 1];
  }

  int length(int value) {
    return ends[value] - start(value);
  }

  long hash(int value) {
    return hashes[value];
  }

  long times(int value) {
    return times[value];
  }

  /**
   * Adds a value.
   *
   * @return false, and nothing is added, if all values would be more than {@link
   *     Profile#EXACT_VALUES}, or their bytes than {@link Profile#EXACT_BYTES}
   */
  boolean add(ArrowBuf from, long start, int length, long hash, long more) {
    int mask = slots.length - 1;
    int at = (int) (hash >>> 32) & mask;
    while (slots[at] != 0) {
      int value = slots[at] - 1;
      if (hashes[value] == hash && length(value) == length && equal(value, from, start)) {
        times[value] += more;
        return true;
      }
      at = (at + 1) & mask;
    }
    int end = size == 0 ? 0 : ends[size - 1];
    if (size == Profile.EXACT_VALUES || length > Profile.EXACT_BYTES - end) {
      return false;
    }
    reserve(end + length);
    from.getBytes(start, bytes, end, length);
    append(end + length, hash, more);
    return true;
  }

  private boolean equal(int value, ArrowBuf from, long start) {
    int mine = start(value);
    int length = length(value);
    for (int i = 0; i < length; i++) {
      if (bytes[mine + i] != from.getByte(start + i)) {
        return false;
      }
    }
    return true;
  }

  /** As {@link #add} of a value of other counts. */
  boolean add(BytesCounts other, int value) {
    int mask = slots.length - 1;
    int start = other.start(value);
    int length = other.length(value);
    int at = (int) (other.hashes[value] >>> 32) & mask;
    while (slots[at] != 0) {
      int mine = slots[at] - 1;
      if (hashes[mine] == other.hashes[value]
          && Arrays.equals(bytes, start(mine), ends[mine], other.bytes, start, start + length)) {
        times[mine] += other.times[value];
        return true;
      }
      at = (at + 1) & mask;
    }
    int end = size == 0 ? 0 : ends[size - 1];
    if (size == Profile.EXACT_VALUES || length > Profile.EXACT_BYTES - end) {
      return false;
    }
    reserve(end + length);
    System.arraycopy(other.bytes, start, bytes, end, length);
    append(end + length, other.hashes[value], other.times[value]);
    return true;
  }

  private void reserve(int wanted) {
    if (wanted > bytes.length) {
      int larger = Math.max(wanted, 2 * bytes.length);
      memory.add(larger - bytes.length);
      bytes = Arrays.copyOf(bytes, larger);
    }
  }

  private void append(int end, long hash, long more) {
    if (size == ends.length) {
      memory.add((long) size * ENTRY);
      ends = Arrays.copyOf(ends, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
      times = Arrays.copyOf(times, 2 * size);
      slots = new int[4 * size];
      for (int value = 0; value < size; value++) {
        place(value);
      }
    }
    ends[size] = end;
    hashes[size] = hash;
    times[size] = more;
    place(size++);
  }

  private void place(int value) {
    int mask = slots.length - 1;
    int at = (int) (hashes[value] >>> 32) & mask;
    while (slots[at] != 0) {
      at = (at + 1) & mask;
    }
    slots[at] = value + 1;
  }

  /** Gives its memory back; not to be used any more. */
  void release() {
    memory.resize(memory.bytes() - held());
  }
}
