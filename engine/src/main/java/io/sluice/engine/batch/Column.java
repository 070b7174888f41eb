package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * The values of one column of a batch in one of three forms. NULL lives in validity buffers. A
 * column owns its memory until it is closed; closing twice does nothing.
 */
public sealed interface Column extends AutoCloseable
    permits FlatColumn, DictionaryColumn, ConstantColumn {
  SqlType type();

  /** Physical rows, before any selection. */
  int length();

  boolean isNull(int row);

  /** Another owner of the same memory; both must be closed. */
  Column share();

  /**
   * The values in plain Arrow form, in memory of {@code allocator} (shared where this form already
   * is plain). The caller closes the vector; this column stays as it is.
   */
  FieldVector flatten(BufferAllocator allocator);

  /**
   * The values at {@code indices}, of the same form where that saves memory. The caller closes the
   * result.
   */
  Column take(Selection indices, BufferAllocator allocator);

  /** Bytes of Arrow memory that this column keeps, a shared dictionary included. */
  long memoryBytes();

  @Override
  void close();
}
