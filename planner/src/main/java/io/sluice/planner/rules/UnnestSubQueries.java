package io.sluice.planner.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * Turns conjuncts {@code EXISTS}, {@code NOT EXISTS} and {@code IN} of a filter into semi and anti
 * joins where the sub-query is correlated in its outermost filter only: the correlated conditions
 * become the join's condition. What has another form (NOT IN, correlation deeper inside, aggregates
 * under correlation) is left to general decorrelation.
 */
public final class UnnestSubQueries extends RelHomogeneousShuttle {
  /** The same query with the sub-queries of that form as joins. */
  public static RelNode apply(RelNode rel) {
    return rel.accept(new UnnestSubQueries());
  }

  /** A sub-query without its correlated conditions. */
  private record Inner(RelNode rel, List<RexNode> outputs, List<RexNode> correlated) {}

  @Override
  public RelNode visit(RelNode other) {
    RelNode visited =
        super.visit(other)
            .accept(
                new RexShuttle() {
                  @Override
                  public RexNode visitSubQuery(RexSubQuery subQuery) {
                    RexSubQuery query = (RexSubQuery) super.visitSubQuery(subQuery);
                    RelNode unnested = UnnestSubQueries.apply(query.rel);
                    return unnested == query.rel ? query : query.clone(unnested);
                  }
                });
    return visited instanceof LogicalFilter filter ? unnest(filter) : visited;
  }

  private static RelNode unnest(LogicalFilter filter) {
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    List<RexNode> rest = new ArrayList<>();
    List<RexNode> subQueries = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
      (subQuery(conjunct) == null ? rest : subQueries).add(conjunct);
    }
    // plain conditions first, so that the joins see fewer rows
    RelNode result = filter.getInput();
    List<RexNode> plain =
        rest.stream().filter(node -> RexUtil.SubQueryFinder.find(node) == null).toList();
    List<RexNode> later = new ArrayList<>(rest);
    later.removeAll(plain);
    if (subQueries.isEmpty()) {
      return filter;
    }
    if (!plain.isEmpty()) {
      result = LogicalFilter.create(result, RexUtil.composeConjunction(rexBuilder, plain));
    }
    boolean changed = false;
    for (RexNode conjunct : subQueries) {
      RelNode joined = join(result, conjunct, filter.getVariablesSet(), rexBuilder);
      if (joined == null) {
        later.add(conjunct);
      } else {
        result = joined;
        changed = true;
      }
    }
    if (!changed) {
      return filter;
    }
    return later.isEmpty()
        ? result
        : LogicalFilter.create(
            result,
            RexUtil.composeConjunction(rexBuilder, later),
            com.google.common.collect.ImmutableSet.copyOf(filter.getVariablesSet()));
  }

  /** The sub-query of a conjunct [NOT] EXISTS or IN, else null. */
  private static @Nullable RexSubQuery subQuery(RexNode conjunct) {
    RexNode node = conjunct;
    if (node.getKind() == SqlKind.NOT) {
      node = ((RexCall) node).getOperands().get(0);
      return node instanceof RexSubQuery query && query.getKind() == SqlKind.EXISTS ? query : null;
    }
    return node instanceof RexSubQuery query
            && (query.getKind() == SqlKind.EXISTS || query.getKind() == SqlKind.IN)
        ? query
        : null;
  }

  private static @Nullable RelNode join(
      RelNode left, RexNode conjunct, Set<CorrelationId> variables, RexBuilder rexBuilder) {
    RexSubQuery query = java.util.Objects.requireNonNull(subQuery(conjunct));
    Inner inner = split(query.rel, variables, query.getKind() == SqlKind.IN);
    if (inner == null) {
      return null;
    }
    int width = left.getRowType().getFieldCount();
    List<RexNode> conditions = new ArrayList<>();
    for (RexNode correlated : inner.correlated()) {
      conditions.add(onto(correlated, variables, left, width));
    }
    if (query.getKind() == SqlKind.IN) {
      for (int i = 0; i < query.getOperands().size(); i++) {
        RexNode output = RexUtil.shift(inner.outputs().get(i), width);
        conditions.add(
            rexBuilder.makeCall(SqlStdOperatorTable.EQUALS, query.getOperands().get(i), output));
      }
    }
    RexNode condition = RexUtil.composeConjunction(rexBuilder, conditions);
    if (RexUtil.SubQueryFinder.find(condition) != null) {
      return null;
    }
    return LogicalJoin.create(
        left,
        inner.rel(),
        List.of(),
        condition,
        Set.of(),
        conjunct.getKind() == SqlKind.NOT ? JoinRelType.ANTI : JoinRelType.SEMI);
  }

  /** Takes the correlated conditions out of the outermost filter; null where more is correlated. */
  private static @Nullable Inner split(
      RelNode rel, Set<CorrelationId> variables, boolean needsOutputs) {
    List<RexNode> outputs = null;
    RelNode node = rel;
    if (node instanceof LogicalProject project) {
      boolean outer =
          project.getProjects().stream().anyMatch(output -> correlated(output, variables));
      if (outer && needsOutputs) {
        return null;
      }
      outputs = project.getProjects();
      node = project.getInput();
    }
    List<RexNode> correlated = new ArrayList<>();
    if (node instanceof LogicalFilter filter) {
      List<RexNode> own = new ArrayList<>();
      for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
        (correlated(conjunct, variables) ? correlated : own).add(conjunct);
      }
      RexBuilder rexBuilder = rel.getCluster().getRexBuilder();
      node =
          own.isEmpty()
              ? filter.getInput()
              : LogicalFilter.create(
                  filter.getInput(),
                  RexUtil.composeConjunction(rexBuilder, own),
                  com.google.common.collect.ImmutableSet.copyOf(filter.getVariablesSet()));
    }
    if (outputs == null) {
      RelNode base = node;
      outputs = new ArrayList<>();
      for (int i = 0; i < base.getRowType().getFieldCount(); i++) {
        outputs.add(RexInputRef.of(i, base.getRowType()));
      }
    }
    Set<CorrelationId> free = RelOptUtil.getVariablesUsed(node);
    boolean deeper = free.stream().anyMatch(variables::contains);
    return deeper || RexUtil.SubQueryFinder.find(correlated) != null
        ? null
        : new Inner(node, outputs, correlated);
  }

  private static boolean correlated(RexNode node, Set<CorrelationId> variables) {
    boolean[] found = {false};
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitCorrelVariable(RexCorrelVariable variable) {
            found[0] |= variables.contains(variable.id);
            return variable;
          }

          @Override
          public RexNode visitSubQuery(RexSubQuery subQuery) {
            found[0] |=
                RelOptUtil.getVariablesUsed(subQuery.rel).stream().anyMatch(variables::contains);
            return super.visitSubQuery(subQuery);
          }
        });
    return found[0];
  }

  /** A correlated condition over the inner columns, over left columns, then inner columns. */
  private static RexNode onto(
      RexNode condition, Set<CorrelationId> variables, RelNode left, int width) {
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(ref.getIndex() + width, ref.getType());
          }

          @Override
          public RexNode visitFieldAccess(RexFieldAccess access) {
            if (access.getReferenceExpr() instanceof RexCorrelVariable variable
                && variables.contains(variable.id)) {
              return RexInputRef.of(access.getField().getIndex(), left.getRowType());
            }
            return super.visitFieldAccess(access);
          }
        });
  }
}
