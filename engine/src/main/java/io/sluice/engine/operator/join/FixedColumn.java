package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Values of fixed width, in the stores' segments. */
final class FixedColumn implements StoredColumn {
  private final SqlType type;
  private final ArrowBuf[] segments;
  private final Validity validity;

  FixedColumn(SqlType type, List<FixedStore> stores) {
    this.type = type;
    this.validity = new Validity(stores);
    this.segments = values(stores);
  }

  static ArrowBuf[] values(List<FixedStore> stores) {
    ArrowBuf[] segments = new ArrowBuf[stores.stream().mapToInt(FixedStore::segments).sum()];
    int next = 0;
    for (FixedStore store : stores) {
      for (int s = 0; s < store.segments(); s++) {
        segments[next++] = store.values(s);
      }
    }
    return segments;
  }

  @Override
  public Column gather(int[] ids, int count, BufferAllocator allocator) {
    FieldVector vector = Vectors.create(type, allocator);
    try {
      ((BaseFixedWidthVector) vector).allocateNew(Math.max(1, count));
      if (vector instanceof BitVector) {
        gatherBits(ids, count, vector.getDataBuffer());
      } else {
        gatherValues(
            ids, count, vector.getDataBuffer(), ((BaseFixedWidthVector) vector).getTypeWidth());
      }
      validity.set(vector, ids, count);
      vector.setValueCount(count);
      return new FlatColumn(type, vector);
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  private void gatherBits(int[] ids, int count, ArrowBuf to) {
    for (int i = 0; i < count; i++) {
      int id = ids[i];
      if (id >= 0 && segments[id >>> Segments.LOG].getByte(id & Segments.MASK) != 0) {
        BitVectorHelper.setBit(to, i);
      } else {
        BitVectorHelper.unsetBit(to, i);
      }
    }
  }

  private void gatherValues(int[] ids, int count, ArrowBuf to, int width) {
    switch (width) {
      case 4 -> {
        for (int i = 0; i < count; i++) {
          int id = ids[i];
          if (id >= 0) {
            long at = (long) (id & Segments.MASK) << 2;
            to.setInt((long) i << 2, segments[id >>> Segments.LOG].getInt(at));
          }
        }
      }
      case 8 -> {
        for (int i = 0; i < count; i++) {
          int id = ids[i];
          if (id >= 0) {
            long at = (long) (id & Segments.MASK) << 3;
            to.setLong((long) i << 3, segments[id >>> Segments.LOG].getLong(at));
          }
        }
      }
      case 16 -> {
        for (int i = 0; i < count; i++) {
          int id = ids[i];
          if (id >= 0) {
            ArrowBuf from = segments[id >>> Segments.LOG];
            long at = (long) (id & Segments.MASK) << 4;
            to.setLong((long) i << 4, from.getLong(at));
            to.setLong(((long) i << 4) + 8, from.getLong(at + 8));
          }
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          int id = ids[i];
          if (id >= 0) {
            long at = (long) (id & Segments.MASK) * width;
            to.setBytes((long) i * width, segments[id >>> Segments.LOG], at, width);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    // the memory is the stores'
  }
}
