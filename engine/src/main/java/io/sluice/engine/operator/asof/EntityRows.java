package io.sluice.engine.operator.asof;

/**
 * Rows grouped by entity: codes and row numbers, which are sorted together, and bounds. A bound's
 * array is reordered with the rows.
 */
final class EntityRows {
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

  /** Rows of one instant mostly have equal bounds, as these follow from it. */
  private void sortTies(int from, int to) {
    for (int i = from + 1; i < to; i++) {
      for (int j = i; j > from && codes[j - 1] == codes[j] && compareBounds(j - 1, j) > 0; j--) {
        swap(j - 1, j);
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
