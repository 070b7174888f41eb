package io.sluice.engine.function;

import io.sluice.engine.type.SqlType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All scalar functions by name. */
public final class FunctionRegistry {
  private static final FunctionRegistry STANDARD =
      new FunctionRegistry(
          List.of(
              ComparisonFunctions.all(),
              BooleanFunctions.all(),
              ArithmeticFunctions.all(),
              RoundingFunctions.all(),
              MathFunctions.all(),
              BitFunctions.all(),
              ConditionalFunctions.all(),
              StringFunctions.all(),
              CodeFunctions.all(),
              PatternFunctions.all(),
              ExtractFunctions.all(),
              DateTimeFunctions.all(),
              NestedFunctions.all(),
              HashFunctions.all(),
              TransformFunctions.all()));

  private final Map<String, ScalarFunction> functions = new LinkedHashMap<>();

  private FunctionRegistry(List<List<ScalarFunction>> families) {
    for (List<ScalarFunction> family : families) {
      for (ScalarFunction function : family) {
        ScalarFunction before = functions.put(function.doc().name(), function);
        assert before == null : function.doc().name();
      }
    }
  }

  public static FunctionRegistry standard() {
    return STANDARD;
  }

  /**
   * The function for arguments of these types, where necessary after implicit conversions (wider
   * integers, decimals and floats; a DATE to a TIMESTAMP; NULL to anything).
   *
   * @param name lower case
   * @return empty if there is no such function or it does not take these types
   */
  public Optional<ResolvedFunction> resolve(String name, List<SqlType> arguments) {
    return bind(name, arguments)
        .map(bound -> new ResolvedFunction(name, bound.argumentTypes(), bound.type()));
  }

  /** As {@link #resolve}, with the kernel. */
  public Optional<BoundFunction> bind(String name, List<SqlType> arguments) {
    ScalarFunction function = functions.get(name);
    return function == null ? Optional.empty() : Optional.ofNullable(function.bind(arguments));
  }

  public boolean contains(String name) {
    return functions.containsKey(name);
  }

  /** Every function, by family and in order. */
  public List<FunctionDoc> all() {
    return functions.values().stream().map(ScalarFunction::doc).toList();
  }
}
