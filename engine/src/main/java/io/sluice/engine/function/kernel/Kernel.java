package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;

/**
 * The work of one function in one place of an expression. It may keep state between batches, such
 * as a compiled pattern.
 */
@FunctionalInterface
public interface Kernel {
  /**
   * Computes {@code count} rows (at least one) into {@code out}, whose buffers are there. Arguments
   * are flat or constant. For strict functions the validity of {@code out} already is that of the
   * arguments; no constant argument is NULL then.
   *
   * @throws EngineException a USER error of a row that is not NULL
   */
  void evaluate(Values[] arguments, Values out, int count);

  /** Whether arguments may be dictionaries too. */
  default boolean takesDictionaries() {
    return false;
  }
}
