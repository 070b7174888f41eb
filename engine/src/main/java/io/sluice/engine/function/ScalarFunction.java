package io.sluice.engine.function;

import io.sluice.engine.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A function's documentation and the rule that binds it to argument types. */
public record ScalarFunction(FunctionDoc doc, Binding binding) {
  /** From argument types to a function for them. */
  @FunctionalInterface
  public interface Binding {
    /** Null if the function does not take these types; their number is already checked. */
    @Nullable BoundFunction bind(List<SqlType> arguments);
  }

  /** Null if the function does not take these types. */
  @Nullable BoundFunction bind(List<SqlType> arguments) {
    if (arguments.size() < doc.minArguments() || arguments.size() > doc.maxArguments()) {
      return null;
    }
    return binding.bind(arguments);
  }
}
