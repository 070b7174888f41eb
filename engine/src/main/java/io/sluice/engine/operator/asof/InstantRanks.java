package io.sluice.engine.operator.asof;

import io.sluice.engine.operator.sort.SortKeyBytes;
import java.util.List;

/**
 * The distinct keys of all right instants in order, so that a rank stands for a key.
 *
 * @param parts lists of keys
 * @param partOf and {@code rowOf} say where the distinct keys lie, in ascending order
 * @param inverted whether ranks are inverted
 */
record InstantRanks(List<SortKeyBytes> parts, int[] partOf, int[] rowOf, boolean inverted) {
  /** The code of rank {@code rank}. */
  long code(int rank) {
    return inverted ? ~(long) rank : rank;
  }

  /**
   * The code up to which right codes are eligible for a left key.
   *
   * @param inclusive whether an equal right key is eligible
   */
  long leftCode(SortKeyBytes keys, int row, boolean inclusive) {
    // forward joins want the first key not below (or above) the left one, backward joins the last
    boolean afterEqual = inverted != inclusive;
    int low = 0;
    int high = rowOf.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = SortKeyBytes.compare(parts.get(partOf[middle]), rowOf[middle], keys, row);
      if (order < 0 || (order == 0 && afterEqual)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return inverted ? ~(long) low : low - 1L;
  }
}
