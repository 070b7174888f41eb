package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.getByte;
import static org.apache.arrow.memory.util.MemoryUtil.putByte;
import static org.apache.arrow.memory.util.MemoryUtil.putInt;

/**
 * Loops over levels, a byte each. Definition levels at address 0 count as all 0, repetition levels
 * too.
 */
final class LevelKernels {
  private LevelKernels() {}

  private static int level(long levels, long at) {
    return levels == 0 ? 0 : getByte(levels + at);
  }

  /** How many levels are not below a bound. */
  static int atLeast(long levels, int bound, int count) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += getByte(levels + i) >= bound ? 1 : 0;
    }
    return found;
  }

  static int greatest(long levels, int count) {
    int greatest = 0;
    for (int i = 0; i < count; i++) {
      greatest = Math.max(greatest, getByte(levels + i) & 0xFF);
    }
    return greatest;
  }

  /** How many values of a node there are; see {@link NestedSource.Levels}. */
  static int slots(long definitions, long repetitions, int count, NestedSource.Levels node) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found +=
          level(definitions, i) >= node.slot() && level(repetitions, i) <= node.repetition()
              ? 1
              : 0;
    }
    return found;
  }

  /**
   * Writes a bit per value of a node, 1 where it is not NULL.
   *
   * @param maxRepetition greatest repetition level that begins a value
   * @return how many are NULL
   */
  static int validity(
      long definitions,
      long repetitions,
      int count,
      int slot,
      int present,
      int maxRepetition,
      long bits) {
    int nulls = 0;
    int filled = 0;
    int bit = 0;
    long at = bits;
    for (int i = 0; i < count; i++) {
      int definition = level(definitions, i);
      if (definition < slot || level(repetitions, i) > maxRepetition) {
        continue;
      }
      if (definition >= present) {
        filled |= 1 << bit;
      } else {
        nulls++;
      }
      if (++bit == 8) {
        putByte(at++, (byte) filled);
        filled = 0;
        bit = 0;
      }
    }
    if (bit > 0) {
      putByte(at, (byte) filled);
    }
    return nulls;
  }

  /**
   * Writes where the elements of each list begin, and behind the last list where they end.
   *
   * @return how many elements there are
   */
  static int offsets(
      long definitions, long repetitions, int count, NestedSource.Levels list, long target) {
    int lists = 0;
    int elements = 0;
    int element = list.present() + 1;
    putInt(target, 0);
    for (int i = 0; i < count; i++) {
      int definition = level(definitions, i);
      int repetition = level(repetitions, i);
      if (repetition <= list.repetition()) {
        if (definition >= list.slot()) {
          elements += definition >= element ? 1 : 0;
          lists++;
          putInt(target + ((long) lists << 2), elements);
        }
      } else if (repetition == list.repetition() + 1) {
        if (lists == 0 || definition < element) {
          throw new CorruptPage("a list goes on that has not begun");
        }
        elements++;
        putInt(target + ((long) lists << 2), elements);
      }
    }
    return elements;
  }

  /**
   * Where the rows end that begin from {@code from} on.
   *
   * @param rows how many at most
   * @return the level behind them, {@code count} where the last one may go on
   */
  static int rowsEnd(long repetitions, int from, int count, int rows) {
    int begun = 0;
    for (int i = from; i < count; i++) {
      if (getByte(repetitions + i) == 0 && begun++ == rows) {
        return i;
      }
    }
    return count;
  }

  /** How many rows begin within levels. */
  static int rows(long repetitions, int from, int to) {
    int rows = 0;
    for (int i = from; i < to; i++) {
      rows += getByte(repetitions + i) == 0 ? 1 : 0;
    }
    return rows;
  }

  /** Numbers packed from the most significant bit on, as the oldest writers did, to bytes. */
  static void unpackBigEndian(long source, int width, long target, int count) {
    long bit = 0;
    for (int i = 0; i < count; i++) {
      int value = 0;
      for (int k = 0; k < width; k++, bit++) {
        int one = (getByte(source + (bit >>> 3)) >>> (7 - (int) (bit & 7))) & 1;
        value = value << 1 | one;
      }
      putByte(target + i, (byte) value);
    }
  }
}
