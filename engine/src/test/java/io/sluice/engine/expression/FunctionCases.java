package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.call;
import static io.sluice.engine.expression.Expressions.cast;
import static io.sluice.engine.expression.Expressions.integer;
import static io.sluice.engine.expression.Expressions.text;

import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Expressions over columns that mean the same in DuckDB. */
final class FunctionCases {
  private static final SqlType D10 = new SqlType.Decimal(10, 2);
  private static final SqlType D15 = new SqlType.Decimal(15, 2);
  private static final SqlType D38 = new SqlType.Decimal(38, 6);
  private static final SqlType TEXT = SqlType.VARCHAR;
  private static final List<SqlType> INTEGERS =
      List.of(SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTEGER, SqlType.BIGINT);

  /** Our expression over columns, and DuckDB's over c0, c1, ... */
  record Case(String sql, List<SqlType> types, Function<List<Expression>, Expression> expression) {
    @Override
    public String toString() {
      return sql + " over " + types;
    }
  }

  private FunctionCases() {}

  private static Case function(String name, String sql, SqlType... types) {
    return new Case(sql, List.of(types), inputs -> call(name, inputs.toArray(Expression[]::new)));
  }

  private static Case of(
      String sql, Function<List<Expression>, Expression> expression, SqlType... types) {
    return new Case(sql, List.of(types), expression);
  }

  static Stream<Case> all() {
    List<Case> cases = new ArrayList<>();
    comparisons(cases);
    arithmetic(cases);
    mathematics(cases);
    strings(cases);
    dates(cases);
    casts(cases);
    return cases.stream();
  }

  private static void comparisons(List<Case> cases) {
    List<SqlType> types = new ArrayList<>(INTEGERS);
    types.addAll(
        List.of(
            SqlType.BOOLEAN,
            SqlType.REAL,
            SqlType.DOUBLE,
            D10,
            D38,
            TEXT,
            SqlType.DATE,
            SqlType.TIME,
            SqlType.TIMESTAMP,
            SqlType.TIMESTAMP_TZ));
    for (SqlType type : types) {
      cases.add(function("eq", "c0 = c1", type, type));
      cases.add(function("ne", "c0 <> c1", type, type));
      cases.add(function("lt", "c0 < c1", type, type));
      cases.add(function("le", "c0 <= c1", type, type));
      cases.add(function("gt", "c0 > c1", type, type));
      cases.add(function("ge", "c0 >= c1", type, type));
      cases.add(function("is_distinct_from", "c0 IS DISTINCT FROM c1", type, type));
      cases.add(function("is_not_distinct_from", "c0 IS NOT DISTINCT FROM c1", type, type));
      cases.add(function("coalesce", "coalesce(c0, c1)", type, type));
      cases.add(function("nullif", "nullif(c0, c1)", type, type));
      cases.add(function("greatest", "greatest(c0, c1)", type, type));
      cases.add(function("least", "least(c0, c1, c2)", type, type, type));
      cases.add(function("is_null", "c0 IS NULL", type));
      cases.add(function("is_not_null", "c0 IS NOT NULL", type));
      cases.add(
          of(
              "CASE WHEN c0 < c1 THEN c0 WHEN c0 > c1 THEN c1 END",
              in ->
                  new Expression.Case(
                      List.of(
                          new Expression.Case.Branch(call("lt", in.get(0), in.get(1)), in.get(0)),
                          new Expression.Case.Branch(call("gt", in.get(0), in.get(1)), in.get(1))),
                      Expressions.literal(type, null),
                      type),
              type,
              type));
    }
    cases.add(function("and", "c0 AND c1", SqlType.BOOLEAN, SqlType.BOOLEAN));
    cases.add(function("or", "c0 OR c1", SqlType.BOOLEAN, SqlType.BOOLEAN));
    cases.add(function("not", "NOT c0", SqlType.BOOLEAN));
    cases.add(function("eq", "c0 = c1", SqlType.INTEGER, SqlType.BIGINT));
    cases.add(function("lt", "c0 < c1", SqlType.INTEGER, SqlType.DOUBLE));
    cases.add(function("lt", "c0 < c1", D10, D15));
  }

  private static void arithmetic(List<Case> cases) {
    List<SqlType> types = new ArrayList<>(INTEGERS);
    types.addAll(List.of(SqlType.DOUBLE, D10, D15));
    for (SqlType type : types) {
      cases.add(function("add", "c0 + c1", type, type));
      cases.add(function("subtract", "c0 - c1", type, type));
      // DuckDB keeps short decimals short.
      String factor = type instanceof SqlType.Decimal ? "c0::DECIMAL(19, 2)" : "c0";
      cases.add(function("multiply", factor + " * c1", type, type));
      // The least value % -1 is 0 in PostgreSQL and here.
      cases.add(
          function(
              "modulo",
              "CASE c1 WHEN 0 THEN NULL WHEN -1 THEN c0 - c0 ELSE c0 % c1 END",
              type,
              type));
      cases.add(function("negate", "-c0", type));
      cases.add(function("abs", "abs(c0)", type));
      if (type.isInteger()) {
        cases.add(function("divide", "CASE WHEN c1 = 0 THEN NULL ELSE c0 // c1 END", type, type));
        cases.add(function("bitwise_and", "c0 & c1", type, type));
        cases.add(function("bitwise_or", "c0 | c1", type, type));
        cases.add(function("bitwise_xor", "xor(c0, c1)", type, type));
        cases.add(function("bitwise_not", "~c0", type));
        cases.add(function("bit_count", "bit_count(c0)", type));
      }
      cases.add(of("c0 + 7::INTEGER", in -> call("add", in.get(0), integer(7)), type));
      cases.add(of("c0 < 7", in -> call("lt", in.get(0), integer(7)), type));
    }
    cases.add(
        function(
            "divide",
            "CASE WHEN c1 = 0 THEN NULL ELSE c0 / c1 END",
            SqlType.DOUBLE,
            SqlType.DOUBLE));
    cases.add(function("add", "c0 + c1", SqlType.INTEGER, SqlType.BIGINT));
    cases.add(function("multiply", "c0 * c1", SqlType.INTEGER, SqlType.DOUBLE));
    cases.add(function("add", "c0 + c1", D10, new SqlType.Decimal(12, 4)));
    cases.add(function("subtract", "c0 - c1", D10, new SqlType.Decimal(18, 9)));
    cases.add(function("multiply", "c0::DECIMAL(19, 2) * c1", D10, new SqlType.Decimal(12, 4)));
    cases.add(function("add", "c0 + c1", D38, D38));
    cases.add(function("subtract", "c0 - c1", D38, D38));
    cases.add(function("multiply", "c0 * c1", new SqlType.Decimal(38, 2), D10));
  }

  private static void mathematics(List<Case> cases) {
    for (String name :
        List.of(
            "cbrt", "atan", "degrees", "radians", "sinh", "cosh", "tanh", "ceil", "floor", "round",
            "trunc")) {
      cases.add(function(name, name + "(c0)", SqlType.DOUBLE));
    }
    // Outside their domain DuckDB gives NaN, where Sluice gives an error.
    domain(cases, "c0 >= 0", "sqrt");
    domain(cases, "c0 > 0", "ln", "log10", "log2");
    domain(cases, "abs(c0) <= 1 OR isnan(c0)", "asin", "acos");
    domain(cases, "NOT isinf(c0)", "sin", "cos", "tan");
    cases.add(function("atan2", "atan2(c0, c1)", SqlType.DOUBLE, SqlType.DOUBLE));
    cases.add(
        function(
            "power",
            "CASE WHEN (c0 < 0 AND c1 <> trunc(c1) AND NOT isinf(c0)) OR (c0 = 0 AND c1 < 0)"
                + " THEN NULL ELSE power(c0, c1) END",
            SqlType.DOUBLE,
            SqlType.DOUBLE));
    for (String name : List.of("ceil", "floor", "round", "sign")) {
      cases.add(function(name, name + "(c0)", D10));
    }
    cases.add(function("sign", "CASE WHEN isnan(c0) THEN c0 ELSE sign(c0) END", SqlType.DOUBLE));
    cases.add(function("sign", "sign(c0)", SqlType.BIGINT));
    cases.add(function("is_nan", "isnan(c0)", SqlType.DOUBLE));
    cases.add(function("is_finite", "isfinite(c0)", SqlType.DOUBLE));
    cases.add(function("is_infinite", "isinf(c0)", SqlType.DOUBLE));
    cases.add(of("round(c0, 2)", in -> call("round", in.get(0), integer(2)), SqlType.DOUBLE));
    cases.add(of("round(c0, 1)", in -> call("round", in.get(0), integer(1)), D10));
    cases.add(of("round(c0, -1)", in -> call("round", in.get(0), integer(-1)), SqlType.DOUBLE));
  }

  private static void domain(List<Case> cases, String condition, String... names) {
    for (String name : names) {
      String sql = "CASE WHEN " + condition + " THEN " + name + "(c0) END";
      cases.add(function(name, sql, SqlType.DOUBLE));
    }
  }

  private static void strings(List<Case> cases) {
    for (String name :
        List.of("lower", "reverse", "trim", "ltrim", "rtrim", "length", "md5", "sha256", "ascii")) {
      cases.add(function(name, name + "(c0)", TEXT));
    }
    // Java's upper case of sharp s is SS.
    cases.add(function("upper", "replace(upper(replace(c0, 'ß', 'SS')), 'ẞ', 'SS')", TEXT));
    cases.add(function("octet_length", "octet_length(encode(c0))", TEXT));
    cases.add(function("concat", "c0 || c1", TEXT, TEXT));
    cases.add(function("concat_text", "concat(c0, c1)", TEXT, TEXT));
    cases.add(
        of(
            "concat_ws(', ', c0, c1)",
            in -> call("concat_ws", text(", "), in.get(0), in.get(1)),
            TEXT,
            TEXT));
    cases.add(function("starts_with", "starts_with(c0, c1)", TEXT, TEXT));
    cases.add(function("ends_with", "ends_with(c0, c1)", TEXT, TEXT));
    cases.add(function("contains", "contains(c0, c1)", TEXT, TEXT));
    cases.add(function("strpos", "strpos(c0, c1)", TEXT, TEXT));
    cases.add(function("position", "strpos(c1, c0)", TEXT, TEXT));
    cases.add(function("replace", "replace(c0, c1, c2)", TEXT, TEXT, TEXT));
    cases.add(function("translate", "translate(c0, c1, c2)", TEXT, TEXT, TEXT));
    cases.add(of("trim(c0, 'a X')", in -> call("trim", in.get(0), text("a X")), TEXT));
    for (int n : new int[] {-20, -2, 0, 1, 3, 100}) {
      cases.add(of("left(c0, " + n + ")", in -> call("left", in.get(0), integer(n)), TEXT));
      cases.add(of("right(c0, " + n + ")", in -> call("right", in.get(0), integer(n)), TEXT));
      cases.add(of("repeat(c0, " + n + ")", in -> call("repeat", in.get(0), integer(n)), TEXT));
      cases.add(
          of(
              "lpad(c0, " + n + ", 'xy')",
              in -> call("lpad", in.get(0), integer(n), text("xy")),
              TEXT));
      cases.add(
          of(
              "rpad(c0, " + n + ", 'ü')",
              in -> call("rpad", in.get(0), integer(n), text("ü")),
              TEXT));
      if (n > 0) {
        cases.add(
            of("substring(c0, " + n + ")", in -> call("substring", in.get(0), integer(n)), TEXT));
        cases.add(
            of(
                "substring(c0, " + n + ", 2)",
                in -> call("substring", in.get(0), integer(n), integer(2)),
                TEXT));
      }
      if (n != 0) {
        cases.add(
            of(
                "split_part(c0, ',', " + n + ")",
                in -> call("split_part", in.get(0), text(","), integer(n)),
                TEXT));
      }
    }
    for (String pattern :
        List.of(
            "%",
            "",
            "a",
            "a%",
            "%c",
            "%b%",
            "%special%requests%",
            "_",
            "a_c",
            "%ü%",
            "%_ß",
            "__%",
            "s%ß",
            "%a%a%",
            "H%o_W%d")) {
      cases.add(
          of("c0 LIKE '" + pattern + "'", in -> call("like", in.get(0), text(pattern)), TEXT));
      cases.add(
          of("c0 ILIKE '" + pattern + "'", in -> call("ilike", in.get(0), text(pattern)), TEXT));
    }
    cases.add(
        of(
            "c0 LIKE '%!%%' ESCAPE '!'",
            in -> call("like", in.get(0), text("%!%%"), text("!")), TEXT));
    cases.add(function("like", "c0 LIKE c1", TEXT, TEXT));
    for (String pattern : List.of("a", "^a", "[b-d]+$", "(a)(b)?", "\\\\d+", ".*")) {
      String java = pattern.replace("\\\\", "\\");
      cases.add(
          of(
              "regexp_matches(c0, '" + java + "')",
              in -> call("regexp_matches", in.get(0), text(java)),
              TEXT));
      cases.add(
          of(
              "regexp_replace(c0, '" + java + "', '<\\0>')",
              in -> call("regexp_replace", in.get(0), text(java), text("<\\0>")),
              TEXT));
      cases.add(
          of(
              "CASE WHEN regexp_matches(c0, '"
                  + java
                  + "') THEN regexp_extract(c0, '"
                  + java
                  + "') END",
              in -> call("regexp_extract", in.get(0), text(java)),
              TEXT));
    }
    cases.add(
        of(
            "regexp_replace(c0, '[aX]', '-', 'g')",
            in -> call("regexp_replace", in.get(0), text("[aX]"), text("-"), text("g")),
            TEXT));
    cases.add(
        of(
            "regexp_matches(c0, 'HELLO', 'i')",
            in -> call("regexp_matches", in.get(0), text("HELLO"), text("i")),
            TEXT));
  }

  private static void dates(List<Case> cases) {
    List<SqlType> points = List.of(SqlType.DATE, SqlType.TIMESTAMP, SqlType.TIMESTAMP_TZ);
    for (SqlType type : points) {
      for (String field :
          List.of(
              "year",
              "isoyear",
              "quarter",
              "month",
              "week",
              "day",
              "dow",
              "isodow",
              "doy",
              "decade",
              "century",
              "millennium",
              "epoch")) {
        cases.add(function("extract_" + field, "extract(" + field + " FROM c0)", type));
      }
      if (type.kind() != SqlType.Kind.DATE) {
        for (String field : List.of("hour", "minute", "second", "millisecond", "microsecond")) {
          cases.add(function("extract_" + field, "extract(" + field + " FROM c0)", type));
        }
      }
      for (String unit :
          List.of(
              "year",
              "quarter",
              "month",
              "week",
              "day",
              "decade",
              "century",
              "millennium",
              "hour",
              "minute",
              "second",
              "millisecond")) {
        boolean small = List.of("hour", "minute", "second", "millisecond").contains(unit);
        if (small && type.kind() == SqlType.Kind.DATE) {
          continue;
        }
        if (List.of("century", "millennium").contains(unit)) {
          continue; // begin with 1901 and 2001 here, as in PostgreSQL
        }
        cases.add(
            of(
                "CAST(date_trunc('" + unit + "', c0) AS " + type.sql().replace("(6)", "") + ")",
                in -> call("date_trunc", text(unit), in.get(0)),
                type));
        if (unit.equals("week")) {
          continue; // counted as seven days each in DuckDB
        }
        cases.add(
            of(
                "date_diff('" + unit + "', c0, c1)",
                in -> call("date_diff", text(unit), in.get(0), in.get(1)),
                type,
                type));
      }
      cases.add(
          function(
              "last_day",
              "last_day(c0::TIMESTAMP)",
              type.kind() == SqlType.Kind.TIMESTAMP_TZ ? SqlType.TIMESTAMP : type));
    }
    cases.add(function("extract_hour", "extract(hour FROM c0)", SqlType.TIME));
    cases.add(function("extract_microsecond", "extract(microsecond FROM c0)", SqlType.TIME));
    cases.add(
        of(
            "CAST(c0 + to_months(c1 % 1000) AS DATE)",
            in ->
                call(
                    "date_add", text("month"), call("modulo", in.get(1), integer(1000)), in.get(0)),
            SqlType.DATE,
            SqlType.INTEGER));
    cases.add(
        of(
            "c0 + to_months(c1 % 1000)",
            in ->
                call(
                    "date_add", text("month"), call("modulo", in.get(1), integer(1000)), in.get(0)),
            SqlType.TIMESTAMP,
            SqlType.INTEGER));
    cases.add(
        of(
            "c0 + to_microseconds(c1)",
            in -> call("date_add", text("microsecond"), in.get(1), in.get(0)),
            SqlType.TIMESTAMP,
            SqlType.INTEGER));
    cases.add(
        of(
            "make_date(c0 % 3000, c1 % 15, c2 % 35)",
            in ->
                call(
                    "make_date",
                    call("modulo", in.get(0), integer(3000)),
                    call("modulo", in.get(1), integer(15)),
                    call("modulo", in.get(2), integer(35))),
            SqlType.BIGINT,
            SqlType.BIGINT,
            SqlType.BIGINT));
    for (String zone : List.of("America/New_York", "Europe/Berlin", "Asia/Kolkata", "UTC")) {
      cases.add(
          of(
              "c0 AT TIME ZONE '" + zone + "'",
              in -> call("at_time_zone", in.get(0), text(zone)),
              SqlType.TIMESTAMP));
      cases.add(
          of(
              "c0 AT TIME ZONE '" + zone + "'",
              in -> call("at_time_zone", in.get(0), text(zone)),
              SqlType.TIMESTAMP_TZ));
    }
  }

  private static void casts(List<Case> cases) {
    for (SqlType from : INTEGERS) {
      for (SqlType to :
          List.of(
              SqlType.TINYINT,
              SqlType.SMALLINT,
              SqlType.INTEGER,
              SqlType.BIGINT,
              SqlType.REAL,
              SqlType.DOUBLE,
              D10,
              D38,
              TEXT)) {
        if (!from.equals(to)) {
          cases.add(convert(from, to));
        }
      }
    }
    for (SqlType to :
        List.of(SqlType.DOUBLE, TEXT, D38, new SqlType.Decimal(12, 4), new SqlType.Decimal(5, 2))) {
      cases.add(convert(D10, to));
    }
    cases.add(convert(SqlType.DOUBLE, TEXT));
    cases.add(convert(SqlType.REAL, SqlType.DOUBLE));
    cases.add(convert(SqlType.BOOLEAN, SqlType.INTEGER));
    cases.add(convert(SqlType.BOOLEAN, TEXT));
    cases.add(convert(SqlType.INTEGER, SqlType.BOOLEAN));
    cases.add(convert(SqlType.DATE, TEXT));
    cases.add(convert(SqlType.DATE, SqlType.TIMESTAMP));
    cases.add(convert(SqlType.DATE, SqlType.TIMESTAMP_TZ));
    cases.add(convert(SqlType.TIMESTAMP, TEXT));
    cases.add(convert(SqlType.TIMESTAMP, SqlType.DATE));
    cases.add(convert(SqlType.TIMESTAMP, SqlType.TIME));
    cases.add(convert(SqlType.TIMESTAMP_TZ, TEXT));
    cases.add(convert(SqlType.TIMESTAMP_TZ, SqlType.DATE));
    cases.add(convert(SqlType.TIMESTAMP_TZ, SqlType.TIMESTAMP));
    cases.add(convert(SqlType.TIME, TEXT));
    cases.add(convert(TEXT, SqlType.BIGINT));
    // There and back again.
    for (SqlType type :
        List.of(
            SqlType.BIGINT,
            SqlType.DOUBLE,
            D10,
            SqlType.DATE,
            SqlType.TIMESTAMP,
            SqlType.TIMESTAMP_TZ,
            SqlType.TIME,
            SqlType.BOOLEAN)) {
      cases.add(of("c0", in -> cast(cast(in.get(0), TEXT), type), type));
    }
  }

  private static Case convert(SqlType from, SqlType to) {
    return of("TRY_CAST(c0 AS " + duckType(to) + ")", in -> cast(in.get(0), to), from);
  }

  static String duckType(SqlType type) {
    return switch (type.kind()) {
      case TIMESTAMP -> "TIMESTAMP";
      case TIMESTAMP_TZ -> "TIMESTAMPTZ";
      case TIME -> "TIME";
      default -> type.sql();
    };
  }
}
