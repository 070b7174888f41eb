package io.sluice.engine.connector;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One of several parts of a snapshot: equal scans of all the parts give each row once. A part is a
 * run of neighbouring splits, and the parts are about equal in rows before any filter.
 *
 * @param index 0 for the first part
 */
public record SnapshotPart(TableSnapshot whole, int index, int count) implements TableSnapshot {
  public SnapshotPart {
    if (index < 0 || index >= count) {
      throw new IllegalArgumentException("part " + index + " of " + count);
    }
  }

  @Override
  public TableName name() {
    return whole.name();
  }

  @Override
  public String tableUuid() {
    return whole.tableUuid();
  }

  @Override
  public long snapshotId() {
    return whole.snapshotId();
  }

  @Override
  public TableDefinition definition() {
    return whole.definition();
  }

  @Override
  public TableStatistics statistics() {
    return whole.statistics();
  }

  @Override
  public TableVersion pin() {
    return whole.pin();
  }

  @Override
  public boolean keepsOrder() {
    return whole.keepsOrder();
  }

  @Override
  public TableScan scan(ScanRequest request) {
    return new Scan(whole.scan(request));
  }

  /** Splits whose middle row is in the part's share of all rows. */
  private List<ScanSplit> chosen(List<ScanSplit> splits) {
    long all = splits.stream().mapToLong(ScanSplit::rows).sum();
    long[] before = {0};
    return splits.stream()
        .filter(
            split -> {
              long middle = before[0] + split.rows() / 2;
              before[0] += split.rows();
              return all == 0 ? index == 0 : middle * count / all == index;
            })
        .toList();
  }

  private final class Scan implements TableScan {
    private final TableScan scan;

    Scan(TableScan scan) {
      this.scan = scan;
    }

    @Override
    public List<ScanSplit> splits() {
      return chosen(scan.splits());
    }

    @Override
    public List<HiddenColumn> rowOrder() {
      return scan.rowOrder();
    }

    @Override
    public TableScan reading(List<String> columns) {
      return new Scan(scan.reading(columns));
    }

    @Override
    public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
      return scan.open(split, allocator, batchRows);
    }

    @Override
    public SplitReader fetch(
        ScanSplit split, int[] rows, BufferAllocator allocator, int batchRows) {
      return scan.fetch(split, rows, allocator, batchRows);
    }

    @Override
    public ScanMetrics metrics() {
      return scan.metrics();
    }

    @Override
    public void close() {
      scan.close();
    }
  }
}
