package io.sluice.engine.pipeline;

import io.sluice.engine.plan.PhysicalPlan;

/** Plans with so little work that handing it to a worker would cost more: lookups of few keys. */
final class DirectPlans {
  private static final int MOST_ROWS = 1024;

  private DirectPlans() {}

  static boolean isDirect(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.LookupJoinPlan lookup -> isFew(lookup.left());
      case PhysicalPlan.ProjectPlan project -> isDirect(project.input());
      case PhysicalPlan.FilterPlan filter -> isDirect(filter.input());
      default -> false;
    };
  }

  private static boolean isFew(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ValuesPlan values -> values.rows().size() <= MOST_ROWS;
      case PhysicalPlan.LookupJoinPlan lookup -> isFew(lookup.left());
      case PhysicalPlan.ProjectPlan project -> isFew(project.input());
      case PhysicalPlan.FilterPlan filter -> isFew(filter.input());
      default -> false;
    };
  }
}
