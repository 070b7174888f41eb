package io.sluice.connectors.parquet;

import java.util.Arrays;

/** Runs of rows of a row group, ascending and apart. */
public final class RowRanges {
  private int[] starts = new int[8];
  private int[] ends = new int[8];
  private int count;
  private long rows;

  /** Those of given rows, which ascend. */
  static RowRanges of(int[] rows) {
    RowRanges ranges = new RowRanges();
    for (int row : rows) {
      ranges.add(row, row + 1);
    }
    return ranges;
  }

  /** Rows up to {@code end}, which come after all that are there. */
  void add(int start, int end) {
    assert start < end && (count == 0 || start >= ends[count - 1]);
    rows += end - start;
    if (count > 0 && ends[count - 1] == start) {
      ends[count - 1] = end;
      return;
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    starts[count] = start;
    ends[count] = end;
    count++;
  }

  public int count() {
    return count;
  }

  int start(int range) {
    return starts[range];
  }

  int end(int range) {
    return ends[range];
  }

  /** Rows of all runs. */
  public long rows() {
    return rows;
  }
}
