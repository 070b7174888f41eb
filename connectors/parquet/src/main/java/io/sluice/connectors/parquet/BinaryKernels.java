package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.copyMemory;
import static org.apache.arrow.memory.util.MemoryUtil.getInt;
import static org.apache.arrow.memory.util.MemoryUtil.getLong;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;
import static org.apache.arrow.memory.util.MemoryUtil.putLong;

/**
 * Loops over strings. Sources and targets have {@link PageMemory#SLACK} bytes behind their end, so
 * that short strings are copied as two or four words.
 */
final class BinaryKernels {
  private BinaryKernels() {}

  /**
   * Walks over PLAIN strings and writes their lengths; a row that is NULL has none.
   *
   * @param validity bits of the rows from {@code bit} on, 0 where no row is NULL
   * @return the address behind the last string
   */
  static long lengths(long from, long end, long lengths, int rows, long validity, long bit) {
    long at = from;
    for (int i = 0; i < rows; i++) {
      int length = 0;
      if (validity == 0 || Bits.get(validity, bit + i) != 0) {
        if (end - at < 4) {
          throw new CorruptPage("strings end too early");
        }
        length = getInt(at);
        if (length < 0 || length > end - at - 4) {
          throw new CorruptPage("a string of " + length + " bytes near the end of a page");
        }
        at += 4 + length;
      }
      putInt(lengths + ((long) i << 2), length);
    }
    return at;
  }

  /** Passes over {@code count} PLAIN strings. */
  static long skip(long from, long end, int count) {
    long at = from;
    for (int i = 0; i < count; i++) {
      int length = end - at < 4 ? -1 : getInt(at);
      if (length < 0 || length > end - at - 4) {
        throw new CorruptPage("a string of " + length + " bytes near the end of a page");
      }
      at += 4 + length;
    }
    return at;
  }

  /** Distributes lengths of the present rows over all rows. */
  static void spreadLengths(long from, long lengths, int rows, long validity, long bit) {
    long at = from;
    for (int i = 0; i < rows; i++) {
      int present = validity == 0 ? 1 : Bits.get(validity, bit + i);
      putInt(lengths + ((long) i << 2), present == 0 ? 0 : getInt(at));
      at += (long) present << 2;
    }
  }

  /** Lengths of dictionary entries; a NULL row's id is not looked at. */
  static void dictionaryLengths(
      long ids, long offsets, long lengths, int rows, long validity, long bit) {
    for (int i = 0; i < rows; i++) {
      int length = 0;
      if (validity == 0 || Bits.get(validity, bit + i) != 0) {
        long entry = offsets + ((long) getInt(ids + ((long) i << 2)) << 2);
        length = getInt(entry + 4) - getInt(entry);
      }
      putInt(lengths + ((long) i << 2), length);
    }
  }

  /** Sum of lengths, none negative. */
  static long sum(long lengths, int rows) {
    long sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += getInt(lengths + ((long) i << 2));
    }
    return sum;
  }

  /**
   * Lengths at slot 1 and after to offsets, in place.
   *
   * @return the sum of the lengths; where it is beyond an int, so are the offsets
   */
  static long offsets(long offsets, int rows) {
    long position = 0;
    putInt(offsets, 0);
    for (int i = 1; i <= rows; i++) {
      position += getInt(offsets + ((long) i << 2));
      putInt(offsets + ((long) i << 2), (int) position);
    }
    return position;
  }

  /**
   * Copies PLAIN strings.
   *
   * @param offsets of the first row in the target
   */
  static void copyPlain(long from, long data, long offsets, int rows, long validity, long bit) {
    long at = from;
    int start = getInt(offsets);
    for (int i = 0; i < rows; i++) {
      int end = getInt(offsets + ((long) (i + 1) << 2));
      if (validity == 0 || Bits.get(validity, bit + i) != 0) {
        int length = end - start;
        copy(at + 4, data + start, length);
        at += 4 + length;
      }
      start = end;
    }
  }

  /** Copies dictionary entries. */
  static void copyEntries(
      long ids, long entryOffsets, long entries, long data, long offsets, int rows) {
    int start = getInt(offsets);
    for (int i = 0; i < rows; i++) {
      int end = getInt(offsets + ((long) (i + 1) << 2));
      if (end > start) {
        long entry = entryOffsets + ((long) getInt(ids + ((long) i << 2)) << 2);
        copy(entries + getInt(entry), data + start, end - start);
      }
      start = end;
    }
  }

  private static void copy(long from, long to, int length) {
    if (length > PageMemory.SLACK) {
      copyMemory(from, to, length);
      return;
    }
    putLong(to, getLong(from));
    putLong(to + 8, getLong(from + 8));
    if (length > 16) {
      putLong(to + 16, getLong(from + 16));
      putLong(to + 24, getLong(from + 24));
    }
  }
}
