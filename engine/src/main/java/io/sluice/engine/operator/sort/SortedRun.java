package io.sluice.engine.operator.sort;

import io.sluice.engine.memory.MemoryReservation;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/** Rows in order, with their keys. */
final class SortedRun implements AutoCloseable {
  private final List<FieldVector> columns;
  private final SortKeyBytes keys;
  private final SortKeyBytes.Order order;
  private final int rows;
  private final MemoryReservation reservation;

  /**
   * Takes ownership of columns and reservation.
   *
   * @param order where the rows' keys stand in {@code keys}; may be longer than the run
   */
  SortedRun(
      List<FieldVector> columns,
      SortKeyBytes keys,
      SortKeyBytes.Order order,
      int rows,
      MemoryReservation reservation) {
    this.columns = columns;
    this.keys = keys;
    this.order = order;
    this.rows = rows;
    this.reservation = reservation;
  }

  int rows() {
    return rows;
  }

  List<FieldVector> columns() {
    return columns;
  }

  SortKeyBytes keys() {
    return keys;
  }

  /** Where row {@code i}'s key stands in {@link #keys}. */
  int key(int i) {
    return order.rows()[i];
  }

  static int compare(SortedRun left, int a, SortedRun right, int b) {
    int byPrefix = Long.compare(left.order.prefixes()[a], right.order.prefixes()[b]);
    return byPrefix != 0
        ? byPrefix
        : SortKeyBytes.compareRest(left.keys, left.key(a), right.keys, right.key(b));
  }

  @Override
  public void close() {
    columns.forEach(FieldVector::close);
    reservation.close();
  }
}
