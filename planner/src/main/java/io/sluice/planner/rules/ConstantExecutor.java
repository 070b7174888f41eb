package io.sluice.planner.rules;

import io.sluice.engine.EngineException;
import io.sluice.engine.expression.ConstantFolder;
import io.sluice.engine.expression.Expression;
import io.sluice.planner.physical.ExpressionTranslator;
import io.sluice.planner.physical.Literals;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexNode;

/**
 * Folds constants by the engine's own kernels. What cannot be evaluated stays as it is, and raises
 * its error when (and if) a row needs it.
 */
final class ConstantExecutor implements RexExecutor {
  private final ZoneId zone;

  ConstantExecutor(ZoneId zone) {
    this.zone = zone;
  }

  @Override
  public void reduce(RexBuilder builder, List<RexNode> constants, List<RexNode> reduced) {
    for (RexNode constant : constants) {
      reduced.add(fold(builder, constant).orElse(constant));
    }
  }

  private Optional<RexNode> fold(RexBuilder builder, RexNode constant) {
    try {
      Expression expression = new ExpressionTranslator(builder).translate(constant);
      Expression.Literal literal = ConstantFolder.fold(expression, zone);
      return Literals.toRex(builder, literal, constant.getType());
    } catch (EngineException unfoldable) {
      return Optional.empty();
    }
  }
}
