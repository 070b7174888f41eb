package io.sluice.planner.explain;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Expressions as people read them, with the names of their input's columns. */
final class ExpressionText {
  private static final Map<String, String> INFIX =
      Map.ofEntries(
          Map.entry("add", "+"),
          Map.entry("subtract", "-"),
          Map.entry("multiply", "*"),
          Map.entry("divide", "/"),
          Map.entry("modulo", "%"),
          Map.entry("eq", "="),
          Map.entry("ne", "<>"),
          Map.entry("lt", "<"),
          Map.entry("le", "<="),
          Map.entry("gt", ">"),
          Map.entry("ge", ">="),
          Map.entry("and", "AND"),
          Map.entry("or", "OR"),
          Map.entry("like", "LIKE"),
          Map.entry("is_distinct_from", "IS DISTINCT FROM"),
          Map.entry("is_not_distinct_from", "IS NOT DISTINCT FROM"));
  private static final Map<String, String> POSTFIX =
      Map.of(
          "is_null", "IS NULL",
          "is_not_null", "IS NOT NULL",
          "is_true", "IS TRUE",
          "is_false", "IS FALSE",
          "is_not_true", "IS NOT TRUE",
          "is_not_false", "IS NOT FALSE");
  private static final long MICROS = 1_000_000;
  private static final long NANOS = 1_000_000_000;

  private final List<String> names;

  /**
   * @param names of the columns that InputRefs count
   */
  ExpressionText(List<String> names) {
    this.names = names;
  }

  String of(Expression expression) {
    return switch (expression) {
      case Expression.InputRef ref -> name(ref.column());
      case Expression.Literal literal -> literal(literal.value(), literal.type());
      case Expression.Parameter parameter -> "?" + (parameter.index() + 1);
      case Expression.Call call -> call(call);
      case Expression.Cast cast ->
          (cast.safe() ? "TRY_CAST(" : "CAST(")
              + of(cast.input())
              + " AS "
              + cast.type().sql()
              + ")";
      case Expression.Case branches -> branches(branches);
      case Expression.Try attempt -> "TRY(" + of(attempt.input()) + ")";
    };
  }

  String all(List<? extends Expression> expressions) {
    return expressions.stream().map(this::of).collect(Collectors.joining(", "));
  }

  String name(int column) {
    return column < names.size() ? names.get(column) : "$" + column;
  }

  private String call(Expression.Call call) {
    List<Expression> arguments = call.arguments();
    String infix = INFIX.get(call.function());
    if (infix != null && arguments.size() >= 2) {
      return arguments.stream()
          .map(argument -> nested(argument, infix))
          .collect(Collectors.joining(" " + infix + " "));
    }
    String postfix = POSTFIX.get(call.function());
    if (postfix != null) {
      return nested(arguments.get(0), postfix) + " " + postfix;
    }
    return switch (call.function()) {
      case "not" -> "NOT " + nested(arguments.get(0), "NOT");
      case "negate" -> "-" + nested(arguments.get(0), "-");
      case Expression.FIELD -> field(arguments.get(0), arguments.get(1));
      case "element_at" -> of(arguments.get(0)) + "[" + of(arguments.get(1)) + "]";
      default -> call.function().toUpperCase(java.util.Locale.ROOT) + "(" + all(arguments) + ")";
    };
  }

  private String field(Expression row, Expression place) {
    return row.type() instanceof SqlType.Row type
            && place instanceof Expression.Literal(Long index, SqlType ignored)
        ? of(row) + "." + type.fields().get(index.intValue()).name()
        : of(row) + "." + of(place);
  }

  private String nested(Expression argument, String outer) {
    String text = of(argument);
    boolean compound =
        argument instanceof Expression.Call inner
            && INFIX.containsKey(inner.function())
            && !outer.equals(INFIX.get(inner.function()));
    return compound ? "(" + text + ")" : text;
  }

  private String branches(Expression.Case branches) {
    StringBuilder out = new StringBuilder("CASE");
    for (Expression.Case.Branch branch : branches.branches()) {
      out.append(" WHEN ").append(of(branch.condition()));
      out.append(" THEN ").append(of(branch.result()));
    }
    return out.append(" ELSE ").append(of(branches.otherwise())).append(" END").toString();
  }

  private static String literal(@Nullable Object value, SqlType type) {
    if (value == null) {
      return "NULL";
    }
    return switch (type) {
      case SqlType.Timestamp stamp -> timestamp((Long) value, stamp);
      case SqlType.Decimal ignored -> ((BigDecimal) value).toPlainString();
      case SqlType.Simple simple -> simple(value, simple.kind());
      case SqlType.Array ignored -> "ARRAY" + value;
      case SqlType.Row ignored -> "ROW" + value;
      case SqlType.Map ignored -> "MAP" + value;
    };
  }

  private static String simple(Object value, SqlType.Kind kind) {
    return switch (kind) {
      case VARCHAR -> "'" + value.toString().replace("'", "''") + "'";
      case VARBINARY -> "X'" + HexFormat.of().formatHex((byte[]) value) + "'";
      case DATE -> "DATE '" + LocalDate.ofEpochDay((Long) value) + "'";
      case TIME -> "TIME '" + LocalTime.ofNanoOfDay((Long) value * 1000) + "'";
      case INTERVAL_MONTHS -> "INTERVAL '" + value + "' MONTH";
      case INTERVAL_MICROS -> interval((Long) value);
      case UUID -> "UUID '" + value + "'";
      default -> value.toString();
    };
  }

  private static String interval(long micros) {
    long[] units = {24 * 3600 * MICROS, 3600 * MICROS, 60 * MICROS, MICROS};
    String[] names = {"DAY", "HOUR", "MINUTE", "SECOND"};
    for (int i = 0; i < units.length; i++) {
      if (micros % units[i] == 0) {
        return "INTERVAL '" + micros / units[i] + "' " + names[i];
      }
    }
    return "INTERVAL '" + BigDecimal.valueOf(micros, 6).toPlainString() + "' SECOND";
  }

  private static String timestamp(long value, SqlType.Timestamp type) {
    long unit = type.precision() == 9 ? NANOS : MICROS;
    long nanos = Math.floorMod(value, unit) * (NANOS / unit);
    Instant instant = Instant.ofEpochSecond(Math.floorDiv(value, unit), nanos);
    String text = LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString().replace('T', ' ');
    return "TIMESTAMP '" + text + (type.zoned() ? "+00:00'" : "'");
  }
}
