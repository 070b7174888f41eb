package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Plain Arrow values in the layout of the type, counted by the columns that show them. */
public final class FlatColumn implements Column {
  private final SqlType type;
  private final FieldVector vector;
  private final AtomicInteger users;
  private final int length;
  private boolean closed;

  /** Takes ownership of the vector, which must not change from now on. */
  public FlatColumn(SqlType type, FieldVector vector) {
    this(type, vector, new AtomicInteger(1));
  }

  private FlatColumn(SqlType type, FieldVector vector, AtomicInteger users) {
    this.type = type;
    this.vector = vector;
    this.users = users;
    this.length = vector.getValueCount();
  }

  /** The values, which stay this column's. */
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
    int before = users.getAndIncrement();
    assert before > 0 : "column shared after its close";
    return new FlatColumn(type, vector, users);
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
    if (!closed) {
      closed = true;
      if (users.decrementAndGet() == 0) {
        vector.close();
      }
    }
  }
}
