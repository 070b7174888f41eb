package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Union;

/** UNION; without ALL, equal rows are grouped. */
final class TranslateUnion {
  private TranslateUnion() {}

  static PhysicalPlan translate(Union union, PlanTranslator plans) {
    List<OutputColumn> output = PlanTranslator.columns(union.getRowType());
    List<PhysicalPlan> inputs = new ArrayList<>();
    for (RelNode input : union.getInputs()) {
      inputs.add(converted(plans.translate(input), output));
    }
    PhysicalPlan all =
        inputs.stream().allMatch(PhysicalPlan.ValuesPlan.class::isInstance)
            ? values(inputs, output)
            : new PhysicalPlan.UnionPlan(inputs, output);
    if (union.all) {
      return all;
    }
    return new PhysicalPlan.AggregatePlan(
        all, IntStream.range(0, output.size()).boxed().toList(), List.of(), List.of(), output);
  }

  /** Constant rows, which keep the order in which they are written. */
  private static PhysicalPlan values(List<PhysicalPlan> inputs, List<OutputColumn> output) {
    List<List<Expression>> rows = new ArrayList<>();
    for (PhysicalPlan input : inputs) {
      rows.addAll(((PhysicalPlan.ValuesPlan) input).rows());
    }
    return new PhysicalPlan.ValuesPlan(rows, output);
  }

  private static PhysicalPlan converted(PhysicalPlan input, List<OutputColumn> output) {
    List<Expression> expressions = new ArrayList<>();
    boolean same = true;
    for (int i = 0; i < output.size(); i++) {
      Expression ref = PlanTranslator.ref(input, i);
      Expression converted = ExpressionTranslator.convert(ref, output.get(i).type());
      same &= converted == ref;
      expressions.add(converted);
    }
    return same ? input : Projections.project(input, expressions, output);
  }
}
