package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.connectors.parquet.RowGroupPruner;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.TableScan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.IncrementalAppendScan;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.util.PropertyUtil;
import org.jspecify.annotations.Nullable;

/** Chooses a scan's files by manifests, then its row groups by footers. */
final class ScanPlanning {
  // Row ids ascend with time; files without are older than those with.
  static final Comparator<FileScanTask> ROW_ORDER =
      Comparator.comparingLong((FileScanTask task) -> orZero(task.file().dataSequenceNumber()))
          .thenComparing(task -> task.file().firstRowId(), Comparator.nullsFirst(Long::compare))
          .thenComparing(task -> task.file().location());

  private final IcebergSnapshot snapshot;
  private final ScanRequest request;

  ScanPlanning(IcebergSnapshot snapshot, ScanRequest request) {
    this.snapshot = snapshot;
    this.request = request;
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }

  TableScan plan() {
    Snapshot state = snapshot.snapshot();
    if (state == null) {
      ScanColumns.check(snapshot, request.columns());
      return new IcebergScan(
          snapshot,
          ScanColumns.of(snapshot, List.of()),
          List.of(),
          snapshot.deletes(List.of()),
          null,
          0,
          0);
    }
    List<FileScanTask> tasks = tasks();
    long all =
        PropertyUtil.propertyAsLong(
            state.summary(), SnapshotSummary.TOTAL_DATA_FILES_PROP, tasks.size());
    return plan(
        tasks, ScanColumns.of(snapshot, request.columns()), Math.max(0, all - tasks.size()));
  }

  /** The files that appends have added since an earlier snapshot, -1 for none. */
  TableScan planAppended(long earlier) {
    IncrementalAppendScan appended =
        snapshot.table().table().newIncrementalAppendScan().toSnapshot(snapshot.snapshotId());
    if (earlier >= 0) {
      appended = appended.fromSnapshotExclusive(earlier);
    }
    List<FileScanTask> tasks = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned = appended.planFiles()) {
      planned.forEach(tasks::add);
    } catch (IOException e) {
      throw new UncheckedIOException("manifests cannot be closed", e);
    }
    tasks.sort(ROW_ORDER);
    // numbering all files of the table would read all of its manifests
    return plan(
        tasks, ScanColumns.of(snapshot, request.columns(), () -> SnapshotFiles.numbers(tasks)), 0);
  }

  private TableScan plan(List<FileScanTask> tasks, ScanColumns columns, long skippedFiles) {
    List<IcebergScan.ChosenFile> chosen = new ArrayList<>();
    long skipped = 0;
    tasks.forEach(task -> checkReadable(snapshot, task));
    IcebergTable table = snapshot.table();
    table.context().learn(table.table(), tasks.stream().map(FileScanTask::file).toList());
    for (FileScanTask task : tasks) {
      ParquetMetadata footer = footer(task);
      FileProjection.Projected projection = FileProjection.of(columns, task, footer);
      List<Integer> groups = new ArrayList<>();
      for (int group = 0; group < footer.rowGroups().size(); group++) {
        if (RowGroupPruner.mayMatch(footer, group, request.filter(), projection.requests())) {
          groups.add(group);
        } else {
          skipped++;
        }
      }
      chosen.add(new IcebergScan.ChosenFile(task, footer, groups));
    }
    return new IcebergScan(
        snapshot,
        columns,
        chosen,
        snapshot.deletes(tasks),
        request.filter(),
        skippedFiles,
        skipped);
  }

  private ParquetMetadata footer(FileScanTask task) {
    IcebergTable table = snapshot.table();
    try (ParquetFile file = table.context().open(table.table(), task.file())) {
      return file.metadata();
    }
  }

  /** In row order. */
  private List<FileScanTask> tasks() {
    Expression filter = comparable(snapshot, request.columns(), request.filter());
    List<FileScanTask> tasks = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned =
        snapshot.icebergScan().filter(filter).planFiles()) {
      planned.forEach(tasks::add);
    } catch (IOException e) {
      throw new UncheckedIOException("manifests cannot be closed", e);
    }
    tasks.sort(ROW_ORDER);
    return tasks;
  }

  /** What of a filter manifests can be compared with. */
  static Expression comparable(
      IcebergSnapshot snapshot,
      List<String> columns,
      io.sluice.engine.expression.@Nullable Expression condition) {
    return new FilterTranslation(columns, snapshot.schema(), snapshot.filterSchema())
        .translate(condition);
  }

  static void checkReadable(IcebergSnapshot snapshot, FileScanTask task) {
    String what = "file " + task.file().location() + " of table " + snapshot.name();
    if (task.file().format() != FileFormat.PARQUET) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          what + " is in format " + task.file().format() + "; only Parquet files are read");
    }
    if (task.file().keyMetadata() != null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + " is encrypted: no keys are configured");
    }
  }
}
