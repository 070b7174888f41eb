package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.ScanMetrics;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.pipeline.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** All rows that count at an instant; a split is a share. */
final class OnlineScan implements TableScan {
  private final OnlineTable table;
  private final OnlineTable.Loaded loaded;
  private final List<String> columns;
  private final long nowMicros;

  OnlineScan(OnlineTable table, OnlineTable.Loaded loaded, List<String> columns, long nowMicros) {
    this.table = table;
    this.loaded = loaded;
    this.columns = List.copyOf(columns);
    this.nowMicros = nowMicros;
  }

  @Override
  public List<ScanSplit> splits() {
    long rows = loaded.rows().keys() / OnlineRows.SHARES + 1;
    return IntStream.range(0, OnlineRows.SHARES)
        .mapToObj(share -> new ScanSplit(share, table.name().toString(), rows, 0))
        .toList();
  }

  @Override
  public List<HiddenColumn> rowOrder() {
    return List.of();
  }

  @Override
  public TableScan reading(List<String> others) {
    return new OnlineScan(table, loaded, others, nowMicros);
  }

  @Override
  public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
    return new Reader(split.ordinal(), allocator, batchRows);
  }

  @Override
  public SplitReader fetch(ScanSplit split, int[] rows, BufferAllocator allocator, int batchRows) {
    throw new EngineException(
        ErrorCode.UNSUPPORTED,
        "rows of online table " + table.name() + " have no places; read " + table.lakeName());
  }

  @Override
  public ScanMetrics metrics() {
    return ScanMetrics.NONE;
  }

  @Override
  public void close() {}

  /** Copies the rows of a share, and gives them in batches. */
  private final class Reader implements SplitReader {
    private final int share;
    private final BufferAllocator allocator;
    private final int batchRows;
    private @Nullable EncodedRows keys;
    private EncodedRows values = EncodedRows.ofRoom(0);
    private int firstRow;
    private int next;

    Reader(int share, BufferAllocator allocator, int batchRows) {
      this.share = share;
      this.allocator = allocator;
      this.batchRows = batchRows;
    }

    @Override
    public Poll poll() {
      EncodedRows copied = keys == null ? copy() : keys;
      keys = copied;
      int count = Math.min(batchRows, copied.count() - next);
      if (count == 0) {
        return Poll.FINISHED;
      }
      firstRow = next;
      next += count;
      return new Poll.Ready(batch(copied, IntStream.range(firstRow, next).toArray()));
    }

    private EncodedRows copy() {
      EncodedRows copied = EncodedRows.ofRoom(loaded.rows().keys(share));
      values = EncodedRows.ofRoom(loaded.rows().keys(share));
      if (!loaded.rows().scan(share, nowMicros, copied, values)) {
        throw new EngineException(
            ErrorCode.BUSY,
            "online table " + table.name() + " was loaded anew while it was read; run it again");
      }
      return copied;
    }

    private Batch batch(EncodedRows copied, int[] wanted) {
      List<Column> read = new ArrayList<>();
      try {
        List<OnlineColumn> found =
            columns.stream().map(column -> OnlineColumn.find(table, loaded, column)).toList();
        OnlineColumn.read(found, copied, values, wanted, wanted.length, allocator, read);
        return new Batch(read, wanted.length);
      } catch (RuntimeException | Error failure) {
        read.forEach(Column::close);
        throw failure;
      }
    }

    @Override
    public long firstRow() {
      return firstRow;
    }

    @Override
    public void close() {}
  }
}
