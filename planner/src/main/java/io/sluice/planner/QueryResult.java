package io.sluice.planner;

import io.sluice.engine.QueryExecution;

/** What executing a statement gives. */
public sealed interface QueryResult {
  /** Rows to be read; the caller closes the execution. */
  record Rows(QueryExecution execution) implements QueryResult {}

  /** Done; rows affected, 0 for DDL. */
  record Update(long rowCount) implements QueryResult {}
}
