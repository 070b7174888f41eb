package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.deletes.FileDeletes;
import io.sluice.connectors.iceberg.deletes.ScanDeletes;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.TableSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.DeleteFileSet;

/** All data files of a state of a table, in row order; their numbers are part of row addresses. */
public final class SnapshotFiles {
  private final IcebergSnapshot snapshot;
  private final List<FileScanTask> tasks;

  private SnapshotFiles(IcebergSnapshot snapshot, List<FileScanTask> tasks) {
    this.snapshot = snapshot;
    this.tasks = List.copyOf(tasks);
  }

  /**
   * Of a snapshot of an Iceberg catalog.
   *
   * @throws ClassCastException where it is another catalog's
   */
  public static SnapshotFiles of(TableSnapshot snapshot) {
    IcebergSnapshot state = (IcebergSnapshot) snapshot;
    List<FileScanTask> tasks = new ArrayList<>();
    if (state.snapshot() != null) {
      try (CloseableIterable<FileScanTask> planned = state.icebergScan().planFiles()) {
        planned.forEach(tasks::add);
      } catch (IOException e) {
        throw new UncheckedIOException("manifests cannot be closed", e);
      }
      tasks.sort(ScanPlanning.ROW_ORDER);
    }
    return new SnapshotFiles(state, tasks);
  }

  /** Numbers of the files by location. */
  Map<String, Integer> numbers() {
    return numbers(tasks);
  }

  /** Numbers of some files in row order, by location. */
  static Map<String, Integer> numbers(List<FileScanTask> tasks) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < tasks.size(); i++) {
      numbers.put(tasks.get(i).file().location(), i);
    }
    return numbers;
  }

  public IcebergTable table() {
    return snapshot.table();
  }

  /** The state's id, or -1 where the table has never held rows. */
  public long snapshotId() {
    return snapshot.snapshotId();
  }

  public int count() {
    return tasks.size();
  }

  public DataFile file(int number) {
    return tasks.get(number).file();
  }

  /** The state's number among its table's; 0 where the table has never held rows. */
  public long sequenceNumber() {
    return snapshot.snapshot() == null ? 0 : snapshot.snapshot().sequenceNumber();
  }

  /** What deletes rows of a file. */
  public List<DeleteFile> deletes(int number) {
    return tasks.get(number).deletes();
  }

  /** What deletes rows of these files and of no other. */
  public DeleteFileSet deletesOnlyOf(Collection<DataFile> files) {
    DataFileSet removed = DataFileSet.of(files);
    DeleteFileSet deletes = DeleteFileSet.create();
    tasks.stream()
        .filter(task -> removed.contains(task.file()))
        .forEach(task -> deletes.addAll(task.deletes()));
    tasks.stream()
        .filter(task -> !removed.contains(task.file()))
        .forEach(task -> deletes.removeAll(task.deletes()));
    return deletes;
  }

  /** Every file, by number. */
  public List<DataFile> all() {
    return tasks.stream().map(FileScanTask::file).toList();
  }

  /** Fails where a file cannot be read. */
  public void checkReadable(int number) {
    ScanPlanning.checkReadable(snapshot, tasks.get(number));
  }

  /** What of a filter the metadata of files can be compared with; true where it is. */
  public Expression comparable(
      List<String> columns,
      io.sluice.engine.expression.@org.jspecify.annotations.Nullable Expression filter) {
    return ScanPlanning.comparable(snapshot, columns, filter);
  }

  /** What deletes rows of the files; the caller closes it. */
  public ScanDeletes deletes() {
    return snapshot.deletes(tasks);
  }

  /**
   * How many rows of a file are not deleted.
   *
   * @param deletes of these files
   */
  public long liveRows(int number, ScanDeletes deletes, BufferAllocator allocator) {
    if (tasks.get(number).deletes().isEmpty()) {
      return file(number).recordCount();
    }
    long live = 0;
    try (DataFileRows rows = read(number, List.of(), deletes, allocator)) {
      for (Batch next = rows.next(); next != null; next = rows.next()) {
        try (Batch batch = next) {
          live += batch.rowCount();
        }
      }
    }
    return live;
  }

  /**
   * Reads the rows of a file that are not deleted, in order.
   *
   * @param columns named as in a request
   * @param deletes of these files; stay the caller's and open until the rows are closed
   * @param allocator stays the caller's, who closes the rows first
   */
  public DataFileRows read(
      int number, List<String> columns, ScanDeletes deletes, BufferAllocator allocator) {
    checkReadable(number);
    FileScanTask task = tasks.get(number);
    ScanColumns wanted = ScanColumns.of(snapshot, columns);
    FileDeletes ofFile = deletes.of(task);
    return new DataFileRows(
        snapshot.table().context().open(snapshot.table().table(), task.file()),
        footer -> FileProjection.of(wanted, task, footer),
        footer -> ofFile == null ? null : FileProjection.live(wanted, task, footer, ofFile),
        allocator);
  }
}
