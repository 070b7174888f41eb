package io.sluice.planner.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;

/** Records as JSON text. What a later layout adds is ignored by earlier engines. */
final class RecordJson {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false)
          .configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true)
          .build();

  private RecordJson() {}

  static String write(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** The same on several lines, for people. */
  static String pretty(Object value) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorCode.CATALOG_ERROR, "statistics of a training dataset cannot be read: " + e, e);
    }
  }

  static VersionRecord read(String json) {
    try {
      VersionRecord record = JSON.readValue(json, VersionRecord.class);
      if (record.layout() > VersionRecord.LAYOUT) {
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            "this training dataset was written by a newer Sluice ("
                + record.engineVersion()
                + "); read it with that version");
      }
      return record;
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorCode.CATALOG_ERROR, "the record of a training dataset cannot be read: " + e, e);
    }
  }
}
