package io.sluice.planner.training;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Statistics of two columns of equal length without NaN, in random order of rows. */
final class PairStatistics {
  private static final double FEW_EXCEPTIONS = 0.02;

  private PairStatistics() {}

  /** Pearson's correlation; 0 where one of them is constant. */
  static double correlation(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElse(0);
    double meanY = Arrays.stream(y).average().orElse(0);
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int i = 0; i < x.length; i++) {
      double a = x[i] - meanX;
      double b = y[i] - meanY;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx) / Math.sqrt(yy);
  }

  /** Ranks from 1, equal values share their mean. */
  static double[] ranks(double[] values) {
    Integer[] order = order(values);
    double[] ranks = new double[values.length];
    for (int from = 0; from < order.length; ) {
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to + 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  private static Integer[] order(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Double.compare(values[a], values[b]));
    return order;
  }

  static int distinct(double[] values) {
    return (int) Arrays.stream(values).distinct().count();
  }

  /**
   * Whether {@code groups} says no more than which part of the values' range, or which of few
   * values, a row has. Rows in the order of the values then form hardly more runs of equal groups
   * than there are groups, where unrelated ones would change with nearly every row.
   */
  static boolean isGroupingOf(double[] groups, double[] values) {
    int n = groups.length;
    Map<Double, Integer> counts = new HashMap<>();
    for (double group : groups) {
      counts.merge(group, 1, Integer::sum);
    }
    int kinds = counts.size();
    if (kinds < 2 || kinds > n / 2) {
      return false;
    }
    int levels = distinct(values);
    double least = levels <= n / 10 ? Math.max(kinds, levels) : kinds;
    double same = 0;
    for (int count : counts.values()) {
      same += (double) count / n * count / n;
    }
    double unrelated = 1 + n * (1 - same);
    if (unrelated < 1.5 * least + 20) {
      return false;
    }
    Integer[] order = order(values);
    int runs = 1;
    for (int i = 1; i < n; i++) {
      if (groups[order[i]] != groups[order[i - 1]]) {
        runs++;
      }
    }
    return runs - least <= FEW_EXCEPTIONS * (unrelated - least);
  }

  /**
   * The chance that a row with {@code positive} has a greater score than one without, ties halved;
   * NaN where one of the two has fewer than {@code least} rows.
   */
  static double areaUnderCurve(double[] scores, boolean[] positive, int least) {
    double[] ranks = ranks(scores);
    double sum = 0;
    long hits = 0;
    for (int i = 0; i < ranks.length; i++) {
      if (positive[i]) {
        sum += ranks[i];
        hits++;
      }
    }
    long misses = ranks.length - hits;
    if (hits < least || misses < least) {
      return Double.NaN;
    }
    return (sum - hits * (hits + 1) / 2.0) / ((double) hits * misses);
  }
}
