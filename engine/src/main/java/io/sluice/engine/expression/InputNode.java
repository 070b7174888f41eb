package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;

/** A column. */
record InputNode(int column, SqlType type) implements Node {
  @Override
  public Values evaluate(Frame frame) {
    return frame.column(column);
  }

  @Override
  public boolean infallible() {
    return true;
  }

  @Override
  public void close() {}
}
