package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.deletes.ScanDeletes;
import io.sluice.connectors.iceberg.scan.DataFileRows;
import io.sluice.connectors.iceberg.scan.SnapshotFiles;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.SupportsOptimize.Optimized;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.StructLikeWrapper;
import org.jspecify.annotations.Nullable;

/**
 * Joins small files of a table, and takes deleted rows out of their files. The files of one
 * partition are written again, in row order, as files of the target size; a partition with a single
 * small file is left alone, so that a second run finds nothing to do.
 */
public final class Compaction {
  // As other engines have it: what is near the target is not worth writing again.
  private static final double SMALL = 0.75;
  private static final int FIRST_VERSION_WITH_SEQUENCE_NUMBERS = 2;

  private final String name;
  private final SnapshotFiles files;
  private final Table table;
  private final Supplier<Table> load;
  private final BufferAllocator allocator;
  private final RowLineage lineage;
  private final long targetBytes;

  /** Files are joined with those under the same partitioning and in the same partition only. */
  private record Place(int specId, StructLikeWrapper partition) {}

  /**
   * @param name of the table, for messages
   * @param files of the state whose rows are written again
   * @param load reads the table from its catalog
   * @param allocator stays the caller's
   */
  public Compaction(
      String name, SnapshotFiles files, Supplier<Table> load, BufferAllocator allocator) {
    this.name = name;
    this.files = files;
    this.table = files.table().table();
    this.load = load;
    this.allocator = allocator;
    this.lineage = RowLineage.of(table);
    this.targetBytes = TableFiles.targetBytes(table);
  }

  /** Writes and commits. */
  public Optimized run() {
    List<DataFile> removed = new ArrayList<>();
    List<DataFile> added = new ArrayList<>();
    OneCommit commit = new OneCommit(name, load);
    TableFiles target = new TableFiles(table, lineage.schema(), targetBytes);
    try (ScanDeletes deletes = files.deletes()) {
      for (List<Integer> group : groups()) {
        DataFile first = files.file(group.getFirst());
        target.startPartition(spec(first), first.partition());
        for (int number : group) {
          copy(number, deletes, target);
          removed.add(files.file(number));
        }
      }
      added.addAll(target.finish());
      if (!removed.isEmpty()) {
        commit.run(id -> Retries.onConflict(name, () -> rewrite(removed, added, id)));
      }
    } finally {
      if (!commit.mayHold()) {
        target.abort();
      }
    }
    List<DataFile> all = files.all();
    long bytes = bytes(all);
    return new Optimized(
        all.size(),
        all.size() - removed.size() + added.size(),
        bytes,
        bytes - bytes(removed) + bytes(added));
  }

  private static long bytes(List<DataFile> files) {
    return files.stream().mapToLong(ContentFile::fileSizeInBytes).sum();
  }

  private PartitionSpec spec(DataFile file) {
    return Objects.requireNonNull(table.specs().get(file.specId()));
  }

  /** Numbers of the files that become fewer or lose their deletes, by partition. */
  private List<List<Integer>> groups() {
    Map<Place, List<Integer>> small = new LinkedHashMap<>();
    for (int number = 0; number < files.count(); number++) {
      DataFile file = files.file(number);
      if (file.fileSizeInBytes() < SMALL * targetBytes || !files.deletes(number).isEmpty()) {
        StructLikeWrapper partition =
            StructLikeWrapper.forType(spec(file).partitionType()).set(file.partition());
        small
            .computeIfAbsent(new Place(file.specId(), partition), place -> new ArrayList<>())
            .add(number);
      }
    }
    return small.values().stream()
        .filter(group -> group.size() > 1 || !files.deletes(group.getFirst()).isEmpty())
        .toList();
  }

  private void copy(int number, ScanDeletes deletes, TableFiles target) {
    RowCells row = new RowCells(lineage.columns().size());
    try (DataFileRows rows = files.read(number, lineage.columns(), deletes, allocator)) {
      for (Batch next = rows.next(); next != null; next = rows.next()) {
        try (Batch batch = next) {
          Selection live = batch.selection();
          ColumnCells[] cells =
              batch.columns().stream().map(ColumnCells::of).toArray(ColumnCells[]::new);
          for (int i = 0; i < batch.rowCount(); i++) {
            target.write(row.at(cells, live == null ? i : live.get(i)));
          }
        }
        if (Thread.interrupted()) {
          throw new EngineException(ErrorCode.CANCELLED, "the statement was interrupted");
        }
      }
    }
  }

  private void rewrite(List<DataFile> removed, List<DataFile> added, String commitId) {
    Table current = load.get();
    if (!current.uuid().equals(table.uuid()) || !current.schema().sameSchema(table.schema())) {
      throw conflict(null);
    }
    RewriteFiles rewrite = current.newRewrite().validateFromSnapshot(files.snapshotId());
    removed.forEach(rewrite::deleteFile);
    files.deletesOnlyOf(removed).forEach(rewrite::deleteFile);
    added.forEach(rewrite::addFile);
    if (TableUtil.formatVersion(table) >= FIRST_VERSION_WITH_SEQUENCE_NUMBERS) {
      rewrite.dataSequenceNumber(sequenceNumber(removed));
    }
    try {
      rewrite.set(CommitTarget.COMMIT_ID, commitId).commit();
    } catch (ValidationException e) {
      throw conflict(e);
    }
  }

  /**
   * Of the new files. Readers that do not know the rows' own numbers take them for as young as the
   * youngest; where rows were deleted by key, for as young as the state, so that these deletes, but
   * none that come meanwhile, are done with.
   */
  private long sequenceNumber(List<DataFile> removed) {
    DataFileSet written = DataFileSet.of(removed);
    for (int number = 0; number < files.count(); number++) {
      if (written.contains(files.file(number))
          && files.deletes(number).stream()
              .anyMatch(file -> file.content() == FileContent.EQUALITY_DELETES)) {
        return files.sequenceNumber();
      }
    }
    return removed.stream().mapToLong(Compaction::sequenceNumber).max().orElseThrow();
  }

  private static long sequenceNumber(DataFile file) {
    Long number = file.dataSequenceNumber();
    return number == null ? 0 : number;
  }

  private EngineException conflict(@Nullable Exception cause) {
    return new EngineException(
        ErrorCode.COMMIT_CONFLICT,
        "table "
            + name
            + " was changed by another statement while its files were joined; nothing was changed,"
            + " run it again",
        cause);
  }
}
