package io.sluice.planner.training;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexTableInputRef;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * An instant as a core, rounded down or not, and moved by a lag.
 *
 * @param core without casts, time zones, rounding and lag
 * @param lag that was added, microseconds; a month counts as 30 days
 * @param unit that it was rounded down to, microseconds, 0 where it was not
 * @param moves intervals of unknown length that were added
 */
record TimeExpression(RexNode core, long lag, long unit, List<Move> moves) {
  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;
  private static final long MONTH = 30 * DAY;

  /** The longest that a unit of DATE_TRUNC can be. */
  private static final Map<String, Long> UNITS =
      Map.of(
          "microsecond", 1L,
          "millisecond", 1_000L,
          "second", SECOND,
          "minute", 60 * SECOND,
          "hour", 3_600 * SECOND,
          "day", DAY,
          "week", 7 * DAY,
          "month", 31 * DAY,
          "quarter", 92 * DAY,
          "year", 366 * DAY);

  private static final long UNKNOWN_UNIT = Long.MAX_VALUE / 4;

  /** An interval that is no literal and not negative, added or subtracted. */
  record Move(String interval, boolean later) {
    private Move back() {
      return new Move(interval, !later);
    }
  }

  private static TimeExpression opaque(RexNode core) {
    return new TimeExpression(core, 0, 0, List.of());
  }

  static TimeExpression of(RexNode node) {
    if (!(node instanceof RexCall call) || call.getOperands().isEmpty()) {
      return opaque(node);
    }
    List<RexNode> operands = call.getOperands();
    return switch (call.getKind()) {
      case CAST -> cast(call);
      case PLUS, MINUS -> {
        boolean minus = call.getKind() == SqlKind.MINUS;
        if (operands.size() != 2) {
          yield opaque(node);
        }
        yield isTime(operands.get(0).getType())
            ? of(operands.get(0)).moved(operands.get(1), minus)
            : isTime(operands.get(1).getType()) && !minus
                ? of(operands.get(1)).moved(operands.get(0), false)
                : opaque(node);
      }
      default -> function(call);
    };
  }

  private static TimeExpression cast(RexCall call) {
    RexNode operand = call.getOperands().getFirst();
    if (!isTime(call.getType()) || !isTime(operand.getType())) {
      return opaque(call);
    }
    boolean day =
        call.getType().getSqlTypeName() == SqlTypeName.DATE
            && operand.getType().getSqlTypeName() != SqlTypeName.DATE;
    return day ? of(operand).rounded(DAY) : of(operand);
  }

  private static TimeExpression function(RexCall call) {
    List<RexNode> operands = call.getOperands();
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "AT_TIME_ZONE" -> of(operands.getFirst());
      case "DATE_TRUNC" -> {
        String unit = operands.getFirst() instanceof RexLiteral text ? text(text) : "";
        yield of(operands.getLast()).rounded(UNITS.getOrDefault(unit, UNKNOWN_UNIT));
      }
      default -> opaque(call);
    };
  }

  private static String text(RexLiteral literal) {
    String text = literal.getValueAs(String.class);
    return text == null ? "" : text.strip().toLowerCase(Locale.ROOT);
  }

  private static boolean isTime(RelDataType type) {
    return type.getSqlTypeName().getFamily() == SqlTypeFamily.TIMESTAMP
        || type.getSqlTypeName().getFamily() == SqlTypeFamily.DATE;
  }

  private TimeExpression rounded(long to) {
    return new TimeExpression(core, lag, Math.max(unit, to), moves);
  }

  private TimeExpression moved(RexNode by, boolean minus) {
    Long micros = micros(by);
    if (micros == null) {
      List<Move> more = new ArrayList<>(moves);
      add(more, new Move(digest(by), !minus));
      return new TimeExpression(core, lag, unit, List.copyOf(more));
    }
    return new TimeExpression(core, lag + (minus ? -micros : micros), unit, moves);
  }

  /** Adds one, which cancels its opposite. */
  private static void add(List<Move> moves, Move move) {
    if (!moves.remove(move.back())) {
      moves.add(move);
    }
  }

  private static @Nullable Long micros(RexNode node) {
    if (!(node instanceof RexLiteral literal)) {
      return null;
    }
    BigDecimal value = literal.getValueAs(BigDecimal.class);
    SqlTypeName type = literal.getType().getSqlTypeName();
    if (value == null) {
      return null;
    }
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(type)) {
      return value.longValue() * MONTH;
    }
    if (SqlTypeName.DAY_INTERVAL_TYPES.contains(type)) {
      return value.longValue() * 1_000;
    }
    return SqlTypeName.EXACT_TYPES.contains(type) ? value.longValue() * DAY : null;
  }

  /** The column of a table that this is, moved or rounded, or null. */
  @Nullable RexTableInputRef column() {
    return core instanceof RexTableInputRef column ? column : null;
  }

  /** This, relative to another of the same core. */
  TimeExpression since(TimeExpression other) {
    List<Move> left = new ArrayList<>(moves);
    other.moves.forEach(move -> add(left, move.back()));
    return new TimeExpression(core, lag - other.lag, unit, List.copyOf(left));
  }

  boolean sameCore(TimeExpression other) {
    return digest(core).equals(digest(other.core));
  }

  private static String digest(RexNode node) {
    return node.toString().replace(" NOT NULL", "");
  }

  /**
   * Whether {@code this < upper} (or {@code <=}) means that this core is at or before the other's.
   *
   * @param strict whether they are never equal
   * @param before whether this core must be before the other, not at it
   */
  boolean bounds(TimeExpression upper, boolean strict, boolean before) {
    List<Move> difference = new ArrayList<>(moves);
    upper.moves.forEach(move -> add(difference, move.back()));
    if (!difference.stream().allMatch(Move::later)) {
      return false;
    }
    long ahead = lag - upper.lag;
    if (unit == 0) {
      return ahead > 0 || (ahead == 0 && (strict || !before));
    }
    if (ahead >= unit) {
      return true;
    }
    return strict && ahead >= 0 && upper.unit >= unit;
  }
}
