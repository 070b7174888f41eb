package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Project;

/** One expression per column. */
final class TranslateProject {
  private TranslateProject() {}

  static PhysicalPlan translate(Project project, PlanTranslator plans) {
    PhysicalPlan input = plans.translate(project.getInput());
    List<OutputColumn> output = PlanTranslator.columns(project.getRowType());
    List<Expression> expressions = new ArrayList<>();
    for (int i = 0; i < output.size(); i++) {
      expressions.add(
          ExpressionTranslator.convert(
              plans.expressions().translate(project.getProjects().get(i)), output.get(i).type()));
    }
    return Projections.project(input, expressions, output);
  }
}
