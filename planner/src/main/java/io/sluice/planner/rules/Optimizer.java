package io.sluice.planner.rules;

import io.sluice.planner.rules.OptimizerRules.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;

/** The phases between a query's relational expression and its translation, in order. */
public final class Optimizer {
  private static final int MATCH_LIMIT = 5_000;

  private final Set<String> disabled;

  /**
   * @param disabled names of rules to leave out; {@code "all"} leaves out all that are not needed
   *     for a plan to run
   */
  public Optimizer(Set<String> disabled) {
    this.disabled = Set.copyOf(disabled);
  }

  public RelNode optimize(RelNode query) {
    RelNode rel = apply(UnnestSubQueries.apply(query), Phase.SUB_QUERIES, Set.of());
    rel = decorrelate(rel);
    rel = apply(rel, Phase.SET_OPERATIONS, Set.of());
    if (disabled.contains("all")) {
      return rel;
    }
    rel = factor(rel);
    rel = apply(rel, Phase.NORMALIZE, disabled);
    rel = new FieldTrimmer(builder(rel)).trim(rel);
    if (!disabled.contains(OptimizerRules.JOIN_ORDER)) {
      rel = JoinOrder.apply(rel);
    }
    rel = apply(rel, Phase.NORMALIZE, disabled);
    rel = new FieldTrimmer(builder(rel)).trim(rel);
    return apply(rel, Phase.NORMALIZE, disabled);
  }

  private static RelBuilder builder(RelNode rel) {
    return RelFactories.LOGICAL_BUILDER.create(rel.getCluster(), null);
  }

  private static RelNode apply(RelNode rel, Phase phase, Set<String> disabled) {
    List<RelOptRule> rules = OptimizerRules.of(phase, disabled);
    HepProgramBuilder program = new HepProgramBuilder();
    program.addMatchLimit(MATCH_LIMIT);
    program.addRuleCollection(rules);
    HepPlanner planner = new HepPlanner(program.build());
    planner.setExecutor(rel.getCluster().getPlanner().getExecutor());
    planner.setRoot(rel);
    return planner.findBestExp();
  }

  private static RelNode decorrelate(RelNode rel) {
    if (!correlated(rel)) {
      return rel;
    }
    RelNode separated = separate(rel);
    if (!correlated(separated)) {
      return separated;
    }
    RelBuilder builder = builder(rel);
    RelNode result = TopDownGeneralDecorrelator.decorrelateQuery(separated, builder);
    return correlated(result) ? RelDecorrelator.decorrelateQuery(result, builder) : result;
  }

  /**
   * Decorrelates the inputs of joins and unions one by one where several have correlations: the
   * library takes those of the second for the first's and fails.
   */
  private static RelNode separate(RelNode rel) {
    List<RelNode> inputs = new ArrayList<>(rel.getInputs());
    boolean several =
        !(rel instanceof Correlate) && inputs.stream().filter(Optimizer::correlated).count() > 1;
    // what a Correlate's right side refers to lies outside of it
    int independent = rel instanceof Correlate ? 1 : inputs.size();
    for (int i = 0; i < independent; i++) {
      RelNode input = inputs.get(i);
      inputs.set(
          i,
          several
              ? RelOptUtil.createCastRel(decorrelate(input), input.getRowType(), true)
              : separate(input));
    }
    return inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
  }

  private static boolean correlated(RelNode rel) {
    if (rel instanceof Correlate) {
      return true;
    }
    return rel.getInputs().stream().anyMatch(Optimizer::correlated);
  }

  /** (a AND b) OR (a AND c) becomes a AND (b OR c), so that joins find their keys. */
  private static RelNode factor(RelNode rel) {
    return rel.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(LogicalFilter filter) {
            RelNode visited = super.visit(filter);
            if (!(visited instanceof LogicalFilter inner)) {
              return visited;
            }
            RexNode factored =
                RexUtil.pullFactors(inner.getCluster().getRexBuilder(), inner.getCondition());
            return inner.copy(inner.getTraitSet(), inner.getInput(), factored);
          }
        });
  }
}
