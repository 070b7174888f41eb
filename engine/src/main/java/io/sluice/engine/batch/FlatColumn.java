package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Plain Arrow values in the layout of the type. */
public final class FlatColumn implements Column {
  private final SqlType type;
  private final FieldVector vector;
  private final int length;

  /** Takes ownership of the vector. */
  public FlatColumn(SqlType type, FieldVector vector) {
    this.type = type;
    this.vector = vector;
    this.length = vector.getValueCount();
  }

  public FieldVector vector() {
    return vector;
  }

  @Override
  public SqlType type() {
    return type;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public boolean isNull(int row) {
    return vector.isNull(row);
  }

  @Override
  public Column share() {
    return new FlatColumn(type, Vectors.share(vector, vector.getAllocator()));
  }

  @Override
  public FieldVector flatten(BufferAllocator allocator) {
    return Vectors.share(vector, allocator);
  }

  @Override
  public Column take(Selection indices, BufferAllocator allocator) {
    return new FlatColumn(type, Take.take(vector, indices, allocator));
  }

  @Override
  public long memoryBytes() {
    return vector.getBufferSize();
  }

  @Override
  public void close() {
    vector.close();
  }
}
