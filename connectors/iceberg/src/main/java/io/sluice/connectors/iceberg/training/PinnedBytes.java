package io.sluice.connectors.iceberg.training;

import io.sluice.connectors.iceberg.history.TableFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** The files that a table's tags and branches keep. */
final class PinnedBytes {
  private static final String SHARED = "";

  private final Table table;
  private final Map<Long, Map<String, Long>> filesBySnapshot = new HashMap<>();

  private PinnedBytes(Table table) {
    this.table = table;
  }

  /**
   * Bytes of the files that only one tag keeps, by tag; without tags that are not there. Files that
   * lie elsewhere are their owner's, whoever names them.
   */
  static Map<String, Long> of(Table table, Set<String> tags) {
    PinnedBytes kept = new PinnedBytes(table);
    Map<String, String> owners = new HashMap<>();
    table
        .refs()
        .forEach(
            (name, ref) ->
                kept.files(ref)
                    .keySet()
                    .forEach(file -> owners.merge(file, name, (first, second) -> SHARED)));
    TableFolders folders = TableFolders.of(table);
    Map<String, Long> bytes = new HashMap<>();
    for (String tag : tags) {
      SnapshotRef ref = table.refs().get(tag);
      if (ref != null) {
        bytes.put(
            tag,
            kept.files(ref).entrySet().stream()
                .filter(file -> tag.equals(owners.get(file.getKey())))
                .filter(file -> folders.hold(file.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum());
      }
    }
    return bytes;
  }

  private Map<String, Long> files(SnapshotRef ref) {
    return filesBySnapshot.computeIfAbsent(ref.snapshotId(), this::read);
  }

  private Map<String, Long> read(long snapshotId) {
    Map<String, Long> files = new HashMap<>();
    try (CloseableIterable<FileScanTask> planned =
        table.newScan().useSnapshot(snapshotId).planFiles()) {
      for (FileScanTask task : planned) {
        add(files, task.file());
        task.deletes().forEach(deletes -> add(files, deletes));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("manifests cannot be closed", e);
    }
    return files;
  }

  private static void add(Map<String, Long> files, ContentFile<?> file) {
    files.put(file.location(), file.fileSizeInBytes());
  }
}
