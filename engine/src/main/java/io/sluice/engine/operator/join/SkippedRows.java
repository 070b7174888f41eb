package io.sluice.engine.operator.join;

import java.util.Arrays;

/** Build rows that no key finds, ascending. */
final class SkippedRows {
  private final int[] ids;

  /**
   * @param ids ascending
   */
  SkippedRows(int[] ids) {
    this.ids = ids;
  }

  /** Marks those of a segment; the array has an element per row. */
  void mark(int segment, boolean[] skip) {
    Arrays.fill(skip, false);
    int first = segment << Segments.LOG;
    int i = Arrays.binarySearch(ids, first);
    for (i = i < 0 ? -i - 1 : i; i < ids.length && ids[i] >>> Segments.LOG == segment; i++) {
      skip[ids[i] & Segments.MASK] = true;
    }
  }
}
