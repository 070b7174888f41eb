package io.sluice.connectors.iceberg.history;

import java.util.Map;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Where commits of tables stay known when their snapshots have expired, so that rows keep their
 * commit times. Safe for use by several threads.
 */
public interface CommitArchive extends AutoCloseable {
  /**
   * A commit that made a snapshot.
   *
   * @param parentId the snapshot that it changed, or null for none
   */
  record ArchivedCommit(@Nullable Long parentId, long sequenceNumber, long timestampMillis) {}

  /** Remembers all commits that a table's metadata still have. */
  void remember(Table table);

  /** Everything that is known of a table, by snapshot id. */
  Map<Long, ArchivedCommit> commits(String tableUuid);

  /** Drops what is known of a table that is no more. */
  void forget(String tableUuid);

  @Override
  void close();

  /** Remembers nothing: for tables whose snapshots are not worth more than the tables. */
  CommitArchive NONE =
      new CommitArchive() {
        @Override
        public void remember(Table table) {}

        @Override
        public Map<Long, ArchivedCommit> commits(String tableUuid) {
          return Map.of();
        }

        @Override
        public void forget(String tableUuid) {}

        @Override
        public void close() {}
      };
}
