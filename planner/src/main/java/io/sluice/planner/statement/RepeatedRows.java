package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import java.util.function.LongFunction;
import org.apache.arrow.vector.BigIntVector;

/** Finds rows that a statement would change twice. */
final class RepeatedRows {
  private final LongFunction<EngineException> error;
  private long last = -1;

  /**
   * @param error for the address of such a row
   */
  RepeatedRows(LongFunction<EngineException> error) {
    this.error = error;
  }

  /**
   * The same batch, whose first column holds addresses in ascending order over all batches; NULL
   * for rows to be inserted.
   */
  Batch check(Batch batch) {
    try {
      BigIntVector addresses = (BigIntVector) ((FlatColumn) batch.column(0)).vector();
      Selection selection = batch.selection();
      for (int i = 0; i < batch.rowCount(); i++) {
        int row = selection == null ? i : selection.get(i);
        if (!addresses.isNull(row)) {
          if (addresses.get(row) == last) {
            throw error.apply(last);
          }
          last = addresses.get(row);
        }
      }
      return batch;
    } catch (RuntimeException | Error failure) {
      batch.close();
      throw failure;
    }
  }
}
