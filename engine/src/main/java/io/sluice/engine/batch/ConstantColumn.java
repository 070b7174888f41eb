package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** One value, possibly NULL, for every row. */
public final class ConstantColumn implements Column {
  private final SqlType type;
  private final FieldVector value;
  private final int length;

  /** Takes ownership of {@code value}, a vector of one row. */
  public ConstantColumn(SqlType type, FieldVector value, int length) {
    assert value.getValueCount() == 1;
    this.type = type;
    this.value = value;
    this.length = length;
  }

  /** The vector of one row. */
  public FieldVector value() {
    return value;
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
    return value.isNull(0);
  }

  @Override
  public Column share() {
    return new ConstantColumn(type, Vectors.share(value, value.getAllocator()), length);
  }

  @Override
  public FieldVector flatten(BufferAllocator allocator) {
    return Take.repeat(value, length, allocator);
  }

  @Override
  public Column take(Selection indices, BufferAllocator allocator) {
    return new ConstantColumn(type, Vectors.share(value, allocator), indices.count());
  }

  @Override
  public long memoryBytes() {
    return value.getBufferSize();
  }

  @Override
  public void close() {
    value.close();
  }
}
