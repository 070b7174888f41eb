package io.sluice.engine.connector;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A catalog whose tables keep the definition of an online table that mirrors them. */
public interface SupportsOnlineTables {
  /** A table of such a catalog. */
  interface Mirrored extends Relation.Table {
    /** The definition, or empty where the table is not mirrored. */
    Optional<String> onlineDefinition();
  }

  /**
   * Keeps a definition, or takes it away. It stays with the table through renames and replacement.
   *
   * @param definition null to take it away
   * @throws io.sluice.engine.EngineException UNKNOWN_TABLE, COMMIT_CONFLICT
   */
  void defineOnline(Principal principal, String schema, String table, @Nullable String definition);
}
