package io.sluice.engine.function;

import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.type.SqlType;

/** Makes the kernel of one place in an expression, with state of its own. */
@FunctionalInterface
public interface KernelFactory {
  /**
   * @param result the type to give; for decimals it may differ from the function's own rule
   */
  Kernel create(SqlType result, KernelEnvironment environment);

  /** A kernel that needs neither state nor environment. */
  static KernelFactory of(Kernel kernel) {
    return (result, environment) -> kernel;
  }
}
