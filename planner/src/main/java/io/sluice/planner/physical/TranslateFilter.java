package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.calcite.rel.core.Filter;

/** A filter; over a scan it becomes the scan's. */
final class TranslateFilter {
  private TranslateFilter() {}

  static PhysicalPlan translate(Filter filter, PlanTranslator plans) {
    return filter(
        plans.translate(filter.getInput()), plans.expressions().translate(filter.getCondition()));
  }

  static PhysicalPlan filter(PhysicalPlan input, Expression condition) {
    return switch (input) {
      case PhysicalPlan.ScanPlan scan ->
          new PhysicalPlan.ScanPlan(
              scan.table(),
              scan.version(),
              scan.tableColumns(),
              scan.filter() == null ? condition : and(scan.filter(), condition),
              scan.output());
      default -> new PhysicalPlan.FilterPlan(input, condition);
    };
  }

  static Expression and(Expression a, Expression b) {
    return new Expression.Call("and", List.of(a, b), SqlType.BOOLEAN);
  }
}
