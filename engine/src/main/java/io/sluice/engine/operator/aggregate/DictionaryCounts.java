package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.memory.MemoryReservation;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows of dictionary columns by group and index. What an index stands for is looked at once,
 * when another dictionary comes.
 */
final class DictionaryCounts implements AutoCloseable {
  /** Larger tables of counts are not kept. */
  private static final int MOST_COUNTS = 1 << 16;

  /** Takes counted values. */
  @FunctionalInterface
  interface Target {
    /**
     * @param values of the dictionary
     * @param rows which of them
     * @param times how often the value came in the group
     */
    void add(FlatColumn values, int[] rows, int[] groups, long[] times);
  }

  private final BufferAllocator allocator;
  private final MemoryReservation memory;
  private final Target target;

  /** The dictionary whose indices are counted, with a use of it. */
  private @Nullable SharedDictionary dictionary;

  /** By group, then by index. */
  private long[] counts = new long[0];

  private int groups;

  /** Takes the memory of its counts from a reservation that others may share. */
  DictionaryCounts(BufferAllocator allocator, MemoryReservation memory, Target target) {
    this.allocator = allocator;
    this.memory = memory;
    this.target = target;
  }

  /**
   * Counts the rows of an argument, if they are worth it.
   *
   * @return whether they are counted; else the caller looks at the rows
   */
  boolean count(SlotValues values, int argument, int groupCount) {
    Column column = values.column(argument);
    if (!(column instanceof DictionaryColumn encoded)
        || (long) groupCount * encoded.dictionary().size() > MOST_COUNTS) {
      return false;
    }
    int size = encoded.dictionary().size();
    if (dictionary != encoded.dictionary() || groups < groupCount) {
      flush();
      if (counts.length < size * groupCount) {
        memory.add((long) (size * groupCount - counts.length) * Long.BYTES);
        counts = new long[size * groupCount];
      }
      dictionary = encoded.dictionary().retain();
      groups = groupCount;
    }
    ArrowBuf indices = encoded.indices().getDataBuffer();
    int[] rows = values.rows();
    int[] of = values.groups();
    for (int i = 0; i < values.count(); i++) {
      counts[of[i] * size + indices.getInt((long) rows[i] << 2)]++;
    }
    return true;
  }

  /** Hands over what is counted. */
  void flush() {
    SharedDictionary counted = dictionary;
    if (counted == null) {
      return;
    }
    dictionary = null;
    try {
      int size = counted.size();
      int used = 0;
      for (int at = 0; at < size * groups; at++) {
        used += counts[at] != 0 ? 1 : 0;
      }
      int[] rows = new int[used];
      int[] of = new int[used];
      long[] times = new long[used];
      used = 0;
      for (int at = 0; at < size * groups; at++) {
        if (counts[at] != 0) {
          rows[used] = at % size;
          of[used] = at / size;
          times[used++] = counts[at];
          counts[at] = 0;
        }
      }
      try (FlatColumn values =
          new FlatColumn(counted.type(), Vectors.share(counted.values(), allocator))) {
        target.add(values, rows, of, times);
      }
    } finally {
      counted.release();
    }
  }

  @Override
  public void close() {
    if (dictionary != null) {
      dictionary.release();
      dictionary = null;
    }
  }
}
