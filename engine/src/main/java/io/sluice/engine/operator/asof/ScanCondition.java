package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import org.jspecify.annotations.Nullable;

/**
 * Turns a comparison of an expression with a constant into one of a column, which scans skip by. It
 * may be true of more rows, never of fewer.
 */
final class ScanCondition {
  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long NANOS_PER_MICRO = 1000;

  /** No zone is farther from UTC. */
  private static final long MAX_OFFSET_MICROS = 18 * 3_600_000_000L;

  private ScanCondition() {}

  /**
   * {@code expression <= value} or {@code expression >= value}.
   *
   * @param upper whether the value is the greatest that passes
   * @return null where nothing can be said of a column
   */
  static @Nullable Expression of(Expression expression, boolean upper, long value) {
    try {
      return column(expression, upper, value);
    } catch (ArithmeticException overflow) {
      return null;
    }
  }

  private static @Nullable Expression column(Expression expression, boolean upper, long value) {
    return switch (expression) {
      case Expression.InputRef ref ->
          SpineLimit.isWhole(ref.type()) ? comparison(ref, upper, value) : null;
      case Expression.Cast cast -> cast(cast, upper, value);
      case Expression.Call call -> call(call, upper, value);
      case Expression.Literal ignored -> null;
      case Expression.Parameter ignored -> null;
      case Expression.Case ignored -> null;
      case Expression.Try ignored -> null;
    };
  }

  private static @Nullable Expression comparison(
      Expression.InputRef column, boolean upper, long value) {
    long most = greatest(column.type());
    if (upper ? value >= most : value <= -most - 1) {
      return null;
    }
    long limit = Math.clamp(value, -most - 1, most);
    Expression literal = new Expression.Literal(limit, column.type());
    return new Expression.Call(
        upper ? "le" : "ge", java.util.List.of(column, literal), SqlType.BOOLEAN);
  }

  private static long greatest(SqlType type) {
    return switch (type.kind()) {
      case TINYINT -> Byte.MAX_VALUE;
      case SMALLINT -> Short.MAX_VALUE;
      case INTEGER, DATE -> Integer.MAX_VALUE;
      default -> Long.MAX_VALUE;
    };
  }

  private static @Nullable Expression cast(Expression.Cast cast, boolean upper, long value) {
    SqlType from = cast.input().type();
    SqlType to = cast.type();
    if (isInteger(from) && isInteger(to)) {
      return column(cast.input(), upper, value);
    }
    if (from instanceof SqlType.Timestamp source
        && to instanceof SqlType.Timestamp target
        && source.zoned() == target.zoned()) {
      if (source.precision() == target.precision()) {
        return column(cast.input(), upper, value);
      }
      return source.precision() < target.precision()
          ? column(cast.input(), upper, coarser(value, NANOS_PER_MICRO, upper))
          : null;
    }
    if (from.kind() == SqlType.Kind.DATE && to.equals(SqlType.TIMESTAMP)) {
      return column(cast.input(), upper, coarser(value, DAY_MICROS, upper));
    }
    return null;
  }

  private static boolean isInteger(SqlType type) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> true;
      default -> false;
    };
  }

  private static long coarser(long value, long unit, boolean upper) {
    return upper ? Math.floorDiv(value, unit) : Math.ceilDiv(value, unit);
  }

  private static @Nullable Expression call(Expression.Call call, boolean upper, long value) {
    if (call.arguments().size() != 2
        || !(call.arguments().get(1) instanceof Expression.Literal literal)
        || !(call.type() instanceof SqlType.Timestamp type)
        || !(call.arguments().get(0).type() instanceof SqlType.Timestamp own)
        || own.precision() != type.precision()) {
      return null;
    }
    Expression input = call.arguments().get(0);
    long unit = type.precision() == 6 ? 1 : NANOS_PER_MICRO;
    if (call.function().equals("at_time_zone")) {
      long slack = MAX_OFFSET_MICROS * unit;
      return column(input, upper, Math.addExact(value, upper ? slack : -slack));
    }
    if (literal.type().kind() != SqlType.Kind.INTERVAL_MICROS
        || !(literal.value() instanceof Long micros)) {
      return null;
    }
    long shift = Math.multiplyExact(micros, unit);
    return switch (call.function()) {
      case "add" -> column(input, upper, Math.subtractExact(value, shift));
      case "subtract" -> column(input, upper, Math.addExact(value, shift));
      default -> null;
    };
  }
}
