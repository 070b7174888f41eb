package io.sluice.engine.expression;

import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.StringCopy;
import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A function's results for the values of the dictionary that came last. */
final class DictionaryCache implements AutoCloseable {
  private final SqlType type;
  private final Values results;
  private @Nullable SharedDictionary seen;
  private @Nullable SharedDictionary refused;
  private @Nullable SharedDictionary source;
  private @Nullable SharedDictionary mapped;

  DictionaryCache(SqlType type, BufferAllocator allocator) {
    this.type = type;
    this.results = new Values(type, allocator);
  }

  boolean holds(SharedDictionary dictionary) {
    return source == dictionary;
  }

  /** The dictionary has values that are errors; it is not tried again. */
  void refuse(SharedDictionary dictionary) {
    refused = dictionary;
  }

  /** A dictionary pays off where it is no larger than the batch, or comes a second time. */
  boolean worthwhile(SharedDictionary dictionary, int rows) {
    boolean again = seen == dictionary;
    seen = dictionary;
    return refused != dictionary && (again || dictionary.size() <= rows);
  }

  /** Where the results for another dictionary are to be put. */
  Values begin() {
    forget();
    return results;
  }

  /** The results are there; strings become a dictionary of their own. */
  void complete(SharedDictionary dictionary) {
    source = dictionary.retain();
    if (Layout.of(type) == Layout.BYTES && !results.hasNulls()) {
      mapped = new SharedDictionary(type, results.toVector());
    }
  }

  /** The results for the rows of {@code indices}. */
  void map(Values indices, int rows, Values out) {
    if (mapped != null) {
      out.borrowDictionary(indices, mapped, rows);
      return;
    }
    out.begin(rows);
    copyValidity(indices, rows, out);
    ArrowBuf from = indices.data();
    ArrowBuf to = out.data();
    int limit = results.count();
    if (limit == 0) {
      to.setZero(0, to.capacity());
      return;
    }
    switch (type.kind() == SqlType.Kind.BOOLEAN ? 0 : results.layout().width()) {
      case 0 -> {
        if (results.layout() == Layout.BIT) {
          bits(results.data(), from, rows, limit, to);
        } else {
          bytes(from, rows, limit, out);
        }
      }
      case 4 -> {
        for (int i = 0; i < rows; i++) {
          to.setInt((long) i << 2, results.data().getInt(at(from, i, limit) << 2));
        }
      }
      case 8 -> {
        for (int i = 0; i < rows; i++) {
          to.setLong((long) i << 3, results.data().getLong(at(from, i, limit) << 3));
        }
      }
      default -> {
        int width = results.layout().width();
        for (int i = 0; i < rows; i++) {
          to.setBytes((long) i * width, results.data(), at(from, i, limit) * width, width);
        }
      }
    }
    if (results.hasNulls()) {
      for (int i = 0; i < rows; i++) {
        if (!out.isNull(i) && results.isNull((int) at(from, i, limit))) {
          out.setNull(i);
        }
      }
    }
  }

  private static void bits(ArrowBuf values, ArrowBuf indices, int rows, int limit, ArrowBuf to) {
    for (int base = 0; base < rows; base += 64) {
      int end = Math.min(64, rows - base);
      long word = 0;
      for (int j = 0; j < end; j++) {
        int at = (int) at(indices, base + j, limit);
        word |= ((values.getByte(at >> 3) >> (at & 7)) & 1L) << j;
      }
      to.setLong(base >> 3, word);
    }
  }

  private void bytes(ArrowBuf indices, int rows, int limit, Values out) {
    for (int i = 0; i < rows; i++) {
      int row = (int) at(indices, i, limit);
      int length = out.isNull(i) ? 0 : results.end(row) - results.start(row);
      if (length > 0) {
        int position = out.room(length);
        StringCopy.copy(results.data(), results.start(row), out.data(), position, length);
      }
      out.endRow(i, length);
    }
  }

  /** The index of a NULL row may be anything. */
  private static long at(ArrowBuf indices, int row, int limit) {
    int index = indices.getInt((long) row << 2);
    return Integer.compareUnsigned(index, limit) < 0 ? index : 0;
  }

  private static void copyValidity(Values from, int rows, Values out) {
    if (from.hasNulls()) {
      int words = Bits.words(rows);
      for (int w = 0; w < words; w++) {
        out.validity().setLong((long) w << 3, Bits.word(from.validity(), w, rows));
      }
      out.validityWritten();
    }
  }

  private void forget() {
    if (source != null) {
      source.release();
      source = null;
    }
    if (mapped != null) {
      mapped.release();
      mapped = null;
    }
  }

  @Override
  public void close() {
    forget();
    seen = null;
    refused = null;
    results.close();
  }
}
