package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.deletes.FileDeletes;
import io.sluice.connectors.iceberg.deletes.ScanDeletes;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.remote.OpenedLater;
import io.sluice.connectors.iceberg.remote.ReadPool;
import io.sluice.connectors.parquet.ColumnRequest;
import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.connectors.parquet.RowFilter;
import io.sluice.connectors.parquet.RowGroupReader;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.ScanMetrics;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Poll;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.TableUtil;
import org.jspecify.annotations.Nullable;

/**
 * The row groups of a planned scan. A file is opened when first needed and closed with the scan.
 */
final class IcebergScan implements TableScan {
  private static final SplitReader NO_ROWS =
      new SplitReader() {
        @Override
        public Poll poll() {
          return Poll.FINISHED;
        }

        @Override
        public long firstRow() {
          return 0;
        }

        @Override
        public void close() {}
      };

  private final IcebergSnapshot snapshot;
  private final List<ChosenFile> chosen;
  private final ScanDeletes deletes;
  private final List<RowGroupSplit> splits;
  private final long filesSkipped;
  private final long rowGroupsSkipped;
  private final @Nullable Expression filter;
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong rowGroupsDenied = new AtomicLong();
  private final AtomicLong pagesSkipped = new AtomicLong();
  private final Map<String, ParquetFile> open = new HashMap<>();
  private boolean closed;

  /** A file and those of its row groups that are read. */
  record ChosenFile(FileScanTask task, ParquetMetadata footer, List<Integer> rowGroups) {
    ChosenFile {
      rowGroups = List.copyOf(rowGroups);
    }

    /** Whether rows bring their identity with them, so that they need not be in its order. */
    boolean keepsIdentity() {
      return footer.column(MetadataColumns.ROW_ID.fieldId()).isPresent()
          || footer.column(MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER.fieldId()).isPresent();
    }
  }

  /** A row group and how a file like its own is read. */
  private record RowGroupSplit(
      ScanSplit split,
      ChosenFile file,
      int rowGroup,
      long firstRow,
      FileProjection.Projected projection,
      FileProjection.@Nullable Live live) {}

  /**
   * @param chosen in row order
   * @param deletes of these files; this takes ownership, but not where it fails
   * @param filter over the columns, for skipping rows within row groups; null for none
   */
  IcebergScan(
      IcebergSnapshot snapshot,
      ScanColumns columns,
      List<ChosenFile> chosen,
      ScanDeletes deletes,
      @Nullable Expression filter,
      long filesSkipped,
      long rowGroupsSkipped) {
    this.snapshot = snapshot;
    this.chosen = List.copyOf(chosen);
    this.deletes = deletes;
    this.filter = filter;
    this.filesSkipped = filesSkipped;
    this.rowGroupsSkipped = rowGroupsSkipped;
    this.splits = splits(columns, this.chosen);
  }

  private List<RowGroupSplit> splits(ScanColumns columns, List<ChosenFile> chosen) {
    List<RowGroupSplit> splits = new ArrayList<>();
    for (ChosenFile file : chosen) {
      ParquetMetadata footer = file.footer();
      FileProjection.Projected projection = FileProjection.of(columns, file.task(), footer);
      FileDeletes ofFile = deletes.of(file.task());
      FileProjection.Live live =
          ofFile == null ? null : FileProjection.live(columns, file.task(), footer, ofFile);
      FileProjection.Projected read = live == null ? projection : live.projection();
      for (int rowGroup : file.rowGroups()) {
        ParquetMetadata.RowGroup group = footer.rowGroups().get(rowGroup);
        long bytes = group.bytes(read.requests());
        splits.add(
            new RowGroupSplit(
                new ScanSplit(splits.size(), footer.path(), group.rowCount(), bytes),
                file,
                rowGroup,
                group.firstRow(),
                projection,
                live));
      }
    }
    return List.copyOf(splits);
  }

  @Override
  public TableScan reading(List<String> columns) {
    return Failures.translated(
        "table " + snapshot.name(),
        () -> {
          ScanDeletes shared = deletes.share();
          try {
            return new IcebergScan(
                snapshot,
                ScanColumns.of(snapshot, columns),
                chosen,
                shared,
                null,
                filesSkipped,
                rowGroupsSkipped);
          } catch (RuntimeException | Error failure) {
            shared.close();
            throw failure;
          }
        });
  }

  @Override
  public List<HiddenColumn> rowOrder() {
    int version = TableUtil.formatVersion(snapshot.table().table());
    if (version < 2 || chosen.stream().noneMatch(ChosenFile::keepsIdentity)) {
      return List.of();
    }
    return version == 2
        ? List.of(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER)
        : List.of(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER, HiddenColumn.ROW_ID);
  }

  @Override
  public List<ScanSplit> splits() {
    return splits.stream().map(RowGroupSplit::split).toList();
  }

  @Override
  public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
    RowGroupSplit group = splits.get(split.ordinal());
    ParquetFile file = file(group);
    IcebergTable table = snapshot.table();
    ReadPool pool = filter == null ? null : table.context().waiting(table.table());
    return pool == null
        ? open(group, file, allocator, batchRows)
        : new OpenedLater(pool, () -> open(group, file, allocator, batchRows));
  }

  private SplitReader open(
      RowGroupSplit group, ParquetFile file, BufferAllocator allocator, int batchRows) {
    ScanSplit split = group.split();
    FileProjection.Live live = group.live();
    List<ColumnRequest> requests =
        (live == null ? group.projection() : live.projection()).requests();
    RowFilter.Chosen rows = RowFilter.choose(file, group.rowGroup(), filter, requests, allocator);
    if (rows.isEmpty()) {
      rowGroupsDenied.incrementAndGet();
      return NO_ROWS;
    }
    pagesSkipped.addAndGet(rows.pagesSkipped());
    bytesRead.addAndGet(
        rows.ranges() == null
            ? split.bytes()
            : split.bytes() * rows.ranges().rows() / Math.max(1, split.rows()));
    SplitReader reader =
        RowGroupReader.open(file, group.rowGroup(), requests, rows.ranges(), allocator, batchRows);
    return live == null
        ? shaped(group, reader, null, allocator)
        : live.of(reader, group.firstRow(), allocator);
  }

  @Override
  public SplitReader fetch(ScanSplit split, int[] rows, BufferAllocator allocator, int batchRows) {
    RowGroupSplit group = splits.get(split.ordinal());
    ParquetFile file = file(group);
    bytesRead.addAndGet(split.bytes() * rows.length / Math.max(1, split.rows()));
    return shaped(
        group,
        RowGroupReader.fetch(
            file, group.rowGroup(), group.projection().requests(), rows, allocator, batchRows),
        rows,
        allocator);
  }

  private static SplitReader shaped(
      RowGroupSplit group, SplitReader reader, int @Nullable [] rows, BufferAllocator allocator) {
    return group.projection().isPlain()
        ? reader
        : new ShapedReader(reader, group.projection().from(group.firstRow()), rows, allocator);
  }

  private synchronized ParquetFile file(RowGroupSplit group) {
    if (closed) {
      throw new IllegalStateException("scan is closed");
    }
    DataFile data = group.file().task().file();
    ParquetFile file = open.get(data.location());
    if (file == null) {
      IcebergTable table = snapshot.table();
      file = new ParquetFile(table.context().input(table.table(), data), group.file().footer());
      open.put(data.location(), file);
    }
    return file;
  }

  @Override
  public ScanMetrics metrics() {
    long denied = rowGroupsDenied.get();
    return new ScanMetrics(
        chosen.size(),
        filesSkipped,
        splits.size() - denied,
        rowGroupsSkipped + denied,
        pagesSkipped.get(),
        bytesRead.get());
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    deletes.close();
    closeFiles();
  }

  private synchronized void closeFiles() {
    open.values().forEach(ParquetFile::close);
    open.clear();
  }
}
