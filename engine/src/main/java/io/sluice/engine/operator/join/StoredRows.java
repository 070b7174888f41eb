package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** All rows of the kept side. Safe for all threads. */
final class StoredRows implements AutoCloseable {
  private final List<Integer> inputs;
  private final List<StoredColumn> columns = new ArrayList<>();
  private final int[] rowsOfSegment;
  private final long rows;

  /**
   * @param inputs the columns of the input that are kept
   * @param allocator of what is handed on
   */
  StoredRows(
      List<Integer> inputs, List<SqlType> types, List<RowStore> stores, BufferAllocator allocator) {
    this.inputs = inputs;
    int[] counts = stores.stream().mapToInt(RowStore::rows).toArray();
    int segments = 0;
    long total = 0;
    for (int count : counts) {
      segments += Segments.count(count);
      total += count;
    }
    this.rows = total;
    this.rowsOfSegment = new int[segments];
    int next = 0;
    for (int count : counts) {
      for (int s = 0; s < Segments.count(count); s++) {
        rowsOfSegment[next++] = Math.min(Segments.ROWS, count - (s << Segments.LOG));
      }
    }
    try {
      for (int c = 0; c < inputs.size(); c++) {
        int column = c;
        List<ColumnStore> parts = stores.stream().map(s -> s.columns().get(column)).toList();
        columns.add(StoredColumn.of(types.get(inputs.get(c)), parts, counts, allocator));
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  long count() {
    return rows;
  }

  int segments() {
    return rowsOfSegment.length;
  }

  int rows(int segment) {
    return rowsOfSegment[segment];
  }

  /** The first row's number, or -1. */
  int first() {
    return rows == 0 ? -1 : 0;
  }

  /** The number of the row after {@code id}, or -1. */
  int after(int id) {
    int segment = id >>> Segments.LOG;
    if ((id & Segments.MASK) + 1 < rowsOfSegment[segment]) {
      return id + 1;
    }
    return segment + 1 < rowsOfSegment.length ? (segment + 1) << Segments.LOG : -1;
  }

  /** Values of a column of the input, which is kept; -1 gives NULL. The caller closes them. */
  Column gather(int input, int[] ids, int count, BufferAllocator allocator) {
    return columns.get(inputs.indexOf(input)).gather(ids, count, allocator);
  }

  @Override
  public void close() {
    columns.forEach(StoredColumn::close);
  }
}
