package io.sluice.engine.connector;

import io.sluice.engine.batch.Batch;
import java.util.List;

/**
 * Changes to the rows of one state of a table, on their way into one commit. Files that hold none
 * of the rows stay as they are; the others are written again, their rows in the same order. Rows
 * are known by {@link HiddenColumn#ROW_ADDRESS}. Used by one thread at a time. Closing without a
 * commit leaves no trace.
 */
public interface RowChanges extends AutoCloseable {
  /** Removes all rows. */
  void deleteAll();

  /**
   * Removes rows. Closes the batch.
   *
   * @param addresses one column, in any order; a row that is named twice is removed once
   */
  void delete(Batch addresses);

  /**
   * Changes rows. Closes the batch.
   *
   * @param changes the address, ascending over all calls, NULLs of rows to be inserted last; the
   *     change's number within {@code kinds}, INTEGER; then values in the types of the table
   * @throws io.sluice.engine.EngineException NOT_NULL_VIOLATION
   */
  void change(Batch changes, List<RowChange> kinds);

  /**
   * Makes all changes visible at once, or none. Safe against a lost answer: a commit is never
   * applied twice. Without any change there is no commit.
   *
   * @return rows removed, updated and inserted
   * @throws io.sluice.engine.EngineException COMMIT_CONFLICT where another commit has changed what
   *     the statement depends on: nothing is changed, and it may be tried again from the new state
   */
  long commit();

  @Override
  void close();
}
