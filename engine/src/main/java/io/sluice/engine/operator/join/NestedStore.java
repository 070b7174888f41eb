package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Arrays, rows, maps and untyped NULLs, in a vector per segment. */
final class NestedStore implements ColumnStore {
  private final SqlType type;
  private final BufferAllocator allocator;
  private final List<FieldVector> segments = new ArrayList<>();

  NestedStore(SqlType type, BufferAllocator allocator) {
    this.type = type;
    this.allocator = allocator;
  }

  List<FieldVector> segments() {
    return segments;
  }

  @Override
  public void append(Column column, int[] rows, int count, int first) {
    try (FieldVector vector = column.flatten(allocator)) {
      for (int i = 0; i < count; i++) {
        int segment = (first + i) >>> Segments.LOG;
        int offset = (first + i) & Segments.MASK;
        if (segment == segments.size()) {
          segments.add(Vectors.create(type, allocator));
        }
        FieldVector target = segments.get(segment);
        if (type.kind() != SqlType.Kind.NULL) {
          Vectors.copyRow(vector, rows[i], target, offset);
        }
        if (i == count - 1 || offset == Segments.MASK) {
          target.setValueCount(offset + 1);
        }
      }
    }
  }

  @Override
  public void close() {
    segments.forEach(FieldVector::close);
  }
}
