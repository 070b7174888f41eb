package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Arrays, rows, maps and untyped NULLs, in the stores' segments. */
final class NestedColumn implements StoredColumn {
  private final SqlType type;
  private final List<FieldVector> segments = new ArrayList<>();

  NestedColumn(SqlType type, List<NestedStore> stores) {
    this.type = type;
    stores.forEach(store -> segments.addAll(store.segments()));
  }

  @Override
  public Column gather(int[] ids, int count, BufferAllocator allocator) {
    FieldVector vector = Vectors.create(type, allocator);
    try {
      vector.setInitialCapacity(Math.max(1, count));
      vector.allocateNew();
      for (int i = 0; type.kind() != SqlType.Kind.NULL && i < count; i++) {
        if (ids[i] >= 0) {
          FieldVector segment = segments.get(ids[i] >>> Segments.LOG);
          vector.copyFromSafe(ids[i] & Segments.MASK, i, segment);
        } else {
          while (vector.getValueCapacity() <= i) {
            vector.reAlloc();
          }
          vector.setNull(i);
        }
      }
      vector.setValueCount(count);
      return new FlatColumn(type, vector);
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    // the memory is the stores'
  }
}
