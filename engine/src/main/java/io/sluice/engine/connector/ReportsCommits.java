package io.sluice.engine.connector;

import java.util.function.Consumer;

/** A catalog that tells what was changed through it. */
public interface ReportsCommits {
  /**
   * Calls the listener after every change of a table, with its name; after a rename with both. The
   * listener is called on the thread that made the change and must return at once.
   */
  void onCommit(Consumer<TableName> listener);
}
