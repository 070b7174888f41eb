package io.sluice.connectors.iceberg.scan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableVersion;
import java.util.Map;

/**
 * A table's state down to its declarations.
 *
 * @param snapshot -1 for a table that has never held rows
 */
record PinnedState(long snapshot, int schema, Map<String, String> declared) {
  private static final ObjectMapper JSON = new ObjectMapper();

  PinnedState {
    declared = Map.copyOf(declared);
  }

  TableVersion.Pinned version() {
    try {
      return new TableVersion.Pinned(snapshot, JSON.writeValueAsString(this));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static PinnedState of(TableVersion.Pinned version) {
    try {
      return JSON.readValue(version.state(), PinnedState.class);
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION, "'" + version.state() + "' names no state of a table", e);
    }
  }
}
