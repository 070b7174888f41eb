package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** A value that is known when the expression is compiled. Owns its vector of one row. */
final class ConstantNode implements Node {
  private final SqlType type;
  private final FieldVector vector;
  private final Values values;

  ConstantNode(SqlType type, FieldVector vector, BufferAllocator allocator) {
    this.type = type;
    this.vector = vector;
    this.values = new Values(type, allocator);
  }

  FieldVector vector() {
    return vector;
  }

  boolean isNull() {
    return type.kind() == SqlType.Kind.NULL || vector.isNull(0);
  }

  @Override
  public SqlType type() {
    return type;
  }

  @Override
  public Values evaluate(Frame frame) {
    values.borrow(vector, true, frame.count());
    return values;
  }

  @Override
  public boolean infallible() {
    return true;
  }

  @Override
  public void close() {
    values.close();
    vector.close();
  }
}
