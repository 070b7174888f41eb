package io.sluice.engine.function;

import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.Optional;

/** All scalar functions by name. */
public final class FunctionRegistry {
  private static final FunctionRegistry STANDARD = new FunctionRegistry();

  private FunctionRegistry() {}

  public static FunctionRegistry standard() {
    return STANDARD;
  }

  /**
   * The function for arguments of these types, where necessary after implicit conversions that lose
   * nothing (wider integers, decimals and floats; NULL to anything).
   *
   * @param name lower case
   * @return empty if there is no such function or it does not take these types
   */
  public Optional<ResolvedFunction> resolve(String name, List<SqlType> arguments) {
    return Optional.empty();
  }

  /** Every function, by family and in order. */
  public List<FunctionDoc> all() {
    return List.of();
  }
}
