package io.sluice.engine.operator.asof;

import java.util.Arrays;

/**
 * Rows grouped by entity: codes and row numbers, which are sorted together, and bounds. A bound's
 * array is reordered with the rows.
 */
final class EntityRows {
  private static final int FEW = 16;

  final long[] codes;
  final int[] rows;
  final long[][] bounds;
  private final CodeSort sort = new CodeSort();
  private int[] order = {};
  private long[] before = {};

  EntityRows(int count, int boundCount) {
    codes = new long[count];
    rows = new int[count];
    bounds = new long[boundCount][count];
  }

  /** Sorts a range by code, then by bounds. */
  void sort(int from, int to) {
    if (bounds.length == 0) {
      sort.sort(codes, rows, from, to);
      return;
    }
    int count = to - from;
    if (order.length < count) {
      order = new int[count];
      before = new long[count];
    }
    int[] rowsBefore = new int[count];
    System.arraycopy(rows, from, rowsBefore, 0, count);
    for (int i = 0; i < count; i++) {
      rows[from + i] = i;
    }
    sort.sort(codes, rows, from, to);
    System.arraycopy(rows, from, order, 0, count);
    for (int i = 0; i < count; i++) {
      rows[from + i] = rowsBefore[order[i]];
    }
    for (long[] bound : bounds) {
      System.arraycopy(bound, from, before, 0, count);
      for (int i = 0; i < count; i++) {
        bound[from + i] = before[order[i]];
      }
    }
    sortTies(from, to);
  }

  private void sortTies(int from, int to) {
    int start = from;
    for (int end = from + 1; end <= to; end++) {
      if (end == to || codes[end] != codes[start]) {
        if (end - start <= FEW) {
          sortFew(start, end);
        } else {
          sortMany(start, end);
        }
        start = end;
      }
    }
  }

  private void sortFew(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      for (int j = i; j > from && compareBounds(j - 1, j) > 0; j--) {
        swap(j - 1, j);
      }
    }
  }

  /** Rows of one instant mostly have equal bounds, as these follow from it. */
  private void sortMany(int from, int to) {
    int at = from + 1;
    while (at < to && compareBounds(at - 1, at) <= 0) {
      at++;
    }
    if (at == to) {
      return;
    }
    Integer[] sorted = new Integer[to - from];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = from + i;
    }
    Arrays.sort(sorted, this::compareBounds);
    int[] rowsBefore = Arrays.copyOfRange(rows, from, to);
    for (int i = 0; i < sorted.length; i++) {
      rows[from + i] = rowsBefore[sorted[i] - from];
    }
    for (long[] bound : bounds) {
      long[] boundBefore = Arrays.copyOfRange(bound, from, to);
      for (int i = 0; i < sorted.length; i++) {
        bound[from + i] = boundBefore[sorted[i] - from];
      }
    }
  }

  private int compareBounds(int left, int right) {
    for (long[] bound : bounds) {
      int order = Long.compare(bound[left], bound[right]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private void swap(int left, int right) {
    int row = rows[left];
    rows[left] = rows[right];
    rows[right] = row;
    for (long[] bound : bounds) {
      long code = bound[left];
      bound[left] = bound[right];
      bound[right] = code;
    }
  }

  boolean sameInstant(int left, int right) {
    return codes[left] == codes[right] && compareBounds(left, right) == 0;
  }

  /** Whether no bound of the later row is below that of the earlier one. */
  boolean boundsAscend(int earlier, int later) {
    for (long[] bound : bounds) {
      if (bound[earlier] > bound[later]) {
        return false;
      }
    }
    return true;
  }
}
