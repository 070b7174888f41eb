package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;

/** A compiled sub-expression at one place, with the scratch of its result. */
interface Node extends AutoCloseable {
  SqlType type();

  /**
   * The values for the frame's rows, which are valid until the next call. The frame has at least
   * one row.
   */
  Values evaluate(Frame frame);

  /** Whether no row raises an error, so that more rows than needed may be evaluated. */
  boolean infallible();

  @Override
  void close();
}
