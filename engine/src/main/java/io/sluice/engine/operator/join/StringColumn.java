package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.StringCopy;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;

/** Plain strings and binaries, in the stores' segments. */
final class StringColumn implements StoredColumn {
  private final SqlType type;
  private final ArrowBuf[] ends;
  private final ArrowBuf[] bytes;
  private final Validity validity;

  StringColumn(SqlType type, List<StringStore> stores) {
    this.type = type;
    List<FixedStore> numbers = stores.stream().map(StringStore::numbers).toList();
    this.validity = new Validity(numbers);
    this.ends = FixedColumn.values(numbers);
    this.bytes = new ArrowBuf[ends.length];
    int next = 0;
    for (StringStore store : stores) {
      for (int s = 0; s < store.segments(); s++) {
        bytes[next++] = store.bytes(s);
      }
    }
  }

  private int start(int id) {
    int offset = id & Segments.MASK;
    return offset == 0 ? 0 : ends[id >>> Segments.LOG].getInt((offset - 1L) << 2);
  }

  private int end(int id) {
    return ends[id >>> Segments.LOG].getInt((long) (id & Segments.MASK) << 2);
  }

  @Override
  public Column gather(int[] ids, int count, BufferAllocator allocator) {
    return new FlatColumn(type, gatherVector(ids, count, allocator));
  }

  FieldVector gatherVector(int[] ids, int count, BufferAllocator allocator) {
    BaseVariableWidthVector vector = (BaseVariableWidthVector) Vectors.create(type, allocator);
    try {
      long total = 0;
      for (int i = 0; i < count; i++) {
        if (ids[i] >= 0) {
          total += end(ids[i]) - start(ids[i]);
        }
      }
      vector.allocateNew(Math.max(1, total), Math.max(1, count));
      ArrowBuf offsets = vector.getOffsetBuffer();
      ArrowBuf to = vector.getDataBuffer();
      int at = 0;
      offsets.setInt(0, 0);
      for (int i = 0; i < count; i++) {
        int id = ids[i];
        if (id >= 0) {
          int start = start(id);
          int length = end(id) - start;
          if (length > 0) {
            StringCopy.copy(bytes[id >>> Segments.LOG], start, to, at, length);
            at += length;
          }
        }
        offsets.setInt((i + 1L) << 2, at);
      }
      validity.set(vector, ids, count);
      vector.setLastSet(count - 1);
      vector.setValueCount(count);
      return vector;
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
