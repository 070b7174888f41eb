package io.sluice.server.stream;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalMonthDayNanoVector;
import org.apache.arrow.vector.IntervalYearVector;

/** Rows as plain Arrow vectors. Owns the vectors. */
record PlainColumns(List<FieldVector> vectors, int rows) implements AutoCloseable {

  /** The batch's selected rows in memory of {@code allocator}. Consumes the batch. */
  static PlainColumns of(Batch batch, BufferAllocator allocator) {
    List<FieldVector> vectors = new ArrayList<>(batch.columns().size());
    try (Batch compact = batch.compact(allocator)) {
      for (Column column : compact.columns()) {
        vectors.add(plain(column, allocator));
      }
      return new PlainColumns(vectors, compact.length());
    } catch (RuntimeException | Error failure) {
      vectors.forEach(FieldVector::close);
      throw failure;
    }
  }

  private static FieldVector plain(Column column, BufferAllocator allocator) {
    FieldVector flat = column.flatten(allocator);
    if (column.type().kind() != SqlType.Kind.INTERVAL_MONTHS) {
      return flat;
    }
    try (IntervalYearVector months = (IntervalYearVector) flat) {
      return monthDayNano(months, allocator);
    }
  }

  private static FieldVector monthDayNano(IntervalYearVector months, BufferAllocator allocator) {
    IntervalMonthDayNanoVector wide = new IntervalMonthDayNanoVector(months.getName(), allocator);
    try {
      wide.allocateNew(months.getValueCount());
      for (int i = 0; i < months.getValueCount(); i++) {
        if (months.isNull(i)) {
          wide.setNull(i);
        } else {
          wide.set(i, months.get(i), 0, 0L);
        }
      }
      wide.setValueCount(months.getValueCount());
      return wide;
    } catch (RuntimeException | Error failure) {
      wide.close();
      throw failure;
    }
  }

  /** Bytes that the rows take in a message. */
  long bytes() {
    long bytes = 0;
    for (FieldVector vector : vectors) {
      bytes += Slices.bytes(vector, 0, rows);
    }
    return bytes;
  }

  @Override
  public void close() {
    vectors.forEach(FieldVector::close);
  }
}
