package io.sluice.engine.operator.asof;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAccumulator;

/**
 * The extremes of what limits right rows, over the left rows that can match. Safe for all tasks.
 */
final class SpineExtent {
  private final List<SpineLimit> limits;
  private final List<LongAccumulator> extremes = new ArrayList<>();

  SpineExtent(List<SpineLimit> limits) {
    this.limits = List.copyOf(limits);
    for (SpineLimit limit : limits) {
      extremes.add(
          limit.upper()
              ? new LongAccumulator(Math::max, Long.MIN_VALUE)
              : new LongAccumulator(Math::min, Long.MAX_VALUE));
    }
  }

  List<SpineLimit> limits() {
    return limits;
  }

  /** What to evaluate of left rows. */
  List<Operands.Ordered> operands() {
    return limits.stream().map(SpineLimit::operand).toList();
  }

  /**
   * Takes rows in.
   *
   * @param codes by limit and row
   * @param absent rows that cannot match for want of a key or operand
   * @param valueless rows that cannot match for want of a limit
   */
  void add(long[][] codes, int rows, boolean[] absent, boolean[] valueless) {
    for (int k = 0; k < limits.size(); k++) {
      boolean upper = limits.get(k).upper();
      long[] values = codes[k];
      long extreme = upper ? Long.MIN_VALUE : Long.MAX_VALUE;
      for (int i = 0; i < rows; i++) {
        if (!absent[i] && !valueless[i]) {
          extreme = upper ? Math.max(extreme, values[i]) : Math.min(extreme, values[i]);
        }
      }
      extremes.get(k).accumulate(extreme);
    }
  }

  /** The greatest left value of an upper limit, the least of a lower one. */
  long extreme(int limit) {
    return extremes.get(limit).get();
  }
}
