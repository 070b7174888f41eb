package io.sluice.engine.operator.sort;

import io.sluice.engine.memory.MemoryReservation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Rows' sort keys as bytes whose unsigned order is the order of the rows. The first eight bytes of
 * each are kept as a number too, which decides most comparisons.
 */
final class SortKeyBytes {
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final MemoryReservation reservation;
  private byte[] bytes = {};
  private int[] offsets = {0};
  private long[] prefixes = {};
  private int rows;

  /** The reservation stays the caller's. */
  SortKeyBytes(MemoryReservation reservation) {
    this.reservation = reservation;
  }

  int rows() {
    return rows;
  }

  /** Room for rows whose keys have these lengths; {@link #bytes} is to be filled. */
  void append(int[] lengths, int count) {
    long end = offsets[rows];
    for (int i = 0; i < count; i++) {
      end += lengths[i];
    }
    grow(Math.toIntExact(end), rows + count);
    for (int i = 0; i < count; i++) {
      offsets[rows + i + 1] = offsets[rows + i] + lengths[i];
    }
    rows += count;
  }

  private void grow(int neededBytes, int neededRows) {
    int byteCapacity = capacity(bytes.length, neededBytes);
    int rowCapacity = capacity(prefixes.length, neededRows);
    // While growing, old and new arrays exist together.
    long before = reservation.bytes();
    long after = byteCapacity + 12L * rowCapacity + 4;
    reservation.resize(before + after);
    if (byteCapacity > bytes.length) {
      bytes = Arrays.copyOf(bytes, byteCapacity);
    }
    if (rowCapacity > prefixes.length) {
      prefixes = Arrays.copyOf(prefixes, rowCapacity);
      offsets = Arrays.copyOf(offsets, rowCapacity + 1);
    }
    reservation.resize(after);
  }

  private static int capacity(int have, int needed) {
    return needed <= have ? have : (int) Math.min(Integer.MAX_VALUE - 8, needed + (needed >> 1L));
  }

  byte[] bytes() {
    return bytes;
  }

  int offset(int row) {
    return offsets[row];
  }

  /** To be called once the bytes of rows from {@code first} on are filled. */
  void fillPrefixes(int first) {
    for (int row = first; row < rows; row++) {
      prefixes[row] = prefix(row) ^ Long.MIN_VALUE;
    }
  }

  private long prefix(int row) {
    int start = offsets[row];
    int length = offsets[row + 1] - start;
    if (length >= 8) {
      return (long) LONG.get(bytes, start);
    }
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (bytes[start + i] & 0xFFL) << (56 - 8 * i);
    }
    return value;
  }

  /** Orders row {@code a} of {@code left} and row {@code b} of {@code right}. */
  static int compare(SortKeyBytes left, int a, SortKeyBytes right, int b) {
    int byPrefix = Long.compare(left.prefixes[a], right.prefixes[b]);
    return byPrefix != 0 ? byPrefix : compareRest(left, a, right, b);
  }

  private static int compareRest(SortKeyBytes left, int a, SortKeyBytes right, int b) {
    return Arrays.compareUnsigned(
        left.bytes,
        left.offsets[a],
        left.offsets[a + 1],
        right.bytes,
        right.offsets[b],
        right.offsets[b + 1]);
  }

  /** Row numbers in order; equal rows stay in theirs. A merge sort, bottom up. */
  int[] sorted() {
    int[] source = new int[rows];
    for (int i = 0; i < rows; i++) {
      source[i] = i;
    }
    insertionSortBlocks(source);
    int[] target = new int[rows];
    for (int width = BLOCK; width < rows; width <<= 1) {
      for (int start = 0; start < rows; start += 2 * width) {
        merge(
            source,
            target,
            start,
            Math.min(start + width, rows),
            Math.min(start + 2 * width, rows));
      }
      int[] swap = source;
      source = target;
      target = swap;
    }
    return source;
  }

  private static final int BLOCK = 8;

  private void insertionSortBlocks(int[] order) {
    for (int start = 0; start < rows; start += BLOCK) {
      int end = Math.min(start + BLOCK, rows);
      for (int i = start + 1; i < end; i++) {
        int row = order[i];
        int j = i - 1;
        while (j >= start && compare(this, order[j], this, row) > 0) {
          order[j + 1] = order[j];
          j--;
        }
        order[j + 1] = row;
      }
    }
  }

  private void merge(int[] source, int[] target, int start, int middle, int end) {
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeLeft =
          left < middle && (right >= end || compare(this, source[left], this, source[right]) <= 0);
      target[i] = takeLeft ? source[left++] : source[right++];
    }
  }
}
