package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.connectors.iceberg.history.CommitArchive.ArchivedCommit;
import io.sluice.engine.connector.TrainingDatasetStore.Commit;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Which commits led to a snapshot, and when they were made, by sequence number. */
final class CommitLog {
  private static final long MICROS_PER_MILLI = 1_000;

  private final TreeMap<Long, Commit> bySequence = new TreeMap<>();
  private boolean complete = true;

  private CommitLog() {}

  /**
   * The log of a snapshot that the table has.
   *
   * @param archive of commits whose snapshots have expired
   */
  static CommitLog of(Table table, long snapshotId, CommitArchive archive) {
    CommitLog log = new CommitLog();
    Map<Long, ArchivedCommit> archived = null;
    Long next = snapshotId;
    while (next != null) {
      long id = next;
      Snapshot snapshot = table.snapshot(id);
      if (snapshot != null) {
        log.add(id, snapshot.sequenceNumber(), snapshot.timestampMillis());
        next = snapshot.parentId();
        continue;
      }
      if (archived == null) {
        archived = archive.commits(table.uuid().toString());
      }
      ArchivedCommit commit = archived.get(id);
      if (commit == null) {
        log.complete = false;
        break;
      }
      log.add(id, commit.sequenceNumber(), commit.timestampMillis());
      next = commit.parentId();
    }
    // clocks differ between writers: a later commit never counts as earlier
    long latest = Long.MIN_VALUE;
    for (Map.Entry<Long, Commit> entry : log.bySequence.entrySet()) {
      latest = Math.max(latest, entry.getValue().micros());
      entry.setValue(new Commit(entry.getValue().snapshotId(), latest));
    }
    return log;
  }

  /** Of several commits with one number, as format version 1 leaves them, the last one counts. */
  private void add(long snapshotId, long sequenceNumber, long timestampMillis) {
    bySequence.putIfAbsent(
        sequenceNumber, new Commit(snapshotId, timestampMillis * MICROS_PER_MILLI));
  }

  /** The log as it was when it was written down. */
  static CommitLog recorded(Map<Long, Commit> commits) {
    CommitLog log = new CommitLog();
    log.bySequence.putAll(commits);
    return log;
  }

  /** Whether the table's first commit is among them. */
  boolean isComplete() {
    return complete;
  }

  int size() {
    return bySequence.size();
  }

  /** All commits, by sequence number. */
  Map<Long, Commit> commits() {
    return Map.copyOf(bySequence);
  }

  /** The snapshot that a commit made, or null where it is not known. */
  @Nullable Long snapshotId(long sequenceNumber) {
    Commit commit = bySequence.get(sequenceNumber);
    return commit == null ? null : commit.snapshotId();
  }

  /**
   * Microseconds since 1970 UTC of a commit; where it is not known, of the next one that is: rows
   * may seem to have arrived later than they did, never earlier.
   */
  @Nullable Long committedAt(long sequenceNumber) {
    Map.Entry<Long, Commit> entry = bySequence.ceilingEntry(sequenceNumber);
    return entry == null ? null : entry.getValue().micros();
  }
}
