package io.sluice.engine.operator.sort;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Interleave;
import io.sluice.engine.memory.MemoryReservation;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Collects batches and sorts them into a run. */
final class RunBuilder implements AutoCloseable {
  private final SortKeyEncoder encoder;
  private final BufferAllocator allocator;
  private final List<List<FieldVector>> batches = new ArrayList<>();
  private MemoryReservation reservation;
  private SortKeyBytes keys;
  private long dataBytes;

  /** The allocator is that of the operator's private state; it stays the caller's. */
  RunBuilder(SortKeyEncoder encoder, BufferAllocator allocator) {
    this.encoder = encoder;
    this.allocator = allocator;
    this.reservation = new MemoryReservation(allocator);
    this.keys = new SortKeyBytes(reservation);
  }

  int rows() {
    return keys.rows();
  }

  long bytes() {
    return dataBytes + reservation.bytes();
  }

  /** Consumes the batch. */
  void add(Batch batch) {
    try (Batch compact = batch.compact(allocator)) {
      add(flatten(compact, allocator), compact.length());
    }
  }

  /** Takes ownership of the columns. */
  void add(List<FieldVector> columns, int rows) {
    batches.add(columns);
    for (FieldVector column : columns) {
      dataBytes += column.getBufferSize();
    }
    encoder.append(columns, rows, keys);
  }

  static List<FieldVector> flatten(Batch batch, BufferAllocator allocator) {
    List<FieldVector> columns = new ArrayList<>();
    try {
      for (Column column : batch.columns()) {
        columns.add(column.flatten(allocator));
      }
      return columns;
    } catch (RuntimeException | Error failure) {
      columns.forEach(FieldVector::close);
      throw failure;
    }
  }

  /** The least {@code maxRows} rows so far, in order; this starts anew. */
  SortedRun build(int maxRows) {
    int count = Math.min(maxRows, keys.rows());
    // Half of it stays with the run, the rest covers what gathering takes.
    reservation.add((long) SortKeyBytes.SORTING_BYTES * keys.rows());
    SortKeyBytes.Order order = keys.sorted();
    List<FieldVector> columns = gather(order.rows(), count);
    reservation.resize(reservation.bytes() - SortKeyBytes.SORTING_BYTES / 2L * keys.rows());
    SortedRun run = new SortedRun(columns, keys, order, count, reservation);
    batches.forEach(batch -> batch.forEach(FieldVector::close));
    batches.clear();
    dataBytes = 0;
    reservation = new MemoryReservation(allocator);
    keys = new SortKeyBytes(reservation);
    return run;
  }

  private List<FieldVector> gather(int[] order, int count) {
    int[] batchOf = new int[keys.rows()];
    int[] starts = new int[batches.size()];
    int row = 0;
    for (int b = 0; b < starts.length; b++) {
      starts[b] = row;
      int end = row + rowsOf(b, row);
      while (row < end) {
        batchOf[row++] = b;
      }
    }
    int[] from = new int[count];
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      from[i] = batchOf[order[i]];
      rows[i] = order[i] - starts[from[i]];
    }
    List<FieldVector> columns = new ArrayList<>();
    try {
      int columnCount = batches.isEmpty() ? 0 : batches.getFirst().size();
      for (int c = 0; c < columnCount; c++) {
        int column = c;
        List<FieldVector> sources = batches.stream().map(batch -> batch.get(column)).toList();
        columns.add(Interleave.gather(sources, from, rows, count, allocator));
      }
      return columns;
    } catch (RuntimeException | Error failure) {
      columns.forEach(FieldVector::close);
      throw failure;
    }
  }

  private int rowsOf(int batch, int before) {
    List<FieldVector> columns = batches.get(batch);
    return columns.isEmpty() ? keys.rows() - before : columns.getFirst().getValueCount();
  }

  @Override
  public void close() {
    batches.forEach(batch -> batch.forEach(FieldVector::close));
    batches.clear();
    reservation.close();
  }
}
