package io.sluice.engine.operator.filter;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.expression.FilterEvaluator;
import io.sluice.engine.pipeline.Operator;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;

/** Narrows each batch's selection. */
public final class FilterOperator implements Operator {
  private final FilterEvaluator condition;

  /** Takes ownership of the condition. */
  public FilterOperator(FilterEvaluator condition) {
    this.condition = condition;
  }

  @Override
  public Progress push(Batch batch, Output out) {
    out.push(condition.filter(batch));
    return Progress.NEED_INPUT;
  }

  @Override
  public Progress resume(Output out) {
    return Progress.NEED_INPUT;
  }

  @Override
  public Progress finish(Output out) {
    return Progress.NEED_INPUT;
  }

  @Override
  public void close() {
    condition.close();
  }
}
