package io.sluice.engine.operator.aggregate;

import io.sluice.engine.function.FunctionDoc;
import io.sluice.engine.function.ResolvedFunction;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All aggregates by name. Each ignores rows in which an argument is NULL (COUNT(*) has none, and
 * SINGLE_VALUE counts them), takes DISTINCT and FILTER, and gives NULL where no row is left, COUNT
 * and CONTENT_SUM 0. Each result depends on the rows alone, never on their order.
 */
public final class AggregateRegistry {
  private static final Map<String, String> ALIASES =
      Map.of(
          "every", "bool_and",
          "variance", "var_samp",
          "stddev", "stddev_samp",
          "min_by", "arg_min",
          "max_by", "arg_max");

  private static final String GENERAL = "Aggregates";
  private static final String STATISTICS = "Statistical aggregates";

  private static final List<FunctionDoc> DOCS =
      List.of(
          doc(
              "count",
              GENERAL,
              0,
              "count(*), count([DISTINCT] x)",
              "The number of rows, or of those where no argument is NULL.",
              "count(*) over 3 rows = 3",
              Integer.MAX_VALUE),
          doc(
              "sum",
              GENERAL,
              "sum([DISTINCT] x)",
              "The exact sum: BIGINT of integers, DECIMAL(38, s) of decimals, rounded once to DOUBLE"
                  + " of floats; an error where the type cannot hold it.",
              "sum(x) over 0.1e0, 0.2e0, -0.1e0, -0.2e0 = 0"),
          doc(
              "avg",
              GENERAL,
              "avg([DISTINCT] x)",
              "The exact mean, rounded once to DOUBLE.",
              "avg(x) over 1, 2 = 1.5"),
          doc(
              "min",
              GENERAL,
              "min(x)",
              "The least value; NaN is greater than all numbers.",
              "min(x) over 2, 1 = 1"),
          doc(
              "max",
              GENERAL,
              "max(x)",
              "The greatest value; NaN is greater than all numbers.",
              "max(x) over 2, 1 = 2"),
          doc(
              "any_value",
              GENERAL,
              "any_value(x)",
              "Some value, always the same one: the least.",
              "any_value(x) over 2, 1 = 1"),
          doc(
              "single_value",
              GENERAL,
              "single_value(x)",
              "The value of the only row; an error where there are several.",
              "single_value(x) over 1 = 1"),
          doc(
              "bool_and",
              GENERAL,
              "bool_and(b), every(b)",
              "Whether all values are true.",
              "bool_and(b) over true, false = false"),
          doc(
              "bool_or",
              GENERAL,
              "bool_or(b)",
              "Whether any value is true.",
              "bool_or(b) over true, false = true"),
          doc(
              "bit_and",
              GENERAL,
              "bit_and(n)",
              "The bitwise AND of integers.",
              "bit_and(n) over 6, 3 = 2"),
          doc(
              "bit_or",
              GENERAL,
              "bit_or(n)",
              "The bitwise OR of integers.",
              "bit_or(n) over 6, 3 = 7"),
          doc(
              "bit_xor",
              GENERAL,
              "bit_xor(n)",
              "The bitwise XOR of integers.",
              "bit_xor(n) over 6, 3 = 5"),
          doc(
              "arg_min",
              GENERAL,
              2,
              "arg_min(x, y), min_by(x, y)",
              "The x of the row with the least y; of several rows the least x.",
              "arg_min(x, y) over ('a', 2), ('b', 1) = 'b'",
              2),
          doc(
              "arg_max",
              GENERAL,
              2,
              "arg_max(x, y), max_by(x, y)",
              "The x of the row with the greatest y; of several rows the least x.",
              "arg_max(x, y) over ('a', 2), ('b', 1) = 'a'",
              2),
          doc(
              "content_sum",
              GENERAL,
              "content_sum(hash)",
              "The sum of VARBINARY values as unsigned big-endian integers modulo 2^256, in 32 bytes;"
                  + " 32 zeros where there is none.",
              "to_hex(content_sum(h)) over X'01', X'FF' = '0100', after 60 zeros"),
          doc(
              "column_profile",
              STATISTICS,
              "column_profile(x)",
              "A column's counts, extremes, moments, quantiles, histogram and most frequent values as"
                  + " a JSON object; never NULL.",
              "column_profile(b) over true, NULL ="
                  + " {\"count\":2,\"nulls\":1,\"distinct\":1,\"distinct_exact\":true,"
                  + "\"min\":true,\"max\":true,\"top\":[{\"value\":true,\"count\":1}]}"),
          doc(
              "grouping",
              GENERAL,
              1,
              "grouping(c, ...)",
              "One bit per group column, the first the highest: 1 where the row's grouping set lacks"
                  + " it.",
              "grouping(a, b) in the set (a) = 1",
              63),
          doc(
              "median",
              STATISTICS,
              "median(x)",
              "The mean of the two middle values: DOUBLE of numbers; of dates, times and intervals"
                  + " the same type, rounded down.",
              "median(x) over 4, 1, 2 = 2"),
          doc(
              "mode",
              STATISTICS,
              "mode(x)",
              "The most frequent value; of several the least.",
              "mode(x) over 'b', 'a', 'b' = 'b'"),
          doc(
              "var_pop",
              STATISTICS,
              "var_pop(x)",
              "The population variance, from exact sums.",
              "var_pop(x) over 1, 3 = 1"),
          doc(
              "var_samp",
              STATISTICS,
              "var_samp(x), variance(x)",
              "The sample variance, from exact sums; NULL of one row.",
              "var_samp(x) over 1, 3 = 2"),
          doc(
              "stddev_pop",
              STATISTICS,
              "stddev_pop(x)",
              "The square root of the population variance.",
              "stddev_pop(x) over 1, 3 = 1"),
          doc(
              "stddev_samp",
              STATISTICS,
              "stddev_samp(x), stddev(x)",
              "The square root of the sample variance; NULL of one row.",
              "stddev_samp(x) over 1, 3, 5 = 2"),
          doc(
              "covar_pop",
              STATISTICS,
              2,
              "covar_pop(y, x)",
              "The population covariance, from exact sums.",
              "covar_pop(y, x) over (1, 1), (3, 3) = 1",
              2),
          doc(
              "covar_samp",
              STATISTICS,
              2,
              "covar_samp(y, x)",
              "The sample covariance, from exact sums; NULL of one row.",
              "covar_samp(y, x) over (1, 1), (3, 3) = 2",
              2),
          doc(
              "corr",
              STATISTICS,
              2,
              "corr(y, x)",
              "Pearson's coefficient of correlation; NULL where one side does not vary.",
              "corr(y, x) over (1, 2), (3, 6) = 1",
              2));

  private static final AggregateRegistry STANDARD = new AggregateRegistry();

  private AggregateRegistry() {}

  public static AggregateRegistry standard() {
    return STANDARD;
  }

  private static FunctionDoc doc(
      String name, String family, String syntax, String text, String example) {
    return doc(name, family, 1, syntax, text, example, 1);
  }

  private static FunctionDoc doc(
      String name, String family, int least, String syntax, String text, String example, int most) {
    return new FunctionDoc(name, family, least, most, syntax, text, example, true);
  }

  /** The name under which an aggregate is documented: {@code arg_max} for {@code max_by}. */
  public static String canonicalName(String name) {
    return ALIASES.getOrDefault(name, name);
  }

  /** Further names of aggregates, and what they stand for. */
  public Map<String, String> aliases() {
    return ALIASES;
  }

  /** Every aggregate, by family and in order. */
  public List<FunctionDoc> all() {
    return DOCS;
  }

  /** Whether the result is never NULL. */
  public boolean isNeverNull(String name) {
    String canonical = canonicalName(name);
    return switch (canonical) {
      case "count", "grouping", "content_sum", "column_profile" -> true;
      default -> false;
    };
  }

  /**
   * The aggregate for arguments of these types.
   *
   * @param name lower case
   * @return empty if there is no such aggregate or it does not take these types
   */
  public Optional<ResolvedFunction> resolve(String name, List<SqlType> arguments) {
    String canonical = canonicalName(name);
    Optional<FunctionDoc> doc = DOCS.stream().filter(d -> d.name().equals(canonical)).findFirst();
    if (doc.isEmpty()
        || arguments.size() < doc.get().minArguments()
        || arguments.size() > doc.get().maxArguments()) {
      return Optional.empty();
    }
    return resultType(canonical, arguments)
        .map(type -> new ResolvedFunction(canonical, arguments(canonical, arguments), type));
  }

  /** NULL literals take a type that the aggregate has. */
  private static List<SqlType> arguments(String name, List<SqlType> types) {
    List<SqlType> converted = new ArrayList<>();
    for (SqlType type : types) {
      converted.add(
          type.kind() != SqlType.Kind.NULL
              ? type
              : switch (name) {
                case "bool_and", "bool_or" -> SqlType.BOOLEAN;
                case "count",
                    "min",
                    "max",
                    "any_value",
                    "single_value",
                    "grouping",
                    "column_profile" ->
                    type;
                case "arg_min", "arg_max", "mode" -> type;
                case "content_sum" -> SqlType.VARBINARY;
                case "sum", "bit_and", "bit_or", "bit_xor" -> SqlType.BIGINT;
                default -> SqlType.DOUBLE;
              });
    }
    return converted;
  }

  private static Optional<SqlType> resultType(String name, List<SqlType> types) {
    return switch (name) {
      case "count", "grouping" -> Optional.of(SqlType.BIGINT);
      case "sum" -> sumType(types.getFirst());
      case "any_value", "single_value" -> Optional.of(types.getFirst());
      case "min", "max" -> only(!types.getFirst().isNested(), types.getFirst());
      case "arg_min", "arg_max" -> only(!types.get(1).isNested(), types.getFirst());
      case "bool_and", "bool_or" -> only(isOrNull(types, SqlType.Kind.BOOLEAN), SqlType.BOOLEAN);
      case "median" -> medianType(types.getFirst());
      case "mode" -> only(!types.getFirst().isNested(), types.getFirst());
      case "column_profile" -> Optional.of(SqlType.VARCHAR);
      case "content_sum" -> only(isOrNull(types, SqlType.Kind.VARBINARY), SqlType.VARBINARY);
      case "bit_and", "bit_or", "bit_xor" -> {
        SqlType type = types.getFirst();
        yield type.kind() == SqlType.Kind.NULL
            ? Optional.of(SqlType.BIGINT)
            : only(type.isInteger(), type);
      }
      default ->
          only(
              types.stream().allMatch(t -> t.isNumeric() || t.kind() == SqlType.Kind.NULL),
              SqlType.DOUBLE);
    };
  }

  private static Optional<SqlType> medianType(SqlType type) {
    return switch (type.kind()) {
      case NULL, TINYINT, SMALLINT, INTEGER, BIGINT, DECIMAL, REAL, DOUBLE ->
          Optional.of(SqlType.DOUBLE);
      case DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, INTERVAL_MONTHS, INTERVAL_MICROS ->
          Optional.of(type);
      default -> Optional.empty();
    };
  }

  private static Optional<SqlType> sumType(SqlType type) {
    return switch (type.kind()) {
      case NULL, TINYINT, SMALLINT, INTEGER, BIGINT -> Optional.of(SqlType.BIGINT);
      case DECIMAL ->
          Optional.of(
              new SqlType.Decimal(SqlType.Decimal.MAX_PRECISION, ((SqlType.Decimal) type).scale()));
      case REAL, DOUBLE -> Optional.of(SqlType.DOUBLE);
      case INTERVAL_MICROS, INTERVAL_MONTHS -> Optional.of(type);
      default -> Optional.empty();
    };
  }

  private static boolean isOrNull(List<SqlType> types, SqlType.Kind kind) {
    return types.stream().allMatch(t -> t.kind() == kind || t.kind() == SqlType.Kind.NULL);
  }

  private static Optional<SqlType> only(boolean condition, SqlType type) {
    return condition ? Optional.of(type) : Optional.empty();
  }
}
