package io.sluice.planner.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * What a disjunction over several inputs says of each alone: where every branch restricts an input,
 * that input's rows satisfy one of the restrictions, and may be filtered before they are joined.
 */
final class ExpandDisjunctions {
  private ExpandDisjunctions() {}

  /** The implied conditions, none for a condition that is no disjunction over several inputs. */
  static List<RexNode> implied(
      RexBuilder rexBuilder, RexNode condition, List<ImmutableBitSet> inputs) {
    List<RexNode> implied = new ArrayList<>();
    if (condition.getKind() != SqlKind.OR) {
      return implied;
    }
    ImmutableBitSet read = RelOptUtil.InputFinder.bits(condition);
    for (ImmutableBitSet input : inputs) {
      if (!input.intersects(read) || input.contains(read)) {
        continue;
      }
      List<RexNode> branches = new ArrayList<>();
      for (RexNode branch : RelOptUtil.disjunctions(condition)) {
        List<RexNode> own =
            RelOptUtil.conjunctions(branch).stream()
                .filter(conjunct -> input.contains(RelOptUtil.InputFinder.bits(conjunct)))
                .toList();
        if (own.isEmpty()) {
          branches.clear();
          break;
        }
        branches.add(RexUtil.composeConjunction(rexBuilder, own));
      }
      if (!branches.isEmpty()) {
        implied.add(RexUtil.composeDisjunction(rexBuilder, branches));
      }
    }
    return implied;
  }
}
