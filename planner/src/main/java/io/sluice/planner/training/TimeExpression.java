package io.sluice.planner.training;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * An instant as a core and what is done to it, the innermost step first. Every step keeps the order
 * of instants, if not their distance.
 *
 * @param core without casts, time zones, rounding and lags
 * @param steps from the core outwards
 * @param instant whether it is an instant, or a local time that is given a zone
 * @param zones in which the instant became a local time, from the core outwards
 */
record TimeExpression(RexNode core, List<Step> steps, boolean instant, List<String> zones) {
  private static final long DAY = 86_400_000_000L;

  /** A month has 28 to 31 days. */
  private static final long SHORTEST_MONTH = 28 * DAY;

  private static final long LONGEST_MONTH = 31 * DAY;
  private static final String SESSION_ZONE = "";

  /** What is done to an instant. */
  sealed interface Step permits Shift, Move, Floor {
    /** Whether different instants stay different. */
    boolean keepsDistance();
  }

  /** Adds from {@code least} to {@code most} microseconds. */
  record Shift(long least, long most) implements Step {
    @Override
    public boolean keepsDistance() {
      return least == most;
    }
  }

  /** Adds or subtracts an interval that is no literal, of unknown length and sign. */
  record Move(String interval, boolean later) implements Step {
    @Override
    public boolean keepsDistance() {
      return true;
    }

    private Move back() {
      return new Move(interval, !later);
    }
  }

  /** Rounds down. */
  record Floor(Unit unit) implements Step {
    @Override
    public boolean keepsDistance() {
      return false;
    }
  }

  /** What instants are rounded down to. */
  enum Unit {
    MICROSECOND(1),
    MILLISECOND(1_000),
    SECOND(1_000_000),
    MINUTE(60_000_000L),
    HOUR(3_600_000_000L),
    DAY(TimeExpression.DAY),
    WEEK(7 * TimeExpression.DAY),
    MONTH(LONGEST_MONTH),
    QUARTER(92 * TimeExpression.DAY),
    YEAR(366 * TimeExpression.DAY),
    UNKNOWN(Long.MAX_VALUE / 1024);

    private final long longest;

    Unit(long longest) {
      this.longest = longest;
    }

    private static Unit of(String name) {
      for (Unit unit : values()) {
        if (unit.name().equalsIgnoreCase(name)) {
          return unit;
        }
      }
      return UNKNOWN;
    }

    /** Whether each of the other's begins where one of this begins. */
    private boolean divides(Unit other) {
      if (this == UNKNOWN || other == UNKNOWN) {
        return false;
      }
      return this == other || (this != WEEK && compareTo(other) < 0);
    }
  }

  private static TimeExpression opaque(RexNode core) {
    return new TimeExpression(core, List.of(), isZoned(core.getType()), List.of());
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
    TimeExpression time = of(operand);
    if (isZoned(operand.getType()) != isZoned(call.getType())) {
      time = time.inZone(operand.getType(), SESSION_ZONE);
    }
    boolean day =
        call.getType().getSqlTypeName() == SqlTypeName.DATE
            && operand.getType().getSqlTypeName() != SqlTypeName.DATE;
    return day ? time.then(new Floor(Unit.DAY)) : time;
  }

  private static TimeExpression function(RexCall call) {
    List<RexNode> operands = call.getOperands();
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "AT_TIME_ZONE" ->
          of(operands.getFirst()).inZone(operands.getFirst().getType(), digest(operands.getLast()));
      case "DATE_TRUNC" -> {
        String unit = operands.getFirst() instanceof RexLiteral text ? text(text) : "";
        yield of(operands.getLast()).then(new Floor(Unit.of(unit)));
      }
      default -> opaque(call);
    };
  }

  private static String text(RexLiteral literal) {
    String text = literal.getValueAs(String.class);
    return text == null ? "" : text.strip();
  }

  private static boolean isTime(RelDataType type) {
    return type.getSqlTypeName().getFamily() == SqlTypeFamily.TIMESTAMP
        || type.getSqlTypeName().getFamily() == SqlTypeFamily.DATE;
  }

  private static boolean isZoned(RelDataType type) {
    return type.getSqlTypeName() == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
        || type.getSqlTypeName() == SqlTypeName.TIMESTAMP_TZ;
  }

  /** An instant becomes a local time, or a local time gets a zone. */
  private TimeExpression inZone(RelDataType before, String zone) {
    return isZoned(before)
        ? new TimeExpression(core, steps, instant, appended(zones, zone))
        : new TimeExpression(core, steps, true, zones);
  }

  private TimeExpression then(Step step) {
    return new TimeExpression(core, appended(steps, step), instant, zones);
  }

  private static <T> List<T> appended(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return List.copyOf(longer);
  }

  private TimeExpression moved(RexNode by, boolean minus) {
    Shift shift = shift(by);
    if (shift == null) {
      return then(new Move(digest(by), !minus));
    }
    return then(minus ? new Shift(-shift.most, -shift.least) : shift);
  }

  private static @Nullable Shift shift(RexNode node) {
    if (!(node instanceof RexLiteral literal)) {
      return null;
    }
    BigDecimal value = literal.getValueAs(BigDecimal.class);
    SqlTypeName type = literal.getType().getSqlTypeName();
    if (value == null) {
      return null;
    }
    if (SqlTypeName.YEAR_INTERVAL_TYPES.contains(type)) {
      long one = value.longValue() * SHORTEST_MONTH;
      long other = value.longValue() * LONGEST_MONTH;
      return new Shift(Math.min(one, other), Math.max(one, other));
    }
    if (SqlTypeName.DAY_INTERVAL_TYPES.contains(type)) {
      return new Shift(value.longValue() * 1_000, value.longValue() * 1_000);
    }
    return SqlTypeName.EXACT_TYPES.contains(type)
        ? new Shift(value.longValue() * DAY, value.longValue() * DAY)
        : null;
  }

  /** The column of a table that this is, moved or rounded, or null. */
  @Nullable RexTableInputRef column() {
    return core instanceof RexTableInputRef column ? column : null;
  }

  /** Whether different instants may have become one. */
  boolean isRounded() {
    return steps.stream().anyMatch(Floor.class::isInstance);
  }

  boolean sameCore(TimeExpression other) {
    return digest(core).equals(digest(other.core));
  }

  private static String digest(RexNode node) {
    return node.toString().replace(" NOT NULL", "");
  }

  /**
   * This as a function of another of the same core: what undoes the other's steps is done first. It
   * is never earlier than this is.
   */
  TimeExpression since(TimeExpression other) {
    int common = 0;
    while (common < Math.min(steps.size(), other.steps.size())
        && steps.get(common).equals(other.steps.get(common))) {
      common++;
    }
    List<Step> relative = new ArrayList<>();
    for (Step step : other.steps.subList(common, other.steps.size()).reversed()) {
      relative.add(
          switch (step) {
            case Shift shift -> new Shift(-shift.most, -shift.least);
            case Move move -> move.back();
            case Floor floor -> new Shift(0, floor.unit.longest);
          });
    }
    relative.addAll(steps.subList(common, steps.size()));
    return new TimeExpression(core, List.copyOf(relative), instant, zones);
  }

  /**
   * Whether {@code this < upper} (or {@code <=}) means that this core is at or before the other's.
   * Steps that both sides end or begin with say nothing and are left out; then either what is added
   * here makes up for what is rounded off here and added there, or both sides are rounded down to
   * beginnings of which this side's is the earlier.
   *
   * @param strict whether they are never equal
   * @param before whether this core must be before the other, not at it
   */
  boolean bounds(TimeExpression upper, boolean strict, boolean before) {
    if (instant && upper.instant && !zones.equals(upper.zones)) {
      return false;
    }
    List<Step> left = new ArrayList<>(steps);
    List<Step> right = new ArrayList<>(upper.steps);
    while (!left.isEmpty()
        && !right.isEmpty()
        && left.getLast().equals(right.getLast())
        && (strict || left.getLast().keepsDistance())) {
      left.removeLast();
      right.removeLast();
    }
    while (!left.isEmpty()
        && !right.isEmpty()
        && left.getFirst().equals(right.getFirst())
        && left.getFirst().keepsDistance()) {
      left.removeFirst();
      right.removeFirst();
    }
    return isAhead(left, right, strict, before) || (strict && beginsEarlier(left, right));
  }

  private static boolean isAhead(
      List<Step> left, List<Step> right, boolean strict, boolean before) {
    List<Move> moves = new ArrayList<>();
    long ahead = 0;
    boolean rounded = false;
    for (Step step : left) {
      switch (step) {
        case Shift shift -> ahead += shift.least;
        case Move move -> add(moves, move);
        case Floor floor -> {
          ahead -= floor.unit.longest;
          rounded = true;
        }
      }
    }
    for (Step step : right) {
      switch (step) {
        case Shift shift -> ahead -= shift.most;
        case Move move -> {
          add(moves, move.back());
        }
        case Floor ignored -> {}
      }
    }
    // what is rounded off is less than the unit
    return moves.isEmpty() && (ahead > 0 || (ahead == 0 && (rounded || strict || !before)));
  }

  /** Adds one, which cancels its opposite. */
  private static void add(List<Move> moves, Move move) {
    if (!moves.remove(move.back())) {
      moves.add(move);
    }
  }

  /**
   * Whether the left side is not before the beginning of its core's unit, and the right side not
   * after a beginning of such a unit that is not after its core.
   */
  private static boolean beginsEarlier(List<Step> left, List<Step> right) {
    List<Floor> floors =
        left.stream().filter(Floor.class::isInstance).map(Floor.class::cast).toList();
    return floors.size() == 1
        && left.stream().allMatch(step -> step instanceof Floor || isLater(step))
        && right.stream().allMatch(step -> step instanceof Floor || isEarlier(step))
        && right.stream()
            .anyMatch(
                step -> step instanceof Floor floor && floors.getFirst().unit.divides(floor.unit));
  }

  private static boolean isLater(Step step) {
    return switch (step) {
      case Shift shift -> shift.least >= 0;
      case Move ignored -> false;
      case Floor ignored -> false;
    };
  }

  private static boolean isEarlier(Step step) {
    return switch (step) {
      case Shift shift -> shift.most <= 0;
      case Move ignored -> false;
      case Floor ignored -> true;
    };
  }
}
