package io.sluice.server.cli;

/** Where statements run. */
interface SqlTarget extends AutoCloseable {
  /**
   * Runs one statement; its rows go to the printer.
   *
   * @return rows given or affected, and which of both
   */
  Outcome run(String sql, RowPrinter printer);

  /** Makes the running statement fail soon; safe from any thread. */
  void cancel();

  @Override
  void close();

  /** What a statement did. */
  record Outcome(long rows, boolean query) {}
}
