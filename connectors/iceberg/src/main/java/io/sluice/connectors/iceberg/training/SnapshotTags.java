package io.sluice.connectors.iceberg.training;

import io.sluice.connectors.iceberg.TableChanges;
import io.sluice.engine.connector.TableName;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;

/** Tags by which snapshots of tables are kept. */
record SnapshotTags(TableChanges tables) {
  private static final int ATTEMPTS = 20;

  Map<String, Long> bytesKept(TableName name, Set<String> tags) {
    Table table = tables.find(TableChanges.id(name));
    return table == null ? Map.of() : PinnedBytes.of(table, tags);
  }

  Map<String, Long> all(TableName name) {
    Table table = tables.find(TableChanges.id(name));
    return table == null
        ? Map.of()
        : table.refs().entrySet().stream()
            .filter(ref -> ref.getValue().isTag())
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, ref -> ref.getValue().snapshotId()));
  }

  boolean pin(TableName name, long snapshotId, String tag) {
    Table table = tables.find(TableChanges.id(name));
    if (table == null || table.snapshot(snapshotId) == null) {
      return false;
    }
    for (int attempt = 1; ; attempt++) {
      if (table.refs().containsKey(tag)) {
        return table.refs().get(tag).snapshotId() == snapshotId;
      }
      try {
        table
            .manageSnapshots()
            .createTag(tag, snapshotId)
            .setMaxRefAgeMs(tag, Long.MAX_VALUE)
            .commit();
        return true;
      } catch (UnsupportedOperationException refused) {
        return false;
      } catch (IllegalArgumentException | CommitFailedException raced) {
        // another server made the same tag, or wrote to the table
        if (attempt == ATTEMPTS) {
          throw raced;
        }
        table.refresh();
        if (table.snapshot(snapshotId) == null) {
          return false;
        }
      }
    }
  }

  void unpin(TableName name, String tag) {
    Table table = tables.find(TableChanges.id(name));
    for (int attempt = 1; table != null && table.refs().containsKey(tag); attempt++) {
      try {
        table.manageSnapshots().removeTag(tag).commit();
      } catch (IllegalArgumentException | CommitFailedException raced) {
        if (attempt == ATTEMPTS) {
          throw raced;
        }
      }
      table.refresh();
    }
  }
}
