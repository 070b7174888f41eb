package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rex.RexLiteral;

/** Constant rows. */
final class TranslateValues {
  private TranslateValues() {}

  static PhysicalPlan translate(Values values) {
    List<OutputColumn> output = PlanTranslator.columns(values.getRowType());
    List<List<Expression>> rows = new ArrayList<>();
    for (List<RexLiteral> tuple : values.getTuples()) {
      List<Expression> row = new ArrayList<>();
      for (int i = 0; i < tuple.size(); i++) {
        row.add(ExpressionTranslator.convert(Literals.fromRex(tuple.get(i)), output.get(i).type()));
      }
      rows.add(row);
    }
    return new PhysicalPlan.ValuesPlan(rows, output);
  }
}
