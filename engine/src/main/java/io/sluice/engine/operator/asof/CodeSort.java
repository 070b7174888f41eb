package io.sluice.engine.operator.asof;

import java.util.Arrays;

/**
 * Sorts codes and the row numbers that go with them. Equal codes come in no fixed order. Remembers
 * its scratch; used by one thread.
 */
final class CodeSort {
  private static final int INSERTION_LIMIT = 24;
  private static final int DIGIT_BITS = 11;
  private static final int BUCKETS = 1 << DIGIT_BITS;

  private long[] packed = {};
  private long[] otherCodes = {};
  private int[] otherRows = {};
  private final int[] counts = new int[BUCKETS];

  /** Sorts the range {@code from} to {@code to}. */
  void sort(long[] codes, int[] rows, int from, int to) {
    int count = to - from;
    if (count <= INSERTION_LIMIT) {
      insertion(codes, rows, from, to);
      return;
    }
    long least = codes[from];
    long greatest = codes[from];
    boolean sorted = true;
    for (int i = from + 1; i < to; i++) {
      long code = codes[i];
      sorted &= codes[i - 1] <= code;
      least = Math.min(least, code);
      greatest = Math.max(greatest, code);
    }
    if (sorted) {
      return;
    }
    long span = greatest - least;
    int rowBits = 32 - Integer.numberOfLeadingZeros(count - 1);
    int spanBits = 64 - Long.numberOfLeadingZeros(span);
    if (count <= BUCKETS * 2 && spanBits + rowBits <= 63) {
      pack(codes, rows, from, count, least, rowBits);
    } else {
      radix(codes, rows, from, count, least, spanBits);
    }
  }

  private static void insertion(long[] codes, int[] rows, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      long code = codes[i];
      int row = rows[i];
      int j = i - 1;
      while (j >= from && codes[j] > code) {
        codes[j + 1] = codes[j];
        rows[j + 1] = rows[j];
        j--;
      }
      codes[j + 1] = code;
      rows[j + 1] = row;
    }
  }

  private void reserve(int count) {
    if (otherCodes.length < count) {
      int capacity = Math.max(count, otherCodes.length * 2);
      otherCodes = new long[capacity];
      otherRows = new int[capacity];
      packed = new long[0];
    }
  }

  /** Bytes of scratch for ranges of so many rows. */
  static long scratchBytes(long count) {
    return count <= INSERTION_LIMIT ? 0 : count * 12 + Math.min(count, BUCKETS * 2L) * 8;
  }

  private void pack(long[] codes, int[] rows, int from, int count, long least, int rowBits) {
    reserve(count);
    if (packed.length < count) {
      packed = new long[Math.min(BUCKETS * 2, Math.max(count, packed.length * 2))];
    }
    for (int i = 0; i < count; i++) {
      packed[i] = ((codes[from + i] - least) << rowBits) | i;
    }
    Arrays.sort(packed, 0, count);
    System.arraycopy(rows, from, otherRows, 0, count);
    int mask = (1 << rowBits) - 1;
    for (int i = 0; i < count; i++) {
      codes[from + i] = (packed[i] >>> rowBits) + least;
      rows[from + i] = otherRows[(int) packed[i] & mask];
    }
  }

  private void radix(long[] codes, int[] rows, int from, int count, long least, int spanBits) {
    reserve(count);
    long[] sourceCodes = codes;
    int[] sourceRows = rows;
    int sourceFrom = from;
    long[] targetCodes = otherCodes;
    int[] targetRows = otherRows;
    int targetFrom = 0;
    for (int shift = 0; shift < spanBits; shift += DIGIT_BITS) {
      Arrays.fill(counts, 0);
      for (int i = 0; i < count; i++) {
        counts[(int) ((sourceCodes[sourceFrom + i] - least) >>> shift) & (BUCKETS - 1)]++;
      }
      int position = targetFrom;
      for (int bucket = 0; bucket < BUCKETS; bucket++) {
        int size = counts[bucket];
        counts[bucket] = position;
        position += size;
      }
      for (int i = 0; i < count; i++) {
        long code = sourceCodes[sourceFrom + i];
        int at = counts[(int) ((code - least) >>> shift) & (BUCKETS - 1)]++;
        targetCodes[at] = code;
        targetRows[at] = sourceRows[sourceFrom + i];
      }
      long[] swapCodes = sourceCodes;
      sourceCodes = targetCodes;
      targetCodes = swapCodes;
      int[] swapRows = sourceRows;
      sourceRows = targetRows;
      targetRows = swapRows;
      int swapFrom = sourceFrom;
      sourceFrom = targetFrom;
      targetFrom = swapFrom;
    }
    if (sourceCodes != codes) {
      System.arraycopy(sourceCodes, sourceFrom, codes, from, count);
      System.arraycopy(sourceRows, sourceFrom, rows, from, count);
    }
  }
}
