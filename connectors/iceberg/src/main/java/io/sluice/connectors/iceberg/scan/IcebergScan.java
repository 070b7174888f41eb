package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.connectors.parquet.RowGroupReader;
import io.sluice.engine.connector.ScanMetrics;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The row groups of a planned scan. A file is opened when first needed and closed with the scan.
 */
final class IcebergScan implements TableScan {
  private final @Nullable ScanContext context;
  private final List<RowGroupSplit> splits;
  private final long files;
  private final long filesSkipped;
  private final long rowGroupsSkipped;
  private final AtomicLong bytesRead = new AtomicLong();
  private final Map<String, ParquetFile> open = new HashMap<>();
  private boolean closed;

  /** A row group and how a file like its own is read. */
  record RowGroupSplit(
      ScanSplit split,
      String location,
      int rowGroup,
      long firstRow,
      FileProjection.Projected projection) {}

  IcebergScan(
      @Nullable ScanContext context,
      List<RowGroupSplit> splits,
      long files,
      long filesSkipped,
      long rowGroupsSkipped) {
    this.context = context;
    this.splits = List.copyOf(splits);
    this.files = files;
    this.filesSkipped = filesSkipped;
    this.rowGroupsSkipped = rowGroupsSkipped;
  }

  /** Of a table without rows. */
  static IcebergScan empty() {
    return new IcebergScan(null, List.of(), 0, 0, 0);
  }

  static RowGroupSplit split(
      int ordinal,
      String location,
      ParquetMetadata footer,
      int rowGroup,
      FileProjection.Projected projection) {
    ParquetMetadata.RowGroup group = footer.rowGroups().get(rowGroup);
    return new RowGroupSplit(
        new ScanSplit(ordinal, footer.path(), group.rowCount(), group.bytes(projection.requests())),
        location,
        rowGroup,
        group.firstRow(),
        projection);
  }

  @Override
  public List<ScanSplit> splits() {
    return splits.stream().map(RowGroupSplit::split).toList();
  }

  @Override
  public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
    RowGroupSplit group = splits.get(split.ordinal());
    ParquetFile file = file(group);
    bytesRead.addAndGet(split.bytes());
    return shaped(
        group,
        RowGroupReader.open(
            file, group.rowGroup(), group.projection().requests(), allocator, batchRows),
        null,
        allocator);
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
    if (closed || context == null) {
      throw new IllegalStateException("scan is closed");
    }
    ParquetFile file = open.get(group.location());
    if (file == null) {
      file = context.open(group.location());
      open.put(group.location(), file);
    }
    return file;
  }

  @Override
  public ScanMetrics metrics() {
    return new ScanMetrics(files, filesSkipped, splits.size(), rowGroupsSkipped, bytesRead.get());
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.values().forEach(ParquetFile::close);
    open.clear();
  }
}
