package io.sluice.engine.connector;

/** What a write does with the table. The table and its rows appear in one commit. */
public enum WriteMode {
  /** The table must be absent. */
  CREATE,
  /** The table must be there; rows are added. */
  APPEND,
  /** The table is created or its schema and rows replaced; identity and history stay. */
  REPLACE,
  /** The table is created or added to. */
  CREATE_OR_APPEND
}
