package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;

/** Turns expressions into evaluators. Parameters and the zone are bound here, constants folded. */
public final class ExpressionCompiler {
  private final EvaluationContext context;

  public ExpressionCompiler(EvaluationContext context) {
    this.context = context;
  }

  /**
   * An evaluator of {@code expression}, to be closed by the caller.
   *
   * @throws EngineException UNKNOWN_FUNCTION, TYPE_MISMATCH
   */
  public Evaluator compile(Expression expression) {
    throw new EngineException(
        ErrorCode.UNSUPPORTED, "no evaluator for " + expression + " in " + context.zone());
  }

  /** An evaluator of a BOOLEAN expression as a filter: NULL counts as false. */
  public FilterEvaluator compileFilter(Expression condition) {
    throw new EngineException(
        ErrorCode.UNSUPPORTED, "no evaluator for " + condition + " in " + context.zone());
  }
}
