package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;

/** A compiled condition. Threads and ownership are as for {@link Evaluator}. */
public interface FilterEvaluator extends AutoCloseable {
  /**
   * The physical rows, ascending, that the batch selects and for which the condition is TRUE.
   *
   * @return owned by the caller; the batch stays as it is
   * @throws EngineException for the first row that cannot be evaluated
   */
  Selection select(Batch batch);

  /**
   * The same batch with its selection narrowed to the rows for which the condition is TRUE; without
   * a selection where all of its rows are. Consumes the batch, also when it fails.
   */
  Batch filter(Batch batch);

  @Override
  void close();
}
