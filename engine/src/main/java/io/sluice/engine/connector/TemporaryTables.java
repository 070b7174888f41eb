package io.sluice.engine.connector;

/** Where the temporary tables of sessions live. Safe for use by several threads. */
public interface TemporaryTables extends AutoCloseable {
  /** The name of a session's own catalog, and of the one schema that it has. */
  String NAME = "temp";

  /**
   * A catalog named {@link #NAME} for one session, with no table in it. It takes no room before it
   * holds a table; closing it removes its tables.
   */
  Catalog open();

  /** Removes the tables of all sessions. */
  @Override
  void close();
}
