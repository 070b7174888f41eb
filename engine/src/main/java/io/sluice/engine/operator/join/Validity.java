package io.sluice.engine.operator.join;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;

/** The validity of gathered rows. */
final class Validity {
  private final ArrowBuf[] segments;
  private final boolean anyNull;

  Validity(List<FixedStore> stores) {
    boolean nulls = false;
    int count = 0;
    for (FixedStore store : stores) {
      nulls |= store.anyNull();
      count += store.segments();
    }
    anyNull = nulls;
    segments = new ArrowBuf[count];
    int next = 0;
    for (FixedStore store : stores) {
      for (int s = 0; s < store.segments(); s++) {
        segments[next++] = store.validity(s);
      }
    }
  }

  boolean anyNull() {
    return anyNull;
  }

  boolean isValid(int id) {
    return id >= 0 && (!anyNull || segments[id >>> Segments.LOG].getByte(id & Segments.MASK) != 0);
  }

  /** Sets the first bits of a vector's validity; -1 is NULL. */
  void set(FieldVector vector, int[] ids, int count) {
    ArrowBuf to = vector.getValidityBuffer();
    for (int base = 0; base < count; base += 8) {
      int end = Math.min(8, count - base);
      int bits = 0;
      for (int j = 0; j < end; j++) {
        int id = ids[base + j];
        if (id >= 0) {
          int valid = anyNull ? segments[id >>> Segments.LOG].getByte(id & Segments.MASK) : 1;
          bits |= valid << j;
        }
      }
      to.setByte(base >> 3, bits);
    }
  }
}
