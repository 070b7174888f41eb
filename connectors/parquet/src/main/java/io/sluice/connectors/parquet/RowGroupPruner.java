package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ChunkStatistics.Bounds;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.expression.Expression;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Says whether some rows can hold one for which a filter is true, by bounds of their values: those
 * of a row group in the footer, of a page in the file's index, of a value in a dictionary. What it
 * does not understand may be anything.
 */
public final class RowGroupPruner {
  // The outcomes that rows of the row group can have.
  private static final int TRUE = 1;
  private static final int FALSE = 2;
  private static final int NULL = 4;
  private static final int ANY = TRUE | FALSE | NULL;

  private final List<ColumnRequest> columns;
  private final IntFunction<@Nullable Bounds> known;

  /**
   * @param known bounds of a column by its place, or null where it has none
   */
  private RowGroupPruner(List<ColumnRequest> columns, IntFunction<@Nullable Bounds> known) {
    this.columns = columns;
    this.known = known;
  }

  /**
   * Whether the row group has to be read.
   *
   * @param filter over {@code columns}, as in {@code ScanRequest}; null for none
   */
  public static boolean mayMatch(
      ParquetMetadata metadata,
      int rowGroup,
      @Nullable Expression filter,
      List<ColumnRequest> columns) {
    RowGroup group = metadata.rowGroups().get(rowGroup);
    if (group.rowCount() == 0) {
      return false;
    }
    return filter == null
        || mayMatch(filter, columns, column -> ChunkStatistics.bounds(group, columns.get(column)));
  }

  /** The same of rows of which only some bounds are known. */
  static boolean mayMatch(
      Expression filter, List<ColumnRequest> columns, IntFunction<@Nullable Bounds> known) {
    return (new RowGroupPruner(columns, known).outcomes(filter) & TRUE) != 0;
  }

  private int outcomes(Expression expression) {
    return switch (expression) {
      case Expression.Literal literal ->
          switch (literal.value()) {
            case null -> NULL;
            case Boolean value -> value ? TRUE : FALSE;
            default -> ANY;
          };
      case Expression.Call call -> call(call);
      default -> ANY;
    };
  }

  private int call(Expression.Call call) {
    List<Expression> arguments = call.arguments();
    return switch (call.function()) {
      case "and" -> {
        int result = TRUE;
        for (Expression argument : arguments) {
          result = and(result, outcomes(argument));
        }
        yield result;
      }
      case "or" -> {
        int result = FALSE;
        for (Expression argument : arguments) {
          result = not(and(not(result), not(outcomes(argument))));
        }
        yield result;
      }
      case "not" -> not(outcomes(arguments.getFirst()));
      case "is_null" -> isNull(arguments.getFirst());
      case "is_not_null" -> not(isNull(arguments.getFirst()));
      case "eq", "ne", "lt", "le", "gt", "ge", "is_not_distinct_from" ->
          comparison(call.function(), arguments.get(0), arguments.get(1));
      default -> ANY;
    };
  }

  private static int and(int left, int right) {
    int result = (left | right) & FALSE;
    result |= left & right & TRUE;
    if (((left & NULL) != 0 && (right & (NULL | TRUE)) != 0)
        || ((right & NULL) != 0 && (left & (NULL | TRUE)) != 0)) {
      result |= NULL;
    }
    return result;
  }

  private static int not(int outcomes) {
    return (outcomes & NULL)
        | ((outcomes & TRUE) != 0 ? FALSE : 0)
        | ((outcomes & FALSE) != 0 ? TRUE : 0);
  }

  private int isNull(Expression argument) {
    Bounds bounds = bounds(argument);
    if (bounds == null || bounds.nullCount() < 0) {
      return TRUE | FALSE;
    }
    return (bounds.nullCount() > 0 ? TRUE : 0) | (bounds.nullCount() < bounds.rows() ? FALSE : 0);
  }

  private @Nullable Bounds bounds(Expression argument) {
    return argument instanceof Expression.InputRef(int column, var type)
            && column >= 0
            && column < columns.size()
            && columns.get(column).type().equals(type)
        ? known.apply(column)
        : null;
  }

  private int comparison(String function, Expression left, Expression right) {
    if (left instanceof Expression.Literal && right instanceof Expression.InputRef) {
      return comparison(flipped(function), right, left);
    }
    Bounds bounds = bounds(left);
    if (bounds == null || !(right instanceof Expression.Literal(Object value, var type))) {
      return ANY;
    }
    if (left instanceof Expression.InputRef reference && !reference.type().equals(type)) {
      return ANY;
    }
    if (value instanceof String text) {
      value = text.getBytes(StandardCharsets.UTF_8);
    }
    if (function.equals("is_not_distinct_from")) {
      if (value == null) {
        return isNull(left);
      }
      int equal = compare("eq", bounds, value);
      return (equal & (TRUE | FALSE)) | ((equal & NULL) != 0 ? FALSE : 0);
    }
    return value == null ? NULL : compare(function, bounds, value);
  }

  private static String flipped(String function) {
    return switch (function) {
      case "lt" -> "gt";
      case "le" -> "ge";
      case "gt" -> "lt";
      case "ge" -> "le";
      default -> function;
    };
  }

  private static int compare(String function, Bounds bounds, Object value) {
    int absent = bounds.nullCount() == 0 ? 0 : NULL;
    if (bounds.nullCount() == bounds.rows()) {
      return NULL;
    }
    if (value instanceof Double number && number.isNaN()) {
      return TRUE | FALSE | absent;
    }
    // Without a bound, the value counts as within.
    Integer low = order(bounds.min(), value);
    Integer high = order(bounds.max(), value);
    boolean below = low == null || low < 0;
    boolean above = high == null || high > 0 || bounds.mayHoldNan();
    boolean within = (low == null || low <= 0) && (high == null || high >= 0);
    boolean only = bounds.exact() && low != null && high != null && low == 0 && high == 0;
    boolean others = !only;
    return absent
        | switch (function) {
          case "eq" -> outcomes(within, others);
          case "ne" -> outcomes(others, within);
          case "lt" -> outcomes(below, above || within);
          case "le" -> outcomes(below || within, above);
          case "gt" -> outcomes(above, below || within);
          case "ge" -> outcomes(above || within, below);
          default -> TRUE | FALSE;
        };
  }

  private static int outcomes(boolean mayBeTrue, boolean mayBeFalse) {
    return (mayBeTrue ? TRUE : 0) | (mayBeFalse ? FALSE : 0);
  }

  /** The sign of {@code bound - value}, or null where they cannot be compared. */
  private static @Nullable Integer order(@Nullable Object bound, Object value) {
    return switch (bound) {
      case Long a when value instanceof Long b -> Long.compare(a, b);
      // Not Double.compare: -0.0 equals 0.0.
      case Double a when value instanceof Double b -> a < b ? -1 : a > b ? 1 : 0;
      case BigDecimal a when value instanceof BigDecimal b -> a.compareTo(b);
      case Boolean a when value instanceof Boolean b -> Boolean.compare(a, b);
      case byte[] a when value instanceof byte[] b -> Arrays.compareUnsigned(a, b);
      case UUID a when value instanceof UUID b -> {
        int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        yield high != 0
            ? high
            : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
      }
      case null, default -> null;
    };
  }
}
