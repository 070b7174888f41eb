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
public final class SortKeyBytes {
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** Rows that are put in order by insertion before merging begins. */
  private static final int BLOCK = 8;

  /** Of a row in {@link #sorted}: two row numbers and two prefixes. */
  static final int SORTING_BYTES = 24;

  private final MemoryReservation reservation;
  private byte[] bytes = {};
  private int[] offsets = {0};
  private long[] prefixes = {};
  private int rows;

  /** The reservation stays the caller's. */
  public SortKeyBytes(MemoryReservation reservation) {
    this.reservation = reservation;
  }

  public int rows() {
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

  /** Orders rows whose prefixes are equal. */
  static int compareRest(SortKeyBytes left, int a, SortKeyBytes right, int b) {
    return Arrays.compareUnsigned(
        left.bytes,
        left.offsets[a],
        left.offsets[a + 1],
        right.bytes,
        right.offsets[b],
        right.offsets[b + 1]);
  }

  /** Orders row {@code a} of {@code left} and row {@code b} of {@code right}. */
  public static int compare(SortKeyBytes left, int a, SortKeyBytes right, int b) {
    int byPrefix = Long.compare(left.prefixes[a], right.prefixes[b]);
    return byPrefix != 0 ? byPrefix : compareRest(left, a, right, b);
  }

  /**
   * Rows in order; equal ones stay in theirs. Prefixes move along, so that comparing reads memory
   * in sequence. A merge sort, bottom up.
   */
  Order sorted() {
    int[] order = new int[rows];
    for (int i = 0; i < rows; i++) {
      order[i] = i;
    }
    Order source = new Order(order, Arrays.copyOf(prefixes, rows));
    sortBlocks(source);
    Order target = new Order(new int[rows], new long[rows]);
    for (int width = BLOCK; width < rows; width <<= 1) {
      for (int start = 0; start < rows; start += 2 * width) {
        int middle = Math.min(start + width, rows);
        merge(source, target, start, middle, Math.min(start + 2 * width, rows));
      }
      Order swap = source;
      source = target;
      target = swap;
    }
    return source;
  }

  private void sortBlocks(Order order) {
    int[] numbers = order.rows;
    long[] leading = order.prefixes;
    for (int start = 0; start < rows; start += BLOCK) {
      int end = Math.min(start + BLOCK, rows);
      for (int i = start + 1; i < end; i++) {
        int row = numbers[i];
        long prefix = leading[i];
        int j = i - 1;
        while (j >= start && after(leading[j], numbers[j], prefix, row)) {
          numbers[j + 1] = numbers[j];
          leading[j + 1] = leading[j];
          j--;
        }
        numbers[j + 1] = row;
        leading[j + 1] = prefix;
      }
    }
  }

  private void merge(Order source, Order target, int start, int middle, int end) {
    int[] fromRows = source.rows;
    long[] fromPrefixes = source.prefixes;
    int left = start;
    int right = middle;
    int i = start;
    while (left < middle && right < end) {
      boolean takeRight =
          after(fromPrefixes[left], fromRows[left], fromPrefixes[right], fromRows[right]);
      int taken = takeRight ? right++ : left++;
      target.rows[i] = fromRows[taken];
      target.prefixes[i++] = fromPrefixes[taken];
    }
    int rest = left < middle ? left : right;
    int count = end - i;
    System.arraycopy(fromRows, rest, target.rows, i, count);
    System.arraycopy(fromPrefixes, rest, target.prefixes, i, count);
  }

  /** Whether the first row comes after the second. */
  private boolean after(long prefix, int row, long otherPrefix, int otherRow) {
    return prefix != otherPrefix
        ? prefix > otherPrefix
        : compareRest(this, row, this, otherRow) > 0;
  }

  /** Row numbers in order and, in the same order, the rows' prefixes. */
  record Order(int[] rows, long[] prefixes) {}
}
