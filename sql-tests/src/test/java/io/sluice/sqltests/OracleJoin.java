package io.sluice.sqltests;

import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One ASOF join of a random case: its text, and its answer by the definition, as a plain loop. */
final class OracleJoin {
  private static final long SECOND = 1_000_000_000;
  private static final String[] OPERATORS = {"<=", "<", ">=", ">"};

  private final OracleTable labels;
  private final OracleTable features;
  private final List<String> keys;
  private final String alias;
  private final boolean inner;
  private final int operator;
  private final boolean reversed;
  private final long delay;
  private final long tolerance;
  private final boolean toleranceAsAge;
  private final boolean toleranceStrict;
  private final boolean arrival;
  private final boolean arrivalStrict;
  private final boolean otherInstant;
  private final boolean rightPredicate;
  private final boolean leftPredicate;
  private final boolean bothPredicate;
  private final boolean tuple;
  private final int form;

  /** Of each feature row: what {@code _committed_at} is, in microseconds, or null. */
  private final List<@Nullable Long> committed;

  /** Of each feature row: its place in the table's row order. */
  private final List<Integer> places;

  /**
   * @param committed null where the table cannot know
   */
  OracleJoin(
      Random random,
      OracleTable labels,
      OracleTable features,
      List<String> keys,
      String alias,
      @Nullable List<@Nullable Long> committed,
      List<Integer> places) {
    this.labels = labels;
    this.features = features;
    this.keys = keys;
    this.alias = alias;
    this.committed = committed == null ? List.of() : committed;
    this.places = places;
    inner = random.nextInt(4) == 0;
    operator = random.nextInt(3) == 0 ? 2 + random.nextInt(2) : random.nextInt(2);
    reversed = random.nextBoolean();
    delay = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 0;
    tolerance = random.nextInt(3) == 0 ? random.nextInt(12) : -1;
    toleranceAsAge = random.nextBoolean();
    toleranceStrict = random.nextBoolean();
    arrival = committed != null && random.nextBoolean();
    arrivalStrict = random.nextInt(4) == 0;
    otherInstant = random.nextInt(4) == 0;
    rightPredicate = random.nextInt(5) == 0;
    leftPredicate = random.nextInt(6) == 0;
    bothPredicate = random.nextInt(6) == 0;
    tuple = random.nextInt(12) == 0;
    form = random.nextInt(6);
  }

  boolean inner() {
    return inner;
  }

  private boolean backward() {
    return operator < 2;
  }

  /** Whether ties go by the output's columns: the right side is no filtered or projected table. */
  private boolean distinct() {
    return form == 5;
  }

  /** The columns that the right side puts out, in order. */
  private List<String> output() {
    List<String> names = new ArrayList<>();
    features.columns.forEach(column -> names.add(column.name()));
    return names;
  }

  /** The right side: the table, a view of it, or a sub-query. */
  String right() {
    String columns = String.join(", ", output());
    String more = committed.isEmpty() ? "" : ", _committed_at AS arrived";
    return switch (form) {
      case 0, 1 -> features.name + " " + alias;
      case 2 ->
          "(SELECT n + 1 AS next, " + columns + more + " FROM " + features.name + ") " + alias;
      case 3 ->
          "(SELECT "
              + columns
              + more
              + ", CAST(n AS VARCHAR) AS text FROM "
              + features.name
              + " WHERE COALESCE(n, 0) < 100) "
              + alias;
      case 4 -> features.name + "_view " + alias;
      default -> "(SELECT DISTINCT " + columns + more + " FROM " + features.name + ") " + alias;
    };
  }

  /** Makes what {@link #right} may name. */
  String view() {
    String more = committed.isEmpty() ? "" : ", _committed_at AS arrived";
    return "CREATE VIEW "
        + features.name
        + "_view AS SELECT *, n * 2 AS twice"
        + more
        + " FROM "
        + features.name;
  }

  private String arrived() {
    return alias + (form < 2 ? "._committed_at" : ".arrived");
  }

  /**
   * @param kept whether to add a condition that is always true and for which right rows are kept
   */
  String join(boolean kept) {
    String right = alias + ".ts" + (delay > 0 ? " + INTERVAL '" + delay + "' SECOND" : "");
    String left = "l.ts";
    if (tuple) {
      right = "(" + right + ", " + alias + ".n)";
      left = "(" + left + ", l.n)";
    }
    List<String> match = new ArrayList<>();
    match.add(
        reversed
            ? left + " " + mirrored(OPERATORS[operator]) + " " + right
            : right + " " + OPERATORS[operator] + " " + left);
    if (tolerance >= 0) {
      match.add(tolerance());
    }
    String instant = labels.type("ts").kind() == SqlType.Kind.TIMESTAMP_TZ ? "l.ts" : null;
    if (arrival) {
      match.add(
          arrived()
              + (arrivalStrict ? " < " : " <= ")
              + (instant == null ? "l.ts AT TIME ZONE 'UTC'" : instant));
    }
    List<String> on = new ArrayList<>();
    keys.forEach(key -> on.add(alias + "." + key + " = l." + key));
    if (otherInstant) {
      on.add(alias + ".came <= l.seen");
    }
    if (rightPredicate) {
      on.add(alias + ".n <> 3");
    }
    if (leftPredicate) {
      on.add("l.n > 2");
    }
    if (bothPredicate) {
      on.add("l.n + " + alias + ".n <> 7");
    }
    if (kept) {
      on.add("l.id <> " + alias + ".never");
    }
    return (inner ? " INNER" : " LEFT")
        + " ASOF JOIN "
        + right()
        + " MATCH_CONDITION ("
        + String.join(" AND ", match)
        + ")"
        + (on.isEmpty() ? "" : " ON " + String.join(" AND ", on));
  }

  private static String mirrored(String comparison) {
    return comparison.startsWith("<") ? comparison.replace('<', '>') : comparison.replace('>', '<');
  }

  private String tolerance() {
    String interval = "INTERVAL '" + tolerance + "' SECOND";
    String equal = toleranceStrict ? "" : "=";
    String own = alias + ".ts";
    boolean sameType = labels.type("ts").equals(features.type("ts"));
    if (toleranceAsAge && sameType) {
      return backward()
          ? "l.ts - " + own + " <" + equal + " " + interval
          : interval + " >" + equal + " " + own + " - l.ts";
    }
    return backward()
        ? own + " >" + equal + " l.ts - " + interval
        : own + " <" + equal + " l.ts + " + interval;
  }

  /** The number of the feature row that a label gets, or -1. */
  int pick(List<@Nullable Object> label) {
    int best = -1;
    for (int i = 0; i < features.rows.size(); i++) {
      if (passes(label, i) && (best < 0 || beats(i, best))) {
        best = i;
      }
    }
    return best;
  }

  private boolean passes(List<@Nullable Object> label, int row) {
    List<@Nullable Object> feature = features.rows.get(row);
    for (String key : keys) {
      Object a = labels.cell(label, key);
      Object b = features.cell(feature, key);
      if (a == null || b == null || OracleTable.compare(a, b) != 0) {
        return false;
      }
    }
    Object l = labels.cell(label, "ts");
    Object r = features.cell(feature, "ts");
    if (l == null || r == null) {
      return false;
    }
    long left = OracleTable.nanos(labels.type("ts"), l);
    long right = OracleTable.nanos(features.type("ts"), r);
    Long leftN = (Long) labels.cell(label, "n");
    Long rightN = (Long) features.cell(feature, "n");
    int order = Long.compare(right + delay * SECOND, left);
    if (tuple) {
      if (leftN == null || rightN == null) {
        return false;
      }
      order = order == 0 ? Long.compare(rightN, leftN) : order;
    }
    boolean decided =
        switch (operator) {
          case 0 -> order <= 0;
          case 1 -> order < 0;
          case 2 -> order >= 0;
          default -> order > 0;
        };
    return decided
        && (tolerance < 0 || isNear(left, right))
        && (!arrival || hasArrived(left, committed.get(row)))
        && (!otherInstant || cameBefore(label, feature))
        && (!rightPredicate || (rightN != null && rightN != 3))
        && (!leftPredicate || (leftN != null && leftN > 2))
        && (!bothPredicate || (leftN != null && rightN != null && leftN + rightN != 7));
  }

  private boolean isNear(long left, long right) {
    long age = backward() ? left - right : right - left;
    return toleranceStrict ? age < tolerance * SECOND : age <= tolerance * SECOND;
  }

  private boolean hasArrived(long left, @Nullable Long micros) {
    if (micros == null) {
      return false;
    }
    // AT TIME ZONE keeps microseconds, and so does the label's instant
    return arrivalStrict ? micros * 1000 < left : micros * 1000 <= left;
  }

  private boolean cameBefore(List<@Nullable Object> label, List<@Nullable Object> feature) {
    Long seen = (Long) labels.cell(label, "seen");
    Long came = (Long) features.cell(feature, "came");
    return seen != null && came != null && came <= seen;
  }

  private boolean beats(int row, int best) {
    List<@Nullable Object> a = features.rows.get(row);
    List<@Nullable Object> b = features.rows.get(best);
    int order = compareCells(a, b, "ts");
    if (order == 0 && tuple) {
      order = compareCells(a, b, "n");
    }
    if (order != 0) {
      return backward() == order > 0;
    }
    if (!distinct()) {
      return places.get(row) > places.get(best);
    }
    for (String column : output()) {
      order = compareCells(a, b, column);
      if (order != 0) {
        return order > 0;
      }
    }
    return false;
  }

  private int compareCells(List<@Nullable Object> a, List<@Nullable Object> b, String column) {
    Object left = features.cell(a, column);
    Object right = features.cell(b, column);
    return left == null || right == null
        ? Boolean.compare(left != null, right != null)
        : OracleTable.compare(left, right);
  }

  /** What the query selects of the right side. */
  List<String> selected() {
    List<String> columns = new ArrayList<>();
    output().forEach(column -> columns.add(alias + "." + column));
    switch (form) {
      case 2 -> columns.add(alias + ".next");
      case 3 -> columns.add(alias + ".text");
      case 4 -> columns.add(alias + ".twice");
      default -> {}
    }
    return columns;
  }

  /** The texts of {@link #selected} for a feature row, or -1 for none. */
  List<String> texts(int row) {
    List<String> texts = new ArrayList<>();
    for (OracleTable.Column column : features.columns) {
      Object cell = row < 0 ? null : features.cell(features.rows.get(row), column.name());
      texts.add(CellText.of(column.type(), cell));
    }
    Object cell = row < 0 ? null : features.cell(features.rows.get(row), "n");
    String n =
        switch (form) {
          case 2 -> cell == null ? "NULL" : Long.toString((Long) cell + 1);
          case 3 -> cell == null ? "NULL" : cell.toString();
          case 4 -> cell == null ? "NULL" : Long.toString((Long) cell * 2);
          default -> "";
        };
    if (form >= 2 && form <= 4) {
      texts.add(n);
    }
    return texts;
  }
}
