package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Interleave;
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
    if (type.kind() == SqlType.Kind.NULL) {
      return new FlatColumn(type, Vectors.nulls(type, count, allocator));
    }
    try (FieldVector none = Vectors.nulls(type, 1, allocator)) {
      List<FieldVector> sources = new ArrayList<>(segments);
      sources.add(none);
      int[] from = new int[count];
      int[] rows = new int[count];
      for (int i = 0; i < count; i++) {
        from[i] = ids[i] < 0 ? segments.size() : ids[i] >>> Segments.LOG;
        rows[i] = ids[i] < 0 ? 0 : ids[i] & Segments.MASK;
      }
      return new FlatColumn(type, Interleave.gather(sources, from, rows, count, allocator));
    }
  }

  @Override
  public void close() {
    // the memory is the stores'
  }
}
