package io.sluice.planner.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What is written down about a service.
 *
 * @param layout of this record, 1
 * @param sql of its query, or null for a training dataset's service
 * @param defaultCatalog where the query's unqualified names are looked up
 * @param zone of the session that wrote it
 * @param dataset whose query it serves, or null
 * @param createdMicros microseconds since 1970 UTC
 */
record ServiceRecord(
    int layout,
    @Nullable String comment,
    @Nullable String sql,
    String defaultCatalog,
    String defaultSchema,
    String zone,
    @Nullable Dataset dataset,
    String creator,
    long createdMicros,
    String engineVersion) {
  /** The layout that this engine writes. */
  static final int LAYOUT = 1;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .build();

  /** A version of a training dataset. */
  record Dataset(String catalog, String schema, String name, int version) {}

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static ServiceRecord read(String name, String json) {
    ServiceRecord record;
    try {
      record = JSON.readValue(json, ServiceRecord.class);
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorCode.CATALOG_ERROR, "feature service " + name + " cannot be read: " + e, e);
    }
    if (record.layout() > LAYOUT) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "feature service "
              + name
              + " was written by a newer Sluice ("
              + record.engineVersion()
              + "); serve it with that version");
    }
    return record;
  }
}
