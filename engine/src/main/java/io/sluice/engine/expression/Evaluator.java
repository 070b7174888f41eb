package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;

/**
 * A compiled expression. Owns scratch memory until it is closed; used by one thread at a time, so
 * every worker compiles its own.
 */
public interface Evaluator extends AutoCloseable {
  SqlType type();

  /**
   * The values for the batch's selected rows, in their order and densely: the column's length is
   * {@code batch.rowCount()}. Rows that are not selected never raise an error.
   *
   * @return a column in any of the three forms, owned by the caller; the batch stays as it is
   * @throws EngineException for the first row that cannot be evaluated
   */
  Column evaluate(Batch batch);

  /** Frees the scratch memory; columns that were handed out stay. */
  @Override
  void close();
}
