package io.sluice.planner.training;

import io.sluice.engine.connector.TableName;
import io.sluice.planner.parse.TrainingStatement.SplitKind;
import io.sluice.planner.training.DatasetDefinition.Label;
import io.sluice.planner.training.DatasetDefinition.Part;
import io.sluice.planner.training.DatasetDefinition.Split;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Stratum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The queries behind a dataset, as SQL over its own query. Which rows are left out, and why, is the
 * column {@link #OUT}: NULL for a row of the dataset.
 */
final class DatasetSql {
  /** The name of the split's column. */
  static final String SPLIT = "split";

  /** The split of all rows where none is declared. */
  static final String WHOLE = "all";

  static final String OUT = "$out";
  static final String ORDER = "$order";

  /** Reasons that make CREATE fail. */
  static final String NULL_KEY = "null key";

  static final String NULL_TIME = "null time";
  static final String NULL_LABEL = "null label";
  static final String NULL_SPLIT = "null split";

  /** Reasons that are counted. */
  static final String DROPPED_LABEL = "label is null";

  static final String UNRIPE = "label not ripe";
  static final String GAP = "gap";
  static final String BEYOND = "beyond the fractions";
  static final String AFTER = "after the last split";

  private static final String SOURCE = "\"$source\"";

  private final DatasetDefinition definition;
  private final List<Column> columns;
  private final long createdMicros;
  private final List<String> bounds;
  private final List<Stratum> strata;

  /**
   * @param columns of the query
   * @param createdMicros at which a label must be ripe
   * @param bounds of a split by time, as SQL literals
   */
  DatasetSql(
      DatasetDefinition definition,
      List<Column> columns,
      long createdMicros,
      List<String> bounds,
      List<Stratum> strata) {
    this.definition = definition;
    this.columns = List.copyOf(columns);
    this.createdMicros = createdMicros;
    this.bounds = List.copyOf(bounds);
    this.strata = List.copyOf(strata);
  }

  static DatasetSql of(VersionRecord record) {
    return new DatasetSql(
        record.definition(),
        record.columns(),
        record.createdMicros(),
        record.bounds(),
        record.strata());
  }

  private String select(String items) {
    return "SELECT " + items + " FROM (" + definition.sql() + "\n) AS " + SOURCE;
  }

  /** The columns of a stored row: the raw ones, then the split. */
  List<String> storedColumns() {
    List<String> names = new ArrayList<>();
    columns.stream().map(Column::name).filter(name -> !name.equals(SPLIT)).forEach(names::add);
    names.add(SPLIT);
    return names;
  }

  private String rawColumns() {
    return columns.stream()
        .map(Column::name)
        .filter(name -> !name.equals(SPLIT))
        .map(Sql::name)
        .collect(Collectors.joining(", "));
  }

  /** Stored columns, {@link #OUT} and {@link #ORDER}: all rows in canonical order. */
  String build() {
    return select(
            rawColumns()
                + ", "
                + splitOf()
                + " AS \"split\", "
                + out()
                + " AS \"$out\", "
                + order()
                + " AS \"$order\"")
        + "\nORDER BY \"$order\", "
        + Sql.names(definition.key());
  }

  /**
   * Expressions over the stored columns of the rows of the dataset in canonical order: what a
   * recomputed read gives.
   */
  String rows(List<String> items) {
    return "SELECT "
        + String.join(", ", items)
        + " FROM ("
        + unordered()
        + "\n) AS \"$rows\" ORDER BY "
        + order()
        + ", "
        + Sql.names(definition.key());
  }

  /** The same in no order. */
  String unordered() {
    return "SELECT "
        + Sql.names(storedColumns())
        + " FROM ("
        + select(rawColumns() + ", " + splitOf() + " AS \"split\", " + out() + " AS \"$out\"")
        + "\n) AS \"$all\" WHERE \"$out\" IS NULL";
  }

  /** The stored columns of a version's rows, which lie in {@code rows}. */
  static String copy(VersionRecord record, TableName rows) {
    return copy(rawItems(record), rows);
  }

  /** The stored columns as items of a SELECT. */
  static List<String> rawItems(VersionRecord record) {
    return record.storedColumns().stream().map(column -> Sql.name(column.name())).toList();
  }

  /** Expressions over the stored columns of a version's rows, which lie in {@code rows}. */
  static String copy(List<String> items, TableName rows) {
    return "SELECT " + String.join(", ", items) + " FROM " + Sql.table(rows);
  }

  /** Rows by split and by the reason why they are left out. */
  String counts() {
    return "SELECT CASE WHEN \"$out\" IS NULL THEN \"split\" END AS s, \"$out\", COUNT(*) FROM ("
        + select(splitOf() + " AS \"split\", " + out() + " AS \"$out\"")
        + "\n) AS \"$all\" GROUP BY 1, 2 ORDER BY 2 NULLS FIRST, 1";
  }

  /** The column of a split by time, of the rows that count for its fractions. */
  String times() {
    Split split = split();
    return select(Sql.name(timeColumn(split)) + " AS \"$time\"") + " WHERE " + counted();
  }

  /** Stratum as text and order of the rows that count for a stratified split's fractions. */
  String strata() {
    return select("CAST(" + Sql.name(split().columns().getFirst()) + " AS VARCHAR), " + order())
        + " WHERE "
        + counted();
  }

  private String counted() {
    return "(" + outOfLabels() + ") IS NULL";
  }

  private Split split() {
    Split split = definition.split();
    if (split == null) {
      throw new AssertionError();
    }
    return split;
  }

  String timeColumn(Split split) {
    if (!split.columns().isEmpty()) {
      return split.columns().getFirst();
    }
    String observed = definition.observedAt();
    if (observed == null) {
      throw new AssertionError(split);
    }
    return observed;
  }

  private String order() {
    return "sample_order(" + definition.seed() + ", " + Sql.names(definition.key()) + ")";
  }

  private String type(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst().orElseThrow().type();
  }

  // -------- splits

  private String splitOf() {
    Split split = definition.split();
    if (split == null) {
      return Sql.text(WHOLE);
    }
    return switch (split.kind()) {
      case TIME -> timeSplit(split);
      case HASH -> fractions(split, unit(split));
      case RANDOM -> fractions(split, unitOfKey(split));
      case STRATIFIED -> stratifiedSplit(split);
      case COLUMN -> "CAST(" + Sql.name(split.columns().getFirst()) + " AS VARCHAR)";
    };
  }

  private String timeSplit(Split split) {
    String time = Sql.name(timeColumn(split));
    StringBuilder sql = new StringBuilder();
    for (int i = 0; i < split.parts().size(); i++) {
      String name = Sql.text(split.parts().get(i).name());
      if (i == bounds.size()) {
        sql.append(" ELSE ").append(name);
      } else {
        sql.append(" WHEN ").append(time).append(" < ").append(bounds.get(i));
        sql.append(" THEN ").append(name);
      }
    }
    return bounds.isEmpty() ? Sql.text(split.parts().getFirst().name()) : "CASE" + sql + " END";
  }

  private String unit(Split split) {
    String nulls =
        split.columns().stream()
            .map(column -> Sql.name(column) + " IS NULL")
            .collect(Collectors.joining(" OR "));
    String hashed = "sample_hash(" + split.seed() + ", " + Sql.names(split.columns()) + ")";
    return "CASE WHEN " + nulls + " THEN " + unitOfKey(split) + " ELSE " + hashed + " END";
  }

  private String unitOfKey(Split split) {
    return "sample_hash(" + split.seed() + ", " + Sql.names(definition.key()) + ")";
  }

  private static String fractions(Split split, String unit) {
    StringBuilder sql = new StringBuilder("CASE");
    BigDecimal sum = BigDecimal.ZERO;
    for (Part part : split.parts()) {
      sum = sum.add(fraction(part));
      if (sum.compareTo(BigDecimal.ONE) == 0) {
        return sql.append(" ELSE ").append(Sql.text(part.name())).append(" END").toString();
      }
      sql.append(" WHEN (").append(unit).append(") < ").append(Sql.number(sum.doubleValue()));
      sql.append(" THEN ").append(Sql.text(part.name()));
    }
    return sql.append(" END").toString();
  }

  private static BigDecimal fraction(Part part) {
    BigDecimal fraction = part.fraction();
    if (fraction == null) {
      throw new AssertionError(part);
    }
    return fraction;
  }

  private String stratifiedSplit(Split split) {
    if (strata.isEmpty()) {
      return "CAST(NULL AS VARCHAR)";
    }
    String value = "CAST(" + Sql.name(split.columns().getFirst()) + " AS VARCHAR)";
    StringBuilder sql = new StringBuilder("CASE");
    for (Stratum stratum : strata) {
      String of = stratum.value();
      sql.append(" WHEN ").append(value);
      sql.append(of == null ? " IS NULL" : " = " + Sql.text(of)).append(" THEN CASE");
      for (int i = 0; i < split.parts().size(); i++) {
        String name = Sql.text(split.parts().get(i).name());
        if (i == stratum.orders().size()) {
          sql.append(" ELSE ").append(name);
          break;
        }
        sql.append(" WHEN ").append(order()).append(" < ").append(stratum.orders().get(i));
        sql.append(" THEN ").append(name);
      }
      sql.append(" END");
    }
    return sql.append(" END").toString();
  }

  // -------- rows that are left out

  private String out() {
    List<String> cases = labelCases();
    Split split = definition.split();
    if (split != null) {
      cases.addAll(splitCases(split));
    }
    return cases(cases);
  }

  private String outOfLabels() {
    return cases(labelCases());
  }

  private static String cases(List<String> cases) {
    return cases.isEmpty()
        ? "CAST(NULL AS VARCHAR)"
        : "CASE" + String.join("", cases) + " ELSE CAST(NULL AS VARCHAR) END";
  }

  private static String when(String condition, String reason) {
    return " WHEN " + condition + " THEN CAST(" + Sql.text(reason) + " AS VARCHAR)";
  }

  private List<String> labelCases() {
    List<String> cases = new ArrayList<>();
    cases.add(
        when(
            definition.key().stream()
                .map(column -> Sql.name(column) + " IS NULL")
                .collect(Collectors.joining(" OR ")),
            NULL_KEY));
    String observed = definition.observedAt();
    if (observed != null) {
      cases.add(when(Sql.name(observed) + " IS NULL", NULL_TIME));
    }
    for (Label label : definition.labels()) {
      if (label.horizon() != null && observed != null) {
        String created = Sql.instant(createdMicros, type(observed), definition.zone());
        cases.add(
            when(
                "NOT (" + Sql.name(observed) + " + (" + label.horizon() + ") <= " + created + ")",
                UNRIPE));
      }
    }
    String nulls = definition.option("null_labels", "error");
    if (!nulls.equals("keep")) {
      for (Label label : definition.labels()) {
        cases.add(
            when(
                Sql.name(label.column()) + " IS NULL",
                nulls.equals("drop") ? DROPPED_LABEL : NULL_LABEL));
      }
    }
    return cases;
  }

  private List<String> splitCases(Split split) {
    List<String> cases = new ArrayList<>();
    if (split.kind() == SplitKind.TIME) {
      String time = Sql.name(timeColumn(split));
      cases.add(when(time + " IS NULL", NULL_TIME));
      String gap = split.gap();
      if (gap != null) {
        for (String bound : bounds) {
          cases.add(
              when(time + " >= " + bound + " - (" + gap + ") AND " + time + " < " + bound, GAP));
        }
      }
    }
    if (split.kind() == SplitKind.COLUMN) {
      cases.add(when(Sql.name(split.columns().getFirst()) + " IS NULL", NULL_SPLIT));
    } else {
      boolean ends = split.parts().getLast().until() != null;
      cases.add(when("(" + splitOf() + ") IS NULL", ends ? AFTER : BEYOND));
    }
    return cases;
  }

  /** What a reason means for a column that is a label, for messages. */
  static @Nullable String problem(String reason) {
    return switch (reason) {
      case NULL_KEY -> "have NULL in KEY";
      case NULL_TIME -> "have no time: OBSERVED AT or the split's time is NULL";
      case NULL_LABEL ->
          "have a NULL label; WITH (null_labels = 'drop') leaves them out," + " 'keep' keeps them";
      case NULL_SPLIT -> "have NULL in the column of SPLIT BY COLUMN";
      default -> null;
    };
  }
}
