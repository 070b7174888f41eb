package io.sluice.engine.function;

import io.sluice.engine.type.SqlType;
import java.util.List;

/**
 * A function for given argument types, ready to be compiled.
 *
 * @param argumentTypes what the arguments are converted to, one for each
 * @param strict whether a NULL argument makes the result NULL; the kernel may give NULL for further
 *     rows
 * @param infallible whether no value raises an error, so that it may be computed for rows that do
 *     not need it and once per dictionary value
 */
public record BoundFunction(
    String name,
    List<SqlType> argumentTypes,
    SqlType type,
    boolean strict,
    boolean infallible,
    KernelFactory kernel) {
  public BoundFunction {
    argumentTypes = List.copyOf(argumentTypes);
  }
}
