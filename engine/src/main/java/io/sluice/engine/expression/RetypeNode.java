package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Gather;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;

/** The same values under another type of the same layout. */
final class RetypeNode implements Node {
  private final SqlType type;
  private final Node child;
  private final Values out;
  private final Values flat;

  RetypeNode(SqlType type, Node child, BufferAllocator allocator) {
    this.type = type;
    this.child = child;
    this.out = new Values(type, allocator);
    this.flat = new Values(child.type(), allocator);
  }

  @Override
  public SqlType type() {
    return type;
  }

  @Override
  public boolean infallible() {
    return child.infallible();
  }

  @Override
  public Values evaluate(Frame frame) {
    Values values = child.evaluate(frame);
    if (values.isDictionary()) {
      // A dictionary carries its type with it.
      Gather.flatten(values, flat);
      values = flat;
    }
    out.alias(values, frame.count());
    return out;
  }

  @Override
  public void close() {
    child.close();
    out.close();
    flat.close();
  }
}
