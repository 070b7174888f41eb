package io.sluice.planner.training;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The mean of a target, predicted from one feature: by the feature's value, by the bin of equally
 * many rows that it falls in, or by a line.
 */
sealed interface SingleFeatureModel {
  double predict(double feature);

  /** A mean for each value, the whole mean for others. */
  record ByValue(Map<Double, Double> means, double whole) implements SingleFeatureModel {
    @Override
    public double predict(double feature) {
      return means.getOrDefault(feature, whole);
    }
  }

  /** A mean for each bin; bin i ends before {@code bounds[i]}. */
  record ByBin(double[] bounds, double[] means) implements SingleFeatureModel {
    @Override
    public double predict(double feature) {
      int at = Arrays.binarySearch(bounds, feature);
      return means[at >= 0 ? at + 1 : -at - 1];
    }
  }

  /** {@code base + slope * feature}. */
  record Line(double base, double slope) implements SingleFeatureModel {
    @Override
    public double predict(double feature) {
      return base + slope * feature;
    }
  }

  static SingleFeatureModel byValue(double[] feature, double[] target) {
    Map<Double, double[]> sums = new HashMap<>();
    for (int i = 0; i < feature.length; i++) {
      double[] sum = sums.computeIfAbsent(feature[i], f -> new double[2]);
      sum[0] += target[i];
      sum[1]++;
    }
    Map<Double, Double> means = new HashMap<>();
    sums.forEach((value, sum) -> means.put(value, sum[0] / sum[1]));
    return new ByValue(means, Arrays.stream(target).average().orElse(0));
  }

  static SingleFeatureModel byBin(double[] feature, double[] target, int bins) {
    double[] sorted = feature.clone();
    Arrays.sort(sorted);
    double[] bounds =
        java.util.stream.IntStream.range(1, bins)
            .mapToDouble(i -> sorted[(int) ((long) i * sorted.length / bins)])
            .distinct()
            .toArray();
    double whole = Arrays.stream(target).average().orElse(0);
    double[] sums = new double[bounds.length + 1];
    long[] counts = new long[bounds.length + 1];
    for (int i = 0; i < feature.length; i++) {
      int at = Arrays.binarySearch(bounds, feature[i]);
      int bin = at >= 0 ? at + 1 : -at - 1;
      sums[bin] += target[i];
      counts[bin]++;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] = counts[i] == 0 ? whole : sums[i] / counts[i];
    }
    return new ByBin(bounds, sums);
  }

  static SingleFeatureModel line(double[] feature, double[] target) {
    double meanX = Arrays.stream(feature).average().orElse(0);
    double meanY = Arrays.stream(target).average().orElse(0);
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < feature.length; i++) {
      xx += (feature[i] - meanX) * (feature[i] - meanX);
      xy += (feature[i] - meanX) * (target[i] - meanY);
    }
    double slope = xx == 0 ? 0 : xy / xx;
    return new Line(meanY - slope * meanX, slope);
  }

  /** 1 - squared error / squared deviation; NaN where the target is constant. */
  static double explained(SingleFeatureModel model, double[] feature, double[] target) {
    double mean = Arrays.stream(target).average().orElse(0);
    double error = 0;
    double total = 0;
    for (int i = 0; i < feature.length; i++) {
      double miss = target[i] - model.predict(feature[i]);
      error += miss * miss;
      total += (target[i] - mean) * (target[i] - mean);
    }
    return total == 0 ? Double.NaN : 1 - error / total;
  }
}
