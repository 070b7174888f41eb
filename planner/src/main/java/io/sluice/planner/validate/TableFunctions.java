package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlCall;

/** What {@code TABLE(f(...))} in FROM stands for. */
@FunctionalInterface
public interface TableFunctions {
  /**
   * The relation that a call gives.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_FUNCTION and what is wrong with its arguments
   */
  ComputedTable of(SqlCall call, StatementTables tables);
}
