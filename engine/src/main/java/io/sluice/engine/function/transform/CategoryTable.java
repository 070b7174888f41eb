package io.sluice.engine.function.transform;

import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import org.apache.arrow.memory.ArrowBuf;

/** Constant categories by their values: hashed, compared where hashes meet. */
final class CategoryTable {
  private static final long MULTIPLIER = 0xD6E8FEB86659FD93L;

  private final int size;

  /** Codes plus one, 0 where there is none. */
  private final int[] slots;

  private final boolean words;

  /** By code: the word, or the hash of the bytes. */
  private final long[] keys;

  /** By code, where values are no words. */
  private final byte[][] bytes;

  /**
   * Copies the categories; of equal ones the first counts, a NULL is never found.
   *
   * @param arguments constants from {@code first} on
   */
  CategoryTable(Values[] arguments, int first) {
    this.size = arguments.length - first;
    this.slots = new int[Math.max(4, Integer.highestOneBit(Math.max(1, size)) * 4)];
    this.keys = new long[size];
    this.bytes = new byte[size][];
    this.words = size == 0 || Constants.isWord(arguments[first].layout());
    for (int code = 0; code < size; code++) {
      Values category = arguments[first + code];
      if (!category.isNull(0) && category.layout() != Layout.NONE) {
        put(code, category);
      }
    }
  }

  private void put(int code, Values category) {
    if (code(category, 0) < size) {
      return;
    }
    if (words) {
      keys[code] = Constants.word(category, 0);
    } else {
      int start = Constants.start(category, 0);
      int end = Constants.end(category, 0);
      keys[code] = hash(category.data(), start, end);
      bytes[code] = Bytes.copy(category.data(), start, end);
    }
    int at = slot(keys[code]);
    while (slots[at] != 0) {
      at = (at + 1) & (slots.length - 1);
    }
    slots[at] = code + 1;
  }

  /** How many categories there are; also the code of what is none. */
  int size() {
    return size;
  }

  private int slot(long key) {
    long hash = key * MULTIPLIER;
    return (int) (((hash ^ (hash >>> 32)) * MULTIPLIER) >>> 40) & (slots.length - 1);
  }

  private static long hash(ArrowBuf from, int start, int end) {
    long hash = (long) end - start;
    int i = start;
    for (; i + 8 <= end; i += 8) {
      hash = (hash ^ from.getLong(i)) * MULTIPLIER;
      hash ^= hash >>> 32;
    }
    for (; i < end; i++) {
      hash = (hash ^ (from.getByte(i) & 0xff)) * MULTIPLIER;
    }
    return hash;
  }

  /** The code of a row, flat or constant, that is not NULL. */
  int code(Values values, int row) {
    if (words) {
      return size == 0 ? 0 : wordCode(Constants.word(values, row));
    }
    int start = Constants.start(values, row);
    int end = Constants.end(values, row);
    long hash = hash(values.data(), start, end);
    for (int at = slot(hash); slots[at] != 0; at = (at + 1) & (slots.length - 1)) {
      int code = slots[at] - 1;
      byte[] category = bytes[code];
      if (keys[code] == hash
          && category.length == end - start
          && Bytes.matches(values.data(), start, category, 0, category.length)) {
        return code;
      }
    }
    return size;
  }

  private int wordCode(long word) {
    for (int at = slot(word); slots[at] != 0; at = (at + 1) & (slots.length - 1)) {
      if (keys[slots[at] - 1] == word) {
        return slots[at] - 1;
      }
    }
    return size;
  }

  /** The codes of flat rows; NULLs have that of what is none. */
  void codes(Values values, int count, int[] codes) {
    if (!values.hasNulls()) {
      for (int i = 0; i < count; i++) {
        codes[i] = code(values, i);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      codes[i] = values.isNull(i) ? size : code(values, i);
    }
  }
}
