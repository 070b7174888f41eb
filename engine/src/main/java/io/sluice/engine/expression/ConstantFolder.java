package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import java.time.ZoneId;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Evaluates expressions that read no column, by the same kernels that queries use. */
public final class ConstantFolder {
  private ConstantFolder() {}

  /**
   * The value of an expression without input references and parameters.
   *
   * @param zone the session's
   * @throws EngineException what the expression raises
   */
  public static Expression.Literal fold(Expression expression, ZoneId zone) {
    try (BufferAllocator allocator = new RootAllocator()) {
      EvaluationContext context = new EvaluationContext(allocator, List.of(), zone, false);
      try (Evaluator evaluator = new ExpressionCompiler(context).compile(expression);
          Batch row = new Batch(List.of(), 1);
          Column result = evaluator.evaluate(row)) {
        return new Expression.Literal(Cells.get(result, 0), expression.type());
      }
    }
  }
}
