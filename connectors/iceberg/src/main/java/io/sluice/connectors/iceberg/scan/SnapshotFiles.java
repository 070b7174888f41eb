package io.sluice.connectors.iceberg.scan;

import io.sluice.engine.connector.TableSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;

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

  /** Every file, by number. */
  public List<DataFile> all() {
    return tasks.stream().map(FileScanTask::file).toList();
  }

  /**
   * Fails where rows of a file are deleted by other files, or it cannot be read for other reasons.
   */
  public void checkReadable(int number) {
    ScanPlanning.checkReadable(snapshot, tasks.get(number));
  }

  /** What of a filter the metadata of files can be compared with; true where it is. */
  public Expression comparable(
      List<String> columns,
      io.sluice.engine.expression.@org.jspecify.annotations.Nullable Expression filter) {
    return ScanPlanning.comparable(snapshot, columns, filter);
  }

  /**
   * Reads all rows of a file in order.
   *
   * @param columns named as in a request
   * @param allocator stays the caller's, who closes the rows first
   */
  public DataFileRows read(int number, List<String> columns, BufferAllocator allocator) {
    checkReadable(number);
    return new DataFileRows(
        snapshot.table().context().open(snapshot.table().table(), file(number)),
        footer -> FileProjection.of(ScanColumns.of(snapshot, columns), tasks.get(number), footer),
        allocator);
  }
}
