package io.sluice.engine.operator.aggregate.profile;

import java.util.Arrays;

/** Values in order, each bucket of them with a least and a greatest value and a count. */
final class Distribution {
  /** Bars of a histogram. */
  static final int BARS = 20;

  private final Domain domain;
  private long[] lows = new long[64];
  private long[] highs = new long[64];
  private long[] counts = new long[64];
  private int size;
  private long total;

  Distribution(Domain domain) {
    this.domain = domain;
  }

  /** Adds a bucket above all others. */
  void add(long low, long high, long count) {
    if (size == lows.length) {
      lows = Arrays.copyOf(lows, 2 * size);
      highs = Arrays.copyOf(highs, 2 * size);
      counts = Arrays.copyOf(counts, 2 * size);
    }
    lows[size] = low;
    highs[size] = high;
    counts[size++] = count;
    total += count;
  }

  /** Of each bucket. */
  long[] counts() {
    return Arrays.copyOf(counts, size);
  }

  /** The least value of a bucket. */
  long low(int bucket) {
    return lows[bucket];
  }

  Domain domain() {
    return domain;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The ends of the outermost buckets are the values themselves. */
  void bound(long least, long greatest) {
    if (size > 0) {
      lows[0] = Math.max(lows[0], least);
      highs[size - 1] = Math.min(highs[size - 1], greatest);
    }
  }

  /**
   * The least value that {@code percent} percent of the values do not exceed. Within a bucket
   * values are taken as evenly spread.
   */
  long quantile(int percent) {
    long rank = Math.max(1, Math.ceilDiv(Math.multiplyExact(total, percent), 100));
    long before = 0;
    for (int i = 0; ; i++) {
      if (before + counts[i] >= rank) {
        double fraction = (rank - before - 0.5) / counts[i];
        return lows[i] == highs[i] ? lows[i] : domain.between(lows[i], highs[i], fraction);
      }
      before += counts[i];
    }
  }

  /**
   * The edges of the bars, one more than there are, between the least and the greatest finite
   * value. For times these are integers.
   */
  double[] edges() {
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < size; i++) {
      if (isFinite(i)) {
        from = Math.min(from, domain.number(lows[i]));
        to = domain.number(highs[i]);
      }
    }
    if (from > to) {
      return new double[0];
    }
    if (from == to) {
      return new double[] {from, to};
    }
    double[] edges = new double[BARS + 1];
    for (int i = 1; i < BARS; i++) {
      double step = (to - from) * i;
      // the difference of two doubles may be infinite
      double edge =
          Double.isInfinite(step) ? from / BARS * (BARS - i) + to / BARS * i : from + step / BARS;
      edges[i] = domain == Domain.TIME ? Math.floor(edge) : edge;
    }
    edges[0] = from;
    edges[BARS] = to;
    return edges;
  }

  /** How many values are in each bar, [edge, next edge), the last with its upper edge. */
  long[] bars(double[] edges) {
    long[] bars = new long[Math.max(0, edges.length - 1)];
    for (int i = 0; i < size; i++) {
      if (isFinite(i)) {
        double value = domain.number(domain.between(lows[i], highs[i], 0.5));
        int bar = 0;
        while (bar + 1 < bars.length && value >= edges[bar + 1]) {
          bar++;
        }
        bars[bar] += counts[i];
      }
    }
    return bars;
  }

  private boolean isFinite(int i) {
    return domain != Domain.FLOATING || Double.isFinite(domain.number(lows[i]));
  }
}
