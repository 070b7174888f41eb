package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/** int32 indices into shared values; NULL is a null index. */
public final class DictionaryColumn implements Column {
  private final IntVector indices;
  private final SharedDictionary dictionary;
  private final int length;
  private boolean closed;

  /** Takes ownership of the indices and of one use of the dictionary. */
  public DictionaryColumn(IntVector indices, SharedDictionary dictionary) {
    this.indices = indices;
    this.dictionary = dictionary;
    this.length = indices.getValueCount();
  }

  public IntVector indices() {
    return indices;
  }

  public SharedDictionary dictionary() {
    return dictionary;
  }

  @Override
  public SqlType type() {
    return dictionary.type();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public boolean isNull(int row) {
    return indices.isNull(row);
  }

  @Override
  public Column share() {
    return new DictionaryColumn(
        (IntVector) Vectors.share(indices, indices.getAllocator()), dictionary.retain());
  }

  @Override
  public FieldVector flatten(BufferAllocator allocator) {
    return Take.take(dictionary.values(), indices, allocator);
  }

  @Override
  public Column take(Selection selection, BufferAllocator allocator) {
    IntVector taken = (IntVector) Take.take(indices, selection, allocator);
    return new DictionaryColumn(taken, dictionary.retain());
  }

  @Override
  public long memoryBytes() {
    return (long) indices.getBufferSize() + dictionary.values().getBufferSize();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      indices.close();
      dictionary.release();
    }
  }
}
