package io.sluice.engine.function.kernel;

import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.StringCopy;
import io.sluice.engine.batch.Take;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;

/** Collects rows of flat or dictionary values by row number. */
public final class Gather {
  private Gather() {}

  /**
   * Rows {@code rows[0..count)} of {@code source} into {@code out}, of the same form.
   *
   * @param rows int32 row numbers, none negative
   */
  public static void rows(Values source, ArrowBuf rows, int count, Values out) {
    assert !source.isConstant();
    if (source.isDictionary()) {
      out.beginDictionary(count, source.dictionary());
      validity(source, rows, count, out);
      int32(source.data(), rows, count, out.data());
      return;
    }
    if (source.layout() == Layout.NESTED) {
      nested(source, rows, count, out);
      return;
    }
    out.begin(count);
    validity(source, rows, count, out);
    values(source, rows, count, out);
  }

  /** The values that a dictionary's indices point at, as flat values. */
  public static void flatten(Values source, Values out) {
    int count = source.count();
    if (source.layout() == Layout.NONE) {
      out.beginConstant(count);
      out.setNull(0);
      return;
    }
    if (source.layout() == Layout.NESTED) {
      out.own(nestedByIndex(source, count), false, count);
      return;
    }
    try (Values values = new Values(source.type(), source.allocator())) {
      values.borrow(source.dictionary().values(), false, source.dictionary().size());
      out.begin(count);
      if (source.hasNulls()) {
        copyValidity(source, count, out);
      }
      if (values.count() == 0) {
        zero(out, count);
      } else {
        values(values, clamped(source, count, out), count, out);
      }
    }
  }

  /** Values of NULL rows as the dictionary's size, which no loop may follow, are made 0. */
  private static ArrowBuf clamped(Values source, int count, Values out) {
    if (!source.hasNulls()) {
      return source.data();
    }
    int size = source.dictionary().size();
    ArrowBuf indices = source.data();
    boolean clean = true;
    for (int i = 0; i < count; i++) {
      clean &= Integer.compareUnsigned(indices.getInt((long) i << 2), size) < 0;
    }
    if (clean) {
      return indices;
    }
    ArrowBuf copy = out.spare((long) count << 2);
    for (int i = 0; i < count; i++) {
      int index = indices.getInt((long) i << 2);
      copy.setInt((long) i << 2, Integer.compareUnsigned(index, size) < 0 ? index : 0);
    }
    return copy;
  }

  private static void zero(Values out, int count) {
    if (out.layout() == Layout.BYTES) {
      for (int i = 0; i < count; i++) {
        out.endRow(i, 0);
      }
    } else {
      out.data().setZero(0, out.data().capacity());
    }
  }

  private static FieldVector nestedByIndex(Values source, int count) {
    ArrowBuf rows = source.allocator().buffer(Math.max(4L, (long) count << 2));
    try (Selection indices = new Selection(rows, count)) {
      for (int i = 0; i < count; i++) {
        int index = source.isNull(i) ? -1 : source.data().getInt((long) i << 2);
        rows.setInt((long) i << 2, index);
      }
      return Take.take(source.dictionary().values(), indices, source.allocator());
    }
  }

  private static void nested(Values source, ArrowBuf rows, int count, Values out) {
    rows.getReferenceManager().retain();
    try (Selection indices = new Selection(rows, count)) {
      out.own(Take.take(source.vector(), indices, source.allocator()), false, count);
    }
  }

  private static void copyValidity(Values source, int count, Values out) {
    int words = Bits.words(count);
    for (int w = 0; w < words; w++) {
      out.validity().setLong((long) w << 3, Bits.word(source.validity(), w, count));
    }
    out.validityWritten();
  }

  private static void validity(Values source, ArrowBuf rows, int count, Values out) {
    if (!source.hasNulls()) {
      return;
    }
    bits(source.validity(), rows, count, out.validity());
    out.validityWritten();
    out.checkNulls();
  }

  private static void bits(ArrowBuf from, ArrowBuf rows, int count, ArrowBuf to) {
    for (int base = 0; base < count; base += 64) {
      int end = Math.min(64, count - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int row = rows.getInt((long) (base + j) << 2);
        word |= ((from.getByte(row >> 3) >> (row & 7)) & 1L) << j;
      }
      to.setLong(base >> 3, word);
    }
  }

  private static void int32(ArrowBuf from, ArrowBuf rows, int count, ArrowBuf to) {
    for (int i = 0; i < count; i++) {
      to.setInt((long) i << 2, from.getInt((long) rows.getInt((long) i << 2) << 2));
    }
  }

  private static void values(Values source, ArrowBuf rows, int count, Values out) {
    ArrowBuf from = source.data();
    ArrowBuf to = out.data();
    switch (source.layout()) {
      case BIT -> bits(from, rows, count, to);
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          to.setByte(i, from.getByte(rows.getInt((long) i << 2)));
        }
      }
      case INT16 -> {
        for (int i = 0; i < count; i++) {
          to.setShort((long) i << 1, from.getShort((long) rows.getInt((long) i << 2) << 1));
        }
      }
      case INT32, FLOAT32 -> int32(from, rows, count, to);
      case INT64, FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          to.setLong((long) i << 3, from.getLong((long) rows.getInt((long) i << 2) << 3));
        }
      }
      case INT128, FIXED16 -> {
        for (int i = 0; i < count; i++) {
          long row = (long) rows.getInt((long) i << 2) << 4;
          to.setLong((long) i << 4, from.getLong(row));
          to.setLong(((long) i << 4) + 8, from.getLong(row + 8));
        }
      }
      case BYTES -> bytes(source, rows, count, out);
      case NONE -> {}
      case NESTED -> throw new AssertionError(source.type());
    }
  }

  private static void bytes(Values source, ArrowBuf rows, int count, Values out) {
    ArrowBuf from = source.data();
    for (int i = 0; i < count; i++) {
      int row = rows.getInt((long) i << 2);
      int start = source.start(row);
      int length = source.end(row) - start;
      if (length > 0) {
        int position = out.room(length);
        StringCopy.copy(from, start, out.data(), position, length);
      }
      out.endRow(i, length);
    }
  }
}
