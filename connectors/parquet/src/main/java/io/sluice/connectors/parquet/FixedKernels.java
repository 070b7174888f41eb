package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.getInt;
import static org.apache.arrow.memory.util.MemoryUtil.getLong;
import static org.apache.arrow.memory.util.MemoryUtil.getShort;
import static org.apache.arrow.memory.util.MemoryUtil.putByte;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;
import static org.apache.arrow.memory.util.MemoryUtil.putLong;
import static org.apache.arrow.memory.util.MemoryUtil.putShort;
import static org.apache.arrow.memory.util.MemoryUtil.setMemory;

/** Loops over values of 1, 2, 4, 8 and 16 bytes. All bounds were checked by the caller. */
final class FixedKernels {
  private FixedKernels() {}

  /**
   * Checks that ids are below {@code limit}.
   *
   * @throws CorruptPage where one is not
   */
  static void checkIds(long ids, int count, int limit) {
    int worst = 0;
    for (int i = 0; i < count; i++) {
      // Above 0 means out of bounds: the sign of either the id itself or its distance.
      int id = getInt(ids + ((long) i << 2));
      worst |= id | (limit - 1 - id);
    }
    if (worst < 0) {
      throw new CorruptPage("an id is beyond the dictionary's " + limit + " entries");
    }
  }

  /** target[i] = dictionary[ids[i]]. */
  static void gather(int width, long dictionary, long ids, long target, int count) {
    switch (width) {
      case 1 -> {
        for (int i = 0; i < count; i++) {
          putByte(target + i, getByte(dictionary + getInt(ids + ((long) i << 2))));
        }
      }
      case 2 -> {
        for (int i = 0; i < count; i++) {
          long id = getInt(ids + ((long) i << 2));
          putShort(target + ((long) i << 1), getShort(dictionary + (id << 1)));
        }
      }
      case 4 -> {
        for (int i = 0; i < count; i++) {
          long id = getInt(ids + ((long) i << 2));
          putInt(target + ((long) i << 2), getInt(dictionary + (id << 2)));
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          long id = getInt(ids + ((long) i << 2));
          putLong(target + ((long) i << 3), getLong(dictionary + (id << 3)));
        }
      }
      case 16 -> {
        for (int i = 0; i < count; i++) {
          long at = dictionary + ((long) getInt(ids + ((long) i << 2)) << 4);
          putLong(target + ((long) i << 4), getLong(at));
          putLong(target + ((long) i << 4) + 8, getLong(at + 8));
        }
      }
      default -> throw new AssertionError(width);
    }
  }

  /**
   * Moves {@code values} values that lie dense at the start of {@code rows} places to the places
   * whose bit is set. The others hold some value of the page or 0, never what was in memory before.
   */
  static void spread(int width, long target, long validity, long bit, int rows, int values) {
    int k = values;
    int i = rows - 1;
    switch (width) {
      case 1 -> {
        for (; k > 0 && k <= i; i--) {
          putByte(target + i, getByte(target + k - 1));
          k -= Bits.get(validity, bit + i);
        }
      }
      case 2 -> {
        for (; k > 0 && k <= i; i--) {
          putShort(target + ((long) i << 1), getShort(target + ((long) (k - 1) << 1)));
          k -= Bits.get(validity, bit + i);
        }
      }
      case 4 -> {
        for (; k > 0 && k <= i; i--) {
          putInt(target + ((long) i << 2), getInt(target + ((long) (k - 1) << 2)));
          k -= Bits.get(validity, bit + i);
        }
      }
      case 8 -> {
        for (; k > 0 && k <= i; i--) {
          putLong(target + ((long) i << 3), getLong(target + ((long) (k - 1) << 3)));
          k -= Bits.get(validity, bit + i);
        }
      }
      case 16 -> {
        for (; k > 0 && k <= i; i--) {
          long from = target + ((long) (k - 1) << 4);
          long low = getLong(from);
          long high = getLong(from + 8);
          putLong(target + ((long) i << 4), low);
          putLong(target + ((long) i << 4) + 8, high);
          k -= Bits.get(validity, bit + i);
        }
      }
      default -> throw new AssertionError(width);
    }
    if (k == 0 && i >= 0) {
      setMemory(target, (i + 1L) * width, (byte) 0);
    }
  }
}
