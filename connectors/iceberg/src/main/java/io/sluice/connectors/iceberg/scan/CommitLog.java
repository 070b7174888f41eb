package io.sluice.connectors.iceberg.scan;

import io.sluice.engine.connector.TrainingDatasetStore.Commit;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** Which commits led to a snapshot, and when they were made, by sequence number. */
final class CommitLog {
  private static final long MICROS_PER_MILLI = 1_000;

  private final TreeMap<Long, Commit> bySequence = new TreeMap<>();

  private CommitLog() {}

  static CommitLog of(Table table, long snapshotId) {
    CommitLog log = new CommitLog();
    for (Snapshot snapshot : SnapshotUtil.ancestorsOf(snapshotId, table::snapshot)) {
      log.bySequence.put(
          snapshot.sequenceNumber(),
          new Commit(snapshot.snapshotId(), snapshot.timestampMillis() * MICROS_PER_MILLI));
    }
    // clocks differ between writers: a later commit never counts as earlier
    long latest = Long.MIN_VALUE;
    for (Map.Entry<Long, Commit> entry : log.bySequence.entrySet()) {
      latest = Math.max(latest, entry.getValue().micros());
      entry.setValue(new Commit(entry.getValue().snapshotId(), latest));
    }
    return log;
  }

  /** The log as it was when it was written down. */
  static CommitLog recorded(Map<Long, Commit> commits) {
    CommitLog log = new CommitLog();
    log.bySequence.putAll(commits);
    return log;
  }

  /** All commits, by sequence number. */
  Map<Long, Commit> commits() {
    return Map.copyOf(bySequence);
  }

  /** The snapshot that a commit made, or null where it has expired. */
  @Nullable Long snapshotId(long sequenceNumber) {
    Commit commit = bySequence.get(sequenceNumber);
    return commit == null ? null : commit.snapshotId();
  }

  /**
   * Microseconds since 1970 UTC of a commit; where it has expired, of the next one that has not:
   * rows may seem to have arrived later than they did, never earlier.
   */
  @Nullable Long committedAt(long sequenceNumber) {
    Map.Entry<Long, Commit> entry = bySequence.ceilingEntry(sequenceNumber);
    return entry == null ? null : entry.getValue().micros();
  }
}
