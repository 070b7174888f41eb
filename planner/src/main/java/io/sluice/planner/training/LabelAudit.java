package io.sluice.planner.training;

import io.sluice.planner.training.AuditSample.Values;
import io.sluice.planner.training.Finding.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/** Labels among the features: as they are, changed, or told by another column. */
final class LabelAudit {
  private static final int LEAST_ROWS = 30;
  private static final int LEAST_OF_A_CLASS = 10;
  private static final int FEW_VALUES = 1_000;
  private static final double ALL_BUT = 0.995;
  private static final double LINEAR = 0.99999;
  private static final double SUSPICIOUS = 0.99;

  private final VersionRecord record;
  private final AuditSample sample;
  private final int first;
  private final int last;
  private final List<Finding> findings = new ArrayList<>();

  LabelAudit(VersionRecord record, AuditSample sample) {
    this.record = record;
    this.sample = sample;
    this.first = Arrays.stream(sample.splits()).min().orElse(0);
    this.last = Arrays.stream(sample.splits()).max().orElse(0);
  }

  /**
   * The findings.
   *
   * @param features columns to look at
   */
  List<Finding> of(Set<String> features) {
    for (DatasetDefinition.Label label : record.definition().labels()) {
      Optional<Values> target = sample.column(label.column());
      if (target.isEmpty()) {
        continue;
      }
      for (String feature : features) {
        sample.column(feature).ifPresent(v -> compare(feature, v, label.column(), target.get()));
      }
    }
    return findings;
  }

  /** Two columns' rows where both have a value. */
  private record Pair(double[] feature, double[] label, int[] rows) {}

  private static Pair pair(double[] feature, double[] label) {
    int[] rows =
        java.util.stream.IntStream.range(0, feature.length)
            .filter(i -> !Double.isNaN(feature[i]) && !Double.isNaN(label[i]))
            .toArray();
    return new Pair(
        Arrays.stream(rows).mapToDouble(i -> feature[i]).toArray(),
        Arrays.stream(rows).mapToDouble(i -> label[i]).toArray(),
        rows);
  }

  private void compare(String name, Values feature, String label, Values target) {
    Pair pair = pair(feature.numbers(), target.numbers());
    if (pair.rows().length < LEAST_ROWS || PairStatistics.distinct(pair.label()) < 2) {
      return;
    }
    if (!isFunction(name, feature, label, target, pair)) {
      predict(name, feature, label, target, pair);
    }
  }

  private boolean isFunction(String name, Values feature, String label, Values target, Pair pair) {
    int n = pair.rows().length;
    boolean comparable = feature.text() == target.text();
    double linear =
        feature.text() || target.text()
            ? 0
            : PairStatistics.correlation(pair.feature(), pair.label());
    long equal =
        java.util.stream.IntStream.range(0, n)
            .filter(i -> pair.feature()[i] == pair.label()[i])
            .count();
    if (comparable && (equal == n || (equal >= ALL_BUT * n && Math.abs(linear) > SUSPICIOUS))) {
      add(
          "label copy",
          name,
          Severity.ERROR,
          equal,
          "equals " + label + " in " + equal + " of " + n + " rows",
          pair);
      return true;
    }
    if (Math.abs(linear) > LINEAR) {
      add(
          "label function",
          name,
          Severity.ERROR,
          n,
          "a linear function of " + label + ": correlation " + number(linear),
          pair);
      return true;
    }
    if (PairStatistics.isGroupingOf(pair.feature(), pair.label())) {
      add(
          "label function",
          name,
          Severity.ERROR,
          n,
          "follows from "
              + label
              + ": each of its "
              + PairStatistics.distinct(pair.feature())
              + " values stands for a part of "
              + label,
          pair);
      return true;
    }
    if (feature.text() || target.text()) {
      return false;
    }
    boolean fine =
        PairStatistics.distinct(pair.feature()) > n / 2
            && PairStatistics.distinct(pair.label()) > n / 2;
    double monotone =
        fine
            ? PairStatistics.correlation(
                PairStatistics.ranks(pair.feature()), PairStatistics.ranks(pair.label()))
            : 0;
    if (Math.abs(monotone) > LINEAR) {
      add(
          "label function",
          name,
          Severity.ERROR,
          n,
          "has the order of " + label + ": rank correlation " + number(monotone),
          pair);
      return true;
    }
    return false;
  }

  // -------- prediction

  private boolean fits(int row, int index) {
    return first == last ? index % 2 == 0 : sample.splits()[row] == first;
  }

  private boolean scores(int row, int index) {
    return first == last ? index % 2 == 1 : sample.splits()[row] == last;
  }

  private void predict(String name, Values feature, String label, Values target, Pair pair) {
    double[] values = Arrays.stream(pair.label()).distinct().toArray();
    boolean numeric = !target.text() && values.length > 2;
    double hit = values.length == 2 ? Math.max(values[0], values[1]) : most(pair.label(), values);
    DoubleUnaryOperator meaning = numeric ? v -> v : v -> v == hit ? 1 : 0;
    int n = pair.rows().length;
    int[] train =
        java.util.stream.IntStream.range(0, n).filter(i -> fits(pair.rows()[i], i)).toArray();
    int[] test =
        java.util.stream.IntStream.range(0, n).filter(i -> scores(pair.rows()[i], i)).toArray();
    if (train.length < LEAST_ROWS || test.length < LEAST_ROWS) {
      return;
    }
    double[] x = pick(pair.feature(), train);
    double[] y = Arrays.stream(pick(pair.label(), train)).map(meaning).toArray();
    double[] testX = pick(pair.feature(), test);
    double[] testY = Arrays.stream(pick(pair.label(), test)).map(meaning).toArray();
    double best = Double.NaN;
    for (SingleFeatureModel model : models(feature, x, y)) {
      double score =
          numeric ? SingleFeatureModel.explained(model, testX, testY) : area(model, testX, testY);
      best = Double.isNaN(best) || score > best ? score : best;
    }
    if (best > SUSPICIOUS) {
      String split =
          first == last ? "half of the rows" : "split " + AuditSample.splitNames(record).get(last);
      add(
          "predicts the label",
          name,
          Severity.WARNING,
          test.length,
          "tells "
              + label
              + " almost perfectly: "
              + (numeric ? "R2 " : "AUC ")
              + number(best)
              + " on "
              + split,
          pair);
    }
  }

  private static double area(SingleFeatureModel model, double[] feature, double[] target) {
    boolean[] positive = new boolean[target.length];
    for (int i = 0; i < target.length; i++) {
      positive[i] = target[i] > 0.5;
    }
    double[] scores = Arrays.stream(feature).map(model::predict).toArray();
    return PairStatistics.areaUnderCurve(scores, positive, LEAST_OF_A_CLASS);
  }

  private static List<SingleFeatureModel> models(Values feature, double[] x, double[] y) {
    List<SingleFeatureModel> models = new ArrayList<>();
    if (!feature.text()) {
      models.add(SingleFeatureModel.line(x, y));
      models.add(SingleFeatureModel.byBin(x, y, Math.clamp(x.length / 8, 2, 256)));
    }
    if (feature.text() || PairStatistics.distinct(x) <= FEW_VALUES) {
      models.add(SingleFeatureModel.byValue(x, y));
    }
    return models;
  }

  private static double[] pick(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(i -> values[i]).toArray();
  }

  private static double most(double[] labels, double[] values) {
    double best = values[0];
    long most = 0;
    if (values.length > FEW_VALUES) {
      return best;
    }
    for (double value : values) {
      long count = Arrays.stream(labels).filter(label -> label == value).count();
      if (count > most) {
        most = count;
        best = value;
      }
    }
    return best;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value);
  }

  private void add(
      String check, String column, Severity severity, long rows, String figures, Pair pair) {
    String of = sample.rows() < record.rows() ? " (of a sample of " + sample.rows() + ")" : "";
    String row = sample.keys().get(pair.rows()[0]);
    findings.add(new Finding(check, column, severity, rows, figures + of + "; such as " + row));
  }
}
