package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/** ASOF joins with other conditions. */
final class AsofPlans {
  private AsofPlans() {}

  static PhysicalPlan.AsofJoinPlan withTolerance(
      PhysicalPlan.AsofJoinPlan plan, @Nullable Expression tolerance) {
    return with(plan, tolerance, plan.residual());
  }

  static PhysicalPlan.AsofJoinPlan withResidual(
      PhysicalPlan.AsofJoinPlan plan, @Nullable Expression residual) {
    return with(plan, plan.tolerance(), residual);
  }

  private static PhysicalPlan.AsofJoinPlan with(
      PhysicalPlan.AsofJoinPlan plan,
      @Nullable Expression tolerance,
      @Nullable Expression residual) {
    return new PhysicalPlan.AsofJoinPlan(
        plan.left(),
        plan.right(),
        plan.outer(),
        plan.leftKeys(),
        plan.rightKeys(),
        plan.leftMatch(),
        plan.rightMatch(),
        plan.direction(),
        plan.bounds(),
        tolerance,
        residual,
        plan.tieColumns(),
        plan.output());
  }
}
