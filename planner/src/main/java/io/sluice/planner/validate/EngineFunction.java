package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** A scalar function that the engine's registry defines. */
public final class EngineFunction extends SqlFunction {
  private final boolean deterministic;
  private final String function;

  EngineFunction(String name, RegistryTyping typing, boolean deterministic) {
    super(
        name,
        SqlKind.OTHER_FUNCTION,
        typing,
        typing,
        typing,
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.function = typing.function();
    this.deterministic = deterministic;
  }

  /** The name in the registry. */
  public String function() {
    return function;
  }

  @Override
  public boolean isDeterministic() {
    return deterministic;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EngineFunction that
        && that.function.equals(function)
        && that.getName().equals(getName());
  }

  @Override
  public int hashCode() {
    return function.hashCode();
  }
}
