package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.SharedDictionary;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.IntVector;

/** Strings as codes of one dictionary, in the stores' segments. Owns a use of the dictionary. */
final class EncodedColumn implements StoredColumn {
  private final SharedDictionary dictionary;
  private final ArrowBuf[] codes;
  private final Validity validity;
  private boolean closed;

  /** Takes ownership of one use of the dictionary. */
  EncodedColumn(SharedDictionary dictionary, ArrowBuf[] codes, Validity validity) {
    this.dictionary = dictionary;
    this.codes = codes;
    this.validity = validity;
  }

  @Override
  public Column gather(int[] ids, int count, BufferAllocator allocator) {
    IntVector indices = new IntVector("", allocator);
    try {
      indices.allocateNew(Math.max(1, count));
      ArrowBuf to = indices.getDataBuffer();
      for (int i = 0; i < count; i++) {
        int id = ids[i];
        int code = 0;
        if (id >= 0) {
          code = codes[id >>> Segments.LOG].getInt((long) (id & Segments.MASK) << 2);
        }
        to.setInt((long) i << 2, code);
      }
      validity.set(indices, ids, count);
      indices.setValueCount(count);
      return new DictionaryColumn(indices, dictionary.retain());
    } catch (RuntimeException | Error failure) {
      indices.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      dictionary.release();
    }
  }
}
