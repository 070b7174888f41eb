package io.sluice.engine.connector;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Slices;
import io.sluice.engine.pipeline.Poll;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Rows that a caller has brought, as a table of one execution. The caller keeps the columns, which
 * must stay open until the execution is closed; its results may share them for longer.
 */
public final class GivenRows implements TableSnapshot {
  private static final long USUAL_ROWS = 100;

  private final TableName name;
  private final TableDefinition definition;
  private final List<Column> columns;
  private final int rowCount;

  /**
   * @param columns one for each of the definition, of its type
   */
  public GivenRows(TableName name, TableDefinition definition, List<Column> columns, int rowCount) {
    this.name = name;
    this.definition = definition;
    this.columns = List.copyOf(columns);
    this.rowCount = rowCount;
  }

  /** The table as plans see it, before there are rows. */
  public static Relation.Table awaited(TableName name, TableDefinition definition) {
    return new Awaited(name, definition);
  }

  private record Awaited(TableName name, TableDefinition definition) implements Relation.Table {
    @Override
    public String uuid() {
      return name.toString();
    }

    @Override
    public TableSnapshot snapshot(TableVersion version) {
      return new GivenRows(name, definition, List.of(), 0);
    }
  }

  public int rowCount() {
    return rowCount;
  }

  @Override
  public TableName name() {
    return name;
  }

  @Override
  public String tableUuid() {
    return name.toString();
  }

  @Override
  public long snapshotId() {
    return -1;
  }

  @Override
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public TableStatistics statistics() {
    return new TableStatistics(columns.isEmpty() ? USUAL_ROWS : rowCount, -1, Map.of());
  }

  @Override
  public boolean keepsOrder() {
    return false;
  }

  @Override
  public TableScan scan(ScanRequest request) {
    return new Scan(request.columns());
  }

  private final class Scan implements TableScan {
    private final List<Integer> places = new ArrayList<>();

    Scan(List<String> columns) {
      for (String column : columns) {
        places.add(place(column));
      }
    }

    private int place(String column) {
      int place = 0;
      while (!definition.columns().get(place).name().equals(column)) {
        place++;
      }
      return place;
    }

    @Override
    public List<ScanSplit> splits() {
      return List.of(new ScanSplit(0, name.toString(), rowCount, 0));
    }

    @Override
    public List<HiddenColumn> rowOrder() {
      return List.of();
    }

    @Override
    public TableScan reading(List<String> columns) {
      return new Scan(columns);
    }

    @Override
    public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
      return new Reader(places, allocator, batchRows);
    }

    @Override
    public SplitReader fetch(
        ScanSplit split, int[] rows, BufferAllocator allocator, int batchRows) {
      throw new AssertionError("rows that are bound are read as a whole");
    }

    @Override
    public ScanMetrics metrics() {
      return ScanMetrics.NONE;
    }

    @Override
    public void close() {}
  }

  private final class Reader implements SplitReader {
    private final List<Integer> places;
    private final BufferAllocator allocator;
    private final int batchRows;
    private int first;
    private int next;

    Reader(List<Integer> places, BufferAllocator allocator, int batchRows) {
      this.places = places;
      this.allocator = allocator;
      this.batchRows = batchRows;
    }

    @Override
    public Poll poll() {
      int count = Math.min(batchRows, rowCount - next);
      if (count == 0) {
        return Poll.FINISHED;
      }
      List<Column> read = new ArrayList<>(places.size());
      for (int place : places) {
        read.add(columns.get(place).share());
      }
      Batch all = new Batch(read, rowCount);
      first = next;
      next += count;
      return new Poll.Ready(Slices.slice(all, first, next, allocator));
    }

    @Override
    public long firstRow() {
      return first;
    }

    @Override
    public void close() {}
  }
}
