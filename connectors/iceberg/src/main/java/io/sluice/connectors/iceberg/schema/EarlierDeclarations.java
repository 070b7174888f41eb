package io.sluice.connectors.iceberg.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.jspecify.annotations.Nullable;

/**
 * What a table declared when its earlier snapshots were committed. Iceberg keeps each snapshot's
 * schema but only the present properties, in which declared types and times lie: what they were is
 * kept in a property of its own, by the last sequence number for which it held. Tables of format
 * version 1 have no sequence numbers: their snapshots are read with the present declarations.
 */
public final class EarlierDeclarations {
  /** {@code {"17": {"sluice.event-time": "ts"}}}: until sequence number 17. */
  public static final String PROPERTY = "sluice.earlier-declarations";

  private static final List<String> KEPT =
      List.of(
          Declarations.EVENT_TIME,
          Declarations.INGESTION_TIME,
          Declarations.FOREIGN_KEYS,
          Declarations.COLUMN_TYPES);

  private static final ObjectMapper JSON = new ObjectMapper();

  private EarlierDeclarations() {}

  /** The properties as they declare a snapshot of that sequence number. */
  public static Map<String, String> at(Map<String, String> properties, long sequenceNumber) {
    Map.Entry<Long, Map<String, String>> then =
        parse(properties.get(PROPERTY)).ceilingEntry(sequenceNumber);
    return then == null ? properties : with(properties, then.getValue());
  }

  /** The properties with other declarations. */
  public static Map<String, String> with(
      Map<String, String> properties, Map<String, String> declared) {
    Map<String, String> changed = new HashMap<>(properties);
    KEPT.forEach(changed::remove);
    changed.putAll(declared);
    return changed;
  }

  /** Those properties that declare something. */
  public static Map<String, String> of(Map<String, String> properties) {
    Map<String, String> declared = new TreeMap<>(properties);
    declared.keySet().retainAll(KEPT);
    return declared;
  }

  /**
   * The value of {@link #PROPERTY} once the table declares something else, or null where it needs
   * none.
   */
  public static @Nullable String beforeChange(Table table, Map<String, String> changed) {
    Map<String, String> properties = table.properties();
    long last = 0;
    long oldest = Long.MAX_VALUE;
    for (Snapshot snapshot : table.snapshots()) {
      last = Math.max(last, snapshot.sequenceNumber());
      oldest = Math.min(oldest, snapshot.sequenceNumber());
    }
    TreeMap<Long, Map<String, String>> entries = parse(properties.get(PROPERTY));
    boolean different = !of(properties).equals(of(changed));
    if (different && last > 0 && TableUtil.formatVersion(table) > 1) {
      // between two commits the first change counts: it was there when the last one was made
      entries.putIfAbsent(last, of(properties));
    }
    TreeMap<Long, Map<String, String>> needed = new TreeMap<>(entries.tailMap(oldest));
    return needed.isEmpty() ? null : write(needed);
  }

  private static String write(Map<Long, Map<String, String>> entries) {
    try {
      return JSON.writeValueAsString(entries);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static TreeMap<Long, Map<String, String>> parse(@Nullable String json) {
    if (json == null) {
      return new TreeMap<>();
    }
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<Long, Map<String, String>>>() {});
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorCode.CATALOG_ERROR,
          "table property " + PROPERTY + " does not hold declarations: " + json,
          e);
    }
  }
}
