package io.sluice.planner.rules;

import io.sluice.engine.connector.TableStatistics;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * Estimates rows and distinct values of a relational tree from table statistics: uniform values,
 * independent predicates, contained keys. A column's distinct values are bounded by its range where
 * it is discrete, so minimum and maximum alone order joins along foreign keys well.
 */
public final class Cardinality {
  private static final double DEFAULT_ROWS = 1000;
  private static final double RANGE = 0.3;
  private static final double LIKE = 0.1;
  private static final double UNKNOWN = 0.25;
  private static final double NULLS = 0.05;

  // each is asked for many times on the way up; without these the time doubles with every join
  private final Map<RelNode, Double> knownRows = new IdentityHashMap<>();
  private final Map<RelNode, Map<Integer, Double>> knownDistinct = new IdentityHashMap<>();

  private Cardinality() {}

  /** Estimated rows, at least 1. */
  public static double rows(RelNode node) {
    return new Cardinality().estimatedRows(node);
  }

  /** The part of the cross product that a join's condition keeps. */
  static double joinSelectivity(Join join) {
    return new Cardinality().keptByJoin(join);
  }

  private double estimatedRows(RelNode node) {
    RelNode rel = node.stripped();
    Double known = knownRows.get(rel);
    if (known == null) {
      known = countRows(rel);
      knownRows.put(rel, known);
    }
    return known;
  }

  private double countRows(RelNode rel) {
    double rows =
        switch (rel) {
          case TableScan scan -> scan.getTable().getRowCount();
          case Filter filter ->
              estimatedRows(filter.getInput())
                  * selectivity(filter.getCondition(), filter.getInput());
          case Project project -> estimatedRows(project.getInput());
          case Join join -> joinRows(join);
          case Aggregate aggregate -> groups(aggregate);
          case Sort sort -> limited(sort);
          case Union union -> union.getInputs().stream().mapToDouble(this::estimatedRows).sum();
          case Values values -> values.getTuples().size();
          default -> rel.getInputs().isEmpty() ? DEFAULT_ROWS : estimatedRows(rel.getInput(0));
        };
    return Math.max(1, rows);
  }

  private double limited(Sort sort) {
    double rows = estimatedRows(sort.getInput());
    return sort.fetch instanceof RexLiteral literal
            && literal.getValue() instanceof BigDecimal fetch
        ? Math.min(rows, fetch.doubleValue())
        : rows;
  }

  private double groups(Aggregate aggregate) {
    double rows = estimatedRows(aggregate.getInput());
    double groups = 1;
    for (int column : aggregate.getGroupSet()) {
      groups *= distinct(aggregate.getInput(), column);
    }
    return Math.min(rows, groups) * aggregate.getGroupSets().size();
  }

  private double joinRows(Join join) {
    double left = estimatedRows(join.getLeft());
    double right = estimatedRows(join.getRight());
    double inner = left * right * keptByJoin(join);
    return switch (join.getJoinType()) {
      case LEFT, LEFT_MARK -> Math.max(left, inner);
      case RIGHT -> Math.max(right, inner);
      case FULL -> Math.max(left + right, inner);
      case SEMI -> Math.min(left, Math.max(1, inner)) * 0.5;
      case ANTI -> left * 0.5;
      default -> inner;
    };
  }

  private double keptByJoin(Join join) {
    JoinInfo info = join.analyzeCondition();
    double selectivity = 1;
    for (int i = 0; i < info.leftKeys.size(); i++) {
      selectivity /=
          Math.max(
              distinct(join.getLeft(), info.leftKeys.get(i)),
              distinct(join.getRight(), info.rightKeys.get(i)));
    }
    for (int i = 0; i < info.nonEquiConditions.size(); i++) {
      selectivity *= RANGE;
    }
    return selectivity;
  }

  /** Estimated distinct values of a column, at least 1. */
  private double distinct(RelNode node, int column) {
    RelNode rel = node.stripped();
    Map<Integer, Double> columns = knownDistinct.computeIfAbsent(rel, r -> new HashMap<>());
    Double known = columns.get(column);
    if (known == null) {
      known = countDistinct(rel, column);
      columns.put(column, known);
    }
    return known;
  }

  private double countDistinct(RelNode rel, int column) {
    double rows = estimatedRows(rel);
    double distinct =
        switch (rel) {
          case TableScan scan -> scanDistinct(scan, column, rows);
          case Filter filter -> distinct(filter.getInput(), column);
          case Sort sort -> distinct(sort.getInput(), column);
          case Project project ->
              project.getProjects().get(column) instanceof RexInputRef ref
                  ? distinct(project.getInput(), ref.getIndex())
                  : Math.sqrt(rows);
          case Join join -> {
            int left = join.getLeft().getRowType().getFieldCount();
            yield column < left
                ? distinct(join.getLeft(), column)
                : column - left < join.getRight().getRowType().getFieldCount()
                    ? distinct(join.getRight(), column - left)
                    : 2;
          }
          case Aggregate aggregate ->
              column < aggregate.getGroupCount()
                  ? distinct(aggregate.getInput(), aggregate.getGroupSet().nth(column))
                  : rows;
          default -> rows;
        };
    return Math.max(1, Math.min(rows, distinct));
  }

  private static double scanDistinct(TableScan scan, int column, double rows) {
    TableStatistics.ColumnStatistics statistics = statistics(scan, column);
    if (statistics == null) {
      return Math.sqrt(rows) * 2;
    }
    if (statistics.distinctCount() >= 0) {
      return statistics.distinctCount();
    }
    if (statistics.min() instanceof Long min && statistics.max() instanceof Long max) {
      return (double) max - min + 1;
    }
    return Math.sqrt(rows) * 2;
  }

  private static TableStatistics.@Nullable ColumnStatistics statistics(TableScan scan, int column) {
    TableStatistics statistics = scan.getTable().unwrap(TableStatistics.class);
    if (statistics == null) {
      return null;
    }
    return statistics.columns().get(scan.getRowType().getFieldNames().get(column));
  }

  /** The part of an input's rows for which a condition is true, above 0 and at most 1. */
  private double selectivity(RexNode condition, RelNode input) {
    double selectivity = estimate(condition, input);
    return Math.min(1, Math.max(1e-9, selectivity));
  }

  private double estimate(RexNode condition, RelNode input) {
    if (condition.isAlwaysTrue()) {
      return 1;
    }
    if (condition.isAlwaysFalse()) {
      return 0;
    }
    if (!(condition instanceof RexCall call)) {
      return 0.5;
    }
    List<RexNode> operands = call.getOperands();
    return switch (call.getKind()) {
      case AND -> {
        double all = 1;
        for (RexNode operand : operands) {
          all *= selectivity(operand, input);
        }
        yield all;
      }
      case OR -> {
        double none = 1;
        for (RexNode operand : operands) {
          none *= 1 - selectivity(operand, input);
        }
        yield 1 - none;
      }
      case NOT -> 1 - selectivity(operands.get(0), input);
      case IS_NULL -> NULLS;
      case IS_NOT_NULL -> 1 - NULLS;
      case EQUALS -> equality(operands, input);
      case NOT_EQUALS -> 1 - equality(operands, input);
      case LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          range(call.getKind(), operands, input);
      case LIKE -> LIKE;
      case SEARCH -> search(operands, input);
      default -> UNKNOWN;
    };
  }

  private double equality(List<RexNode> operands, RelNode input) {
    double distinct = 1;
    for (RexNode operand : operands) {
      RexNode plain = RexUtil.removeCast(operand);
      if (plain instanceof RexInputRef ref) {
        distinct = Math.max(distinct, distinct(input, ref.getIndex()));
      }
    }
    return distinct == 1 ? LIKE : 1 / distinct;
  }

  private double search(List<RexNode> operands, RelNode input) {
    if (operands.get(1) instanceof RexLiteral literal
        && literal.getValue() instanceof Sarg<?> sarg
        && operands.get(0) instanceof RexInputRef ref) {
      double distinct = distinct(input, ref.getIndex());
      if (sarg.isPoints()) {
        return sarg.pointCount / distinct;
      }
      if (sarg.isComplementedPoints()) {
        return 1 - 1 / distinct;
      }
    }
    return RANGE / 2;
  }

  private double range(SqlKind kind, List<RexNode> operands, RelNode input) {
    RexNode left = RexUtil.removeCast(operands.get(0));
    RexNode right = RexUtil.removeCast(operands.get(1));
    if (left instanceof RexLiteral && right instanceof RexInputRef) {
      return range(kind.reverse(), List.of(right, left), input);
    }
    if (left instanceof RexInputRef ref && right instanceof RexLiteral literal) {
      TableStatistics.ColumnStatistics statistics = origin(input, ref.getIndex());
      Double min = statistics == null ? null : number(statistics.min());
      Double max = statistics == null ? null : number(statistics.max());
      Double bound = number(literal);
      if (min != null && max != null && bound != null && max > min) {
        double below = Math.min(1, Math.max(0, (bound - min) / (max - min)));
        boolean less = kind == SqlKind.LESS_THAN || kind == SqlKind.LESS_THAN_OR_EQUAL;
        return less ? below : 1 - below;
      }
    }
    return RANGE;
  }

  /** Statistics of the table column that an input's column comes from. */
  private static TableStatistics.@Nullable ColumnStatistics origin(RelNode node, int column) {
    return switch (node.stripped()) {
      case TableScan scan -> statistics(scan, column);
      case Filter filter -> origin(filter.getInput(), column);
      case Project project ->
          project.getProjects().get(column) instanceof RexInputRef ref
              ? origin(project.getInput(), ref.getIndex())
              : null;
      case Join join -> {
        int left = join.getLeft().getRowType().getFieldCount();
        yield column < left
            ? origin(join.getLeft(), column)
            : column - left < join.getRight().getRowType().getFieldCount()
                ? origin(join.getRight(), column - left)
                : null;
      }
      default -> null;
    };
  }

  private static @Nullable Double number(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : null;
  }

  /** The literal on the scale of the statistics: days for dates, microseconds for timestamps. */
  private static @Nullable Double number(RexLiteral literal) {
    return switch (literal.getTypeName()) {
      case DATE -> {
        Integer days = literal.getValueAs(Integer.class);
        yield days == null ? null : days.doubleValue();
      }
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> {
        Long millis = literal.getValueAs(Long.class);
        yield millis == null ? null : millis * 1000.0;
      }
      default -> literal.getValue() instanceof BigDecimal value ? value.doubleValue() : null;
    };
  }
}
