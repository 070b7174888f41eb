package io.sluice.planner.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * A conjunct of an ASOF join's condition over right columns alone filters the right side before the
 * pick. One over left columns alone filters the left side of an inner join; an outer join keeps it.
 */
final class PushConditionIntoTemporalJoin extends RelOptRule {
  PushConditionIntoTemporalJoin() {
    super(operand(TemporalJoin.class, any()), "PushConditionIntoTemporalJoin");
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    TemporalJoin join = call.rel(0);
    int leftCount = join.getLeft().getRowType().getFieldCount();
    int count = join.getRowType().getFieldCount();
    ImmutableBitSet left = ImmutableBitSet.range(leftCount);
    ImmutableBitSet right = ImmutableBitSet.range(leftCount, count);
    List<RexNode> leftOnly = new ArrayList<>();
    List<RexNode> rightOnly = new ArrayList<>();
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.condition())) {
      ImmutableBitSet used = RelOptUtil.InputFinder.bits(conjunct);
      if (right.contains(used) && !(used.isEmpty() && join.outer())) {
        rightOnly.add(RexUtil.shift(conjunct, -leftCount));
      } else if (left.contains(used) && !join.outer()) {
        leftOnly.add(conjunct);
      } else {
        rest.add(conjunct);
      }
    }
    if (leftOnly.isEmpty() && rightOnly.isEmpty()) {
      return;
    }
    RelBuilder builder = call.builder();
    RelNode newLeft = builder.push(join.getLeft()).filter(leftOnly).build();
    RelNode newRight = builder.push(join.getRight()).filter(rightOnly).build();
    call.transformTo(
        TemporalJoin.create(
            newLeft,
            newRight,
            join.deciding(),
            RexUtil.composeConjunction(builder.getRexBuilder(), rest),
            join.outer()));
  }
}
