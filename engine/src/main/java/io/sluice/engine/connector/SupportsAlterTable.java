package io.sluice.engine.connector;

import java.util.List;

/** A catalog whose tables can be changed and renamed. */
public interface SupportsAlterTable {
  /**
   * Makes the changes, in order, in one commit.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_TABLE, COMMIT_CONFLICT, or what is wrong with
   *     a change
   */
  void alterTable(Principal principal, String schema, String table, List<TableChange> changes);

  /**
   * Gives a table or view another name; its identity and history stay.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_TABLE, UNKNOWN_SCHEMA, or ALREADY_EXISTS
   */
  void rename(
      Principal principal, String schema, String relation, String newSchema, String newName);
}
