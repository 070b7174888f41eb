package io.sluice.planner.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A predicate on left columns may be applied before the join: it drops whole left rows. One on
 * right columns stays above: below, it would let another row win.
 */
final class PushFilterThroughTemporalJoin extends RelOptRule {
  PushFilterThroughTemporalJoin() {
    super(
        operand(LogicalFilter.class, operand(TemporalJoin.class, any())),
        "PushFilterThroughTemporalJoin");
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    TemporalJoin join = call.rel(1);
    ImmutableBitSet left = ImmutableBitSet.range(join.getLeft().getRowType().getFieldCount());
    List<RexNode> below = new ArrayList<>();
    List<RexNode> above = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
      boolean leftOnly = left.contains(RelOptUtil.InputFinder.bits(conjunct));
      (leftOnly ? below : above).add(conjunct);
    }
    if (below.isEmpty()) {
      return;
    }
    RelBuilder builder = call.builder();
    RelNode newLeft = builder.push(join.getLeft()).filter(below).build();
    call.transformTo(builder.push(join.with(newLeft, join.getRight())).filter(above).build());
  }
}
