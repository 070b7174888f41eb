package io.sluice.engine.connector;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Rows that are there already, as one split. */
final class VirtualScan implements TableScan {
  private final TableName name;
  private final List<ColumnDefinition> table;
  private final List<List<@Nullable Object>> rows;
  private final List<SqlType> types = new ArrayList<>();
  private final List<Integer> positions = new ArrayList<>();

  /**
   * @param table all columns, of which each row has a value
   * @param columns names of those that are read
   * @throws EngineException UNKNOWN_COLUMN
   */
  VirtualScan(
      TableName name,
      List<ColumnDefinition> table,
      List<List<@Nullable Object>> rows,
      List<String> columns) {
    this.name = name;
    this.table = table;
    this.rows = rows;
    List<String> names = table.stream().map(ColumnDefinition::name).toList();
    for (String column : columns) {
      int position = names.indexOf(column);
      if (position < 0) {
        throw new EngineException(
            ErrorCode.UNKNOWN_COLUMN, "table " + name + " has no column " + column);
      }
      positions.add(position);
      types.add(table.get(position).type());
    }
  }

  @Override
  public List<HiddenColumn> rowOrder() {
    return List.of();
  }

  @Override
  public TableScan reading(List<String> columns) {
    return new VirtualScan(name, table, rows, columns);
  }

  @Override
  public List<ScanSplit> splits() {
    return rows.isEmpty() ? List.of() : List.of(new ScanSplit(0, name.toString(), rows.size(), 0));
  }

  @Override
  public SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows) {
    return new Reader(rows, allocator, batchRows);
  }

  @Override
  public SplitReader fetch(
      ScanSplit split, int[] wanted, BufferAllocator allocator, int batchRows) {
    List<List<@Nullable Object>> chosen = new ArrayList<>(wanted.length);
    for (int row : wanted) {
      chosen.add(rows.get(row));
    }
    return new Reader(chosen, allocator, batchRows);
  }

  @Override
  public ScanMetrics metrics() {
    return ScanMetrics.NONE;
  }

  @Override
  public void close() {}

  private final class Reader implements SplitReader {
    private final List<List<@Nullable Object>> read;
    private final BufferAllocator allocator;
    private final int batchRows;
    private int first;
    private int next;

    Reader(List<List<@Nullable Object>> read, BufferAllocator allocator, int batchRows) {
      this.read = read;
      this.allocator = allocator;
      this.batchRows = batchRows;
    }

    @Override
    public Poll poll() {
      int count = Math.min(batchRows, read.size() - next);
      if (count == 0) {
        return Poll.FINISHED;
      }
      List<Column> columns = new ArrayList<>(positions.size());
      try {
        for (int c = 0; c < positions.size(); c++) {
          List<@Nullable Object> cells = new ArrayList<>(count);
          for (List<@Nullable Object> row : read.subList(next, next + count)) {
            cells.add(row.get(positions.get(c)));
          }
          columns.add(new FlatColumn(types.get(c), Cells.vector(types.get(c), cells, allocator)));
        }
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
      first = next;
      next += count;
      return new Poll.Ready(new Batch(columns, count));
    }

    @Override
    public long firstRow() {
      return first;
    }

    @Override
    public void close() {}
  }
}
