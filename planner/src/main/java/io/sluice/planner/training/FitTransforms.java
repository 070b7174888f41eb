package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.planner.training.DatasetDefinition.Fit;
import io.sluice.planner.training.DatasetDefinition.Step;
import io.sluice.planner.training.DatasetDefinition.Transform;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Fitted;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Fits transforms on one split and writes each as an SQL expression over the raw columns with its
 * parameters as constants, so that applying it needs nothing but SQL.
 */
final class FitTransforms {
  private static final int MOST_CATEGORIES = 10_000;
  private static final int USUAL_ONE_HOT = 100;

  private final DatasetQueries queries;
  private final String trainRows;
  private final List<Column> columns;

  /**
   * @param trainRows a query for the rows of the split to fit on
   */
  FitTransforms(DatasetQueries queries, String trainRows, List<Column> columns) {
    this.queries = queries;
    this.trainRows = trainRows;
    this.columns = columns;
  }

  List<Fitted> fit(Fit fit) {
    List<Fitted> fitted = new ArrayList<>();
    for (Transform transform : fit.transforms()) {
      fitted.add(fit(transform));
    }
    return fitted;
  }

  private Fitted fit(Transform transform) {
    String sql = Sql.name(transform.column());
    Map<String, String> parameters = new TreeMap<>();
    String type =
        columns.stream()
            .filter(column -> column.name().equals(transform.column()))
            .findFirst()
            .orElseThrow()
            .type();
    for (Step step : transform.steps()) {
      sql =
          switch (step.function()) {
            case "standardize" -> standardize(sql, type, transform, parameters);
            case "min_max_scale" -> minMaxScale(sql, type, transform, parameters);
            case "impute" -> impute(sql, type, step, transform, parameters);
            case "label_encode" -> labelEncode(sql, type, transform, parameters);
            case "one_hot" -> oneHot(sql, type, step, transform, parameters);
            case "bucketize" -> bucketize(sql, type, step, transform, parameters);
            default -> throw new AssertionError(step);
          };
      type = queries.plan("SELECT " + sql + from()).output().getFirst().type().sql();
    }
    return new Fitted(transform.output(), transform.column(), sql, type, parameters);
  }

  private String from() {
    return " FROM (" + trainRows + "\n) AS \"$train\"";
  }

  private List<@Nullable Object> figures(String items) {
    return queries.row("SELECT " + items + from());
  }

  private String standardize(
      String sql, String type, Transform transform, Map<String, String> parameters) {
    String value = number(sql, type, transform, "standardize");
    List<@Nullable Object> row = figures("AVG(" + value + "), STDDEV_POP(" + value + ")");
    double mean = fitted(row.get(0), transform);
    double deviation = fitted(row.get(1), transform);
    parameters.put("mean", Double.toString(mean));
    parameters.put("standard_deviation", Double.toString(deviation));
    return scaled(value, mean, deviation);
  }

  private String minMaxScale(
      String sql, String type, Transform transform, Map<String, String> parameters) {
    String value = number(sql, type, transform, "min_max_scale");
    List<@Nullable Object> row = figures("MIN(" + value + "), MAX(" + value + ")");
    double min = fitted(row.get(0), transform);
    double max = fitted(row.get(1), transform);
    parameters.put("min", Double.toString(min));
    parameters.put("max", Double.toString(max));
    return scaled(value, min, max - min);
  }

  /** NULL stays NULL; where all values are equal they become 0. */
  private static String scaled(String value, double from, double by) {
    return by == 0
        ? "CASE WHEN " + value + " IS NOT NULL THEN " + Sql.number(0) + " END"
        : "((" + value + " - " + Sql.number(from) + ") / " + Sql.number(by) + ")";
  }

  private static double fitted(@Nullable Object figure, Transform transform) {
    if (figure == null) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "nothing to fit "
              + transform.column()
              + " on: the split has no row with a value in it; impute a constant first");
    }
    double value = ((Number) figure).doubleValue();
    if (Double.isNaN(value)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "column "
              + transform.column()
              + " holds NaN, on which nothing can be fitted; make it NULL in the query, as in"
              + " NULLIF("
              + transform.column()
              + ", CAST('NaN' AS DOUBLE)), or leave the rows out");
    }
    return value;
  }

  private static String number(String sql, String type, Transform transform, String function) {
    if (!isNumber(type)) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          function + " takes numbers, but " + transform.column() + " is a " + type);
    }
    return "CAST(" + sql + " AS DOUBLE)";
  }

  /** Whether a type, as SQL writes it, is one of numbers. */
  static boolean isNumber(String type) {
    return type.endsWith("INT")
        || type.equals("INTEGER")
        || type.equals("REAL")
        || type.equals("DOUBLE")
        || type.startsWith("DECIMAL");
  }

  private String impute(
      String sql, String type, Step step, Transform transform, Map<String, String> parameters) {
    String how = step.arguments().getFirst();
    String function =
        switch (how) {
          case "'mean'" -> "AVG";
          case "'median'" -> "MEDIAN";
          case "'mode'" -> "MODE";
          default -> "";
        };
    if (function.isEmpty()) {
      parameters.put("constant", how);
      return "COALESCE(" + sql + ", CAST(" + how + " AS " + type + "))";
    }
    boolean mode = function.equals("MODE");
    String value = mode ? sql : number(sql, type, transform, "impute");
    @Nullable Object figure = figures(function + "(" + value + ")").getFirst();
    if (!mode) {
      double filled = fitted(figure, transform);
      parameters.put(how.replace("'", ""), Double.toString(filled));
      return "COALESCE(" + value + ", " + Sql.number(filled) + ")";
    }
    if (figure == null) {
      fitted(null, transform);
    }
    String literal = literal(sql, figure, type);
    parameters.put("mode", literal);
    return "COALESCE(" + sql + ", " + literal + ")";
  }

  /** A value of a column as a constant of its type. */
  private String literal(String sql, @Nullable Object value, String type) {
    if (value instanceof String text) {
      return Sql.text(text);
    }
    if (value instanceof Boolean || value instanceof Long || value instanceof BigDecimal) {
      boolean plain = value instanceof Boolean || isNumber(type);
      if (plain) {
        return "CAST(" + value + " AS " + type + ")";
      }
    }
    if (value instanceof Double number) {
      return "CAST('" + number + "' AS " + type + ")";
    }
    // a time: the engine's own text of it, which reads back the same
    @Nullable Object text = figures("CAST(MODE(" + sql + ") AS VARCHAR)").getFirst();
    return "CAST(" + Sql.text(String.valueOf(text)) + " AS " + type + ")";
  }

  private List<String> categories(String sql, String order, int limit) {
    List<String> categories = new ArrayList<>();
    for (List<@Nullable Object> row :
        queries.rows(
            "SELECT c, n FROM (SELECT CAST("
                + sql
                + " AS VARCHAR) AS c, COUNT(*) AS n"
                + from()
                + " GROUP BY 1) AS g WHERE c IS NOT NULL ORDER BY "
                + order
                + " LIMIT "
                + limit)) {
      categories.add((String) row.getFirst());
    }
    return categories;
  }

  private String labelEncode(
      String sql, String type, Transform transform, Map<String, String> parameters) {
    refuseFloats(type, transform, "label_encode");
    List<String> categories = categories(sql, "c", MOST_CATEGORIES + 1);
    if (categories.size() > MOST_CATEGORIES) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "column "
              + transform.column()
              + " has more than "
              + MOST_CATEGORIES
              + " values; label_encode is for categories");
    }
    parameters.put("categories", RecordJson.write(categories));
    return "category_code(CAST(" + sql + " AS VARCHAR)" + listed(categories) + ")";
  }

  private String oneHot(
      String sql, String type, Step step, Transform transform, Map<String, String> parameters) {
    refuseFloats(type, transform, "one_hot");
    int cap = step.arguments().isEmpty() ? USUAL_ONE_HOT : cap(step.arguments().getFirst());
    List<String> categories = categories(sql, "n DESC, c", cap + 1);
    boolean capped = categories.size() > cap;
    if (capped && step.arguments().isEmpty()) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "column "
              + transform.column()
              + " has more than "
              + USUAL_ONE_HOT
              + " values; one_hot("
              + transform.column()
              + ", 20) keeps the 20 most frequent and puts the others into the last slot");
    }
    List<String> kept = new ArrayList<>(capped ? categories.subList(0, cap) : categories);
    kept.sort(FitTransforms::compareBytes);
    parameters.put("categories", RecordJson.write(kept));
    return "one_hot(CAST(" + sql + " AS VARCHAR)" + listed(kept) + ")";
  }

  private static int compareBytes(String a, String b) {
    return java.util.Arrays.compareUnsigned(
        a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        b.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static int cap(String text) {
    try {
      int cap = Integer.parseInt(text);
      if (cap > 0 && cap <= MOST_CATEGORIES) {
        return cap;
      }
    } catch (NumberFormatException notANumber) {
      // falls through to the error
    }
    throw new EngineException(
        ErrorCode.INVALID_ARGUMENT,
        "the number of categories of one_hot is from 1 to " + MOST_CATEGORIES + ", not " + text);
  }

  static boolean isFloat(String type) {
    return type.equals("REAL") || type.equals("DOUBLE");
  }

  private static void refuseFloats(String type, Transform transform, String function) {
    if (isFloat(type)) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          function
              + " takes categories, but "
              + transform.column()
              + " is a "
              + type
              + "; bucketize it first");
    }
  }

  private static String listed(List<String> categories) {
    StringBuilder sql = new StringBuilder();
    categories.forEach(category -> sql.append(", ").append(Sql.text(category)));
    return sql.toString();
  }

  /** Bucket i holds [b_i, b_i+1); below b_0 it is -1, from the last bound on the next number. */
  private static String bucketize(
      String sql, String type, Step step, Transform transform, Map<String, String> parameters) {
    String value = number(sql, type, transform, "bucketize");
    StringBuilder cases = new StringBuilder("CASE WHEN " + value + " IS NULL THEN NULL");
    int bucket = -1;
    @Nullable BigDecimal last = null;
    for (String bound : step.arguments()) {
      BigDecimal next;
      try {
        next = new BigDecimal(bound);
      } catch (NumberFormatException notANumber) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "the bounds of bucketize are numbers, not " + bound);
      }
      if (last != null && next.compareTo(last) <= 0) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "the bounds of bucketize ascend; " + bound + " follows " + last.toPlainString());
      }
      last = next;
      cases.append(" WHEN ").append(value).append(" < ").append(Sql.number(next.doubleValue()));
      cases.append(" THEN ").append(bucket++);
    }
    parameters.put("bounds", RecordJson.write(step.arguments()));
    return "CAST(" + cases + " ELSE " + bucket + " END AS BIGINT)";
  }
}
