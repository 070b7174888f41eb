package io.sluice.connectors.iceberg.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.StoredDataset.State;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * How a version is written down: one table each, whose creation claims the number, whose properties
 * are the record and whose rows are the version's.
 */
final class VersionTable {
  /** The namespace of these tables; nobody else's. */
  static final String NAMESPACE = "_sluice_training";

  private static final String PREFIX = "sluice.training.";
  static final String SCHEMA = PREFIX + "schema";
  static final String DATASET = PREFIX + "dataset";
  static final String VERSION = PREFIX + "version";
  static final String STATE = PREFIX + "state";
  static final String OWNER = PREFIX + "owner";
  static final String LEASE_UNTIL = PREFIX + "lease-until";
  static final String ROWS = PREFIX + "rows";
  static final String PROGRESS = PREFIX + "progress";
  static final String RECORD = PREFIX + "record";

  static final String ROWS_KEPT = "kept";
  static final String ROWS_DROPPED = "dropped";

  private static final int ATTEMPTS = 50;
  private static final int PAUSE_MILLIS = 20;

  private VersionTable() {}

  static String tableName(String schema, String dataset, int version) {
    return prefix(schema, dataset) + version;
  }

  /** The name of the copy of an input. */
  static String inputName(String version, String input) {
    return inputPrefix(version) + encoded(input);
  }

  /** How the names of the copies of a version's inputs begin. */
  static String inputPrefix(String version) {
    return version + "~";
  }

  /** How the names of a schema's versions begin. */
  static String prefix(String schema) {
    return encoded(schema) + ".";
  }

  /** How the names of a dataset's versions begin. */
  static String prefix(String schema, String dataset) {
    return prefix(schema) + encoded(dataset) + "@";
  }

  private static String encoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace(".", "%2E");
  }

  static State state(Table table) {
    return State.valueOf(table.properties().getOrDefault(STATE, State.DROPPED.name()));
  }

  /**
   * Changes properties where those that are there now satisfy a condition, in one atomic step.
   *
   * @return false where they do not
   */
  static boolean change(
      Table table, Predicate<Map<String, String>> condition, Map<String, String> changes) {
    if (!(table instanceof HasTableOperations known)) {
      throw new AssertionError(table);
    }
    TableOperations operations = known.operations();
    for (int attempt = 1; ; attempt++) {
      TableMetadata current = operations.refresh();
      if (!condition.test(current.properties())) {
        return false;
      }
      Map<String, String> next = new HashMap<>(current.properties());
      next.putAll(changes);
      try {
        operations.commit(current, current.replaceProperties(next));
        return true;
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        pause(attempt);
      }
    }
  }

  private static void pause(int attempt) {
    try {
      Thread.sleep((long) PAUSE_MILLIS * Math.min(attempt, 10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "interrupted while committing", e);
    }
  }
}
