package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableName;

/** Finds online tables by their names in the catalog {@code online}. */
@FunctionalInterface
public interface OnlineLookups {
  /** Where there are none. */
  OnlineLookups NONE =
      name -> {
        throw new EngineException(
            ErrorCode.UNSUPPORTED, "online table " + name + " cannot be read here");
      };

  /**
   * The table of that name.
   *
   * @throws EngineException UNKNOWN_TABLE
   */
  OnlineTable find(TableName name);

  /** Whether lookups in the table of that name are answered without waiting for anything. */
  default boolean answersAtOnce(TableName name) {
    return false;
  }
}
