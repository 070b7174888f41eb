package io.sluice.engine.operator.asof;

import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.memory.MemoryReservation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The rows of a scan that some left row has chosen, as one bit per row of every split, and their
 * positions in the order of their addresses. Marked by several threads, then {@link #number}ed by
 * one, then read by all.
 */
final class Winners implements AutoCloseable {
  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  /** The chosen rows of one split. */
  private static final class SplitRows {
    final ScanSplit split;
    final long[] words;
    final int[] ranks;
    int first;
    int count;

    SplitRows(ScanSplit split) {
      this.split = split;
      int size = words(split);
      this.words = new long[size];
      this.ranks = new int[size];
    }

    static int words(ScanSplit split) {
      return Math.toIntExact((split.rows() + 63) >>> 6);
    }
  }

  private final MemoryReservation reservation;
  private final List<SplitRows> splits = new ArrayList<>();
  private final Map<Integer, SplitRows> sparse = new HashMap<>();
  private final SplitRows[] dense;
  private int count;

  /** All splits of the scan, in order. */
  Winners(List<ScanSplit> all, BufferAllocator allocator) {
    reservation = new MemoryReservation(allocator);
    long words = 0;
    for (ScanSplit split : all) {
      words += SplitRows.words(split);
    }
    reservation.add(words * 12);
    for (ScanSplit split : all) {
      SplitRows rows = new SplitRows(split);
      splits.add(rows);
      sparse.put(split.ordinal(), rows);
    }
    int last = all.isEmpty() ? -1 : all.getLast().ordinal();
    dense = new SplitRows[last < 4 * all.size() + 1024 ? last + 1 : 0];
    for (SplitRows rows : splits) {
      if (dense.length > 0) {
        dense[rows.split.ordinal()] = rows;
      }
    }
  }

  private SplitRows split(long address) {
    int ordinal = (int) (address >>> 32);
    return dense.length > 0 ? dense[ordinal] : Built.of(sparse.get(ordinal));
  }

  /** Marks a row; returns whether it was not marked before. */
  boolean mark(long address) {
    int row = (int) address;
    long bit = 1L << row;
    long[] words = split(address).words;
    return (words[row >>> 6] & bit) == 0
        && ((long) WORD.getAndBitwiseOr(words, row >>> 6, bit) & bit) == 0;
  }

  /** Gives positions, from 0, to all that is marked. */
  void number() {
    int position = 0;
    for (SplitRows rows : splits) {
      rows.first = position;
      for (int i = 0; i < rows.words.length; i++) {
        rows.ranks[i] = position;
        position = Math.addExact(position, Long.bitCount(rows.words[i]));
      }
      rows.count = position - rows.first;
    }
    count = position;
  }

  /** Rows that are marked. */
  int count() {
    return count;
  }

  /** The position of a marked row. */
  int position(long address) {
    SplitRows rows = split(address);
    int row = (int) address;
    int word = row >>> 6;
    return rows.ranks[word] + Long.bitCount(rows.words[word] & ((1L << row) - 1));
  }

  /** Splits with a marked row, in order, by their ordinals. */
  List<Integer> ordinals() {
    return splits.stream()
        .filter(rows -> rows.count > 0)
        .map(rows -> rows.split.ordinal())
        .toList();
  }

  /** Of the marked rows of a split. */
  int firstPosition(int ordinal) {
    return Built.of(sparse.get(ordinal)).first;
  }

  /** How many rows of a split are marked. */
  int count(int ordinal) {
    return Built.of(sparse.get(ordinal)).count;
  }

  /** The marked rows of a split from row {@code from} to before row {@code to}, ascending. */
  int[] rows(int ordinal, long from, long to) {
    long[] words = Built.of(sparse.get(ordinal)).words;
    int size = 0;
    int firstWord = (int) (from >>> 6);
    int lastWord = (int) Math.min(words.length, (to + 63) >>> 6);
    for (int i = firstWord; i < lastWord; i++) {
      size += Long.bitCount(words(words, i, from, to));
    }
    int[] rows = new int[size];
    int filled = 0;
    for (int i = firstWord; i < lastWord; i++) {
      for (long left = words(words, i, from, to); left != 0; left &= left - 1) {
        rows[filled++] = (i << 6) + Long.numberOfTrailingZeros(left);
      }
    }
    return rows;
  }

  private static long words(long[] words, int index, long from, long to) {
    long word = words[index];
    long start = (long) index << 6;
    if (start < from) {
      word &= -1L << (from - start);
    }
    if (to < start + 64) {
      word &= (1L << (to - start)) - 1;
    }
    return word;
  }

  @Override
  public void close() {
    reservation.close();
  }
}
