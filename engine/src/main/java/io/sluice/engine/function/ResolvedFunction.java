package io.sluice.engine.function;

import io.sluice.engine.type.SqlType;
import java.util.List;

/**
 * A function for given argument types.
 *
 * @param argumentTypes what the arguments are converted to, one for each
 * @param type of the result
 */
public record ResolvedFunction(String name, List<SqlType> argumentTypes, SqlType type) {
  public ResolvedFunction {
    argumentTypes = List.copyOf(argumentTypes);
  }
}
