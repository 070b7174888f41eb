package io.sluice.engine.function;

import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects the functions under one heading. */
final class FunctionFamily {
  private final String name;
  private final List<ScalarFunction> functions = new ArrayList<>();

  FunctionFamily(String name) {
    this.name = name;
  }

  List<ScalarFunction> functions() {
    return List.copyOf(functions);
  }

  /** Adds a function whose types are told by a rule. */
  void add(
      String function,
      int min,
      int max,
      String syntax,
      String text,
      String example,
      ScalarFunction.Binding binding) {
    FunctionDoc doc = new FunctionDoc(function, name, min, max, syntax, text, example, true);
    functions.add(new ScalarFunction(doc, binding));
  }

  /** Adds a function with listed signatures, of which the first that fits is taken. */
  void add(String function, String syntax, String text, String example, Signature... signatures) {
    int min = Integer.MAX_VALUE;
    int max = 0;
    for (Signature signature : signatures) {
      min = Math.min(min, signature.parameters.size());
      max = Math.max(max, signature.parameters.size());
    }
    List<Signature> all = List.of(signatures);
    add(function, min, max, syntax, text, example, types -> bind(function, all, types));
  }

  private static @Nullable BoundFunction bind(
      String function, List<Signature> signatures, List<SqlType> types) {
    for (Signature signature : signatures) {
      if (signature.parameters.equals(types)) {
        return signature.bind(function);
      }
    }
    for (Signature signature : signatures) {
      if (ImplicitTypes.convertible(types, signature.parameters)) {
        return signature.bind(function);
      }
    }
    return null;
  }

  /** A strict function of fixed types that may raise errors, unless said otherwise. */
  static Signature takes(SqlType... parameters) {
    return new Signature(List.of(parameters));
  }

  /** Fixed argument types, the result and the kernel. */
  static final class Signature {
    private final List<SqlType> parameters;
    private SqlType result = SqlType.NULL;
    private boolean strict = true;
    private boolean infallible;
    private @Nullable KernelFactory kernel;

    private Signature(List<SqlType> parameters) {
      this.parameters = parameters;
    }

    Signature gives(SqlType type) {
      result = type;
      return this;
    }

    /** No value raises an error. */
    Signature infallible() {
      infallible = true;
      return this;
    }

    /** The kernel says what NULL arguments give. */
    Signature lenient() {
      strict = false;
      return this;
    }

    Signature by(Kernel stateless) {
      kernel = KernelFactory.of(stateless);
      return this;
    }

    Signature byNew(Supplier<Kernel> stateful) {
      kernel = (type, environment) -> stateful.get();
      return this;
    }

    Signature by(KernelFactory factory) {
      kernel = factory;
      return this;
    }

    private BoundFunction bind(String function) {
      KernelFactory factory = Objects.requireNonNull(kernel, function);
      return new BoundFunction(function, parameters, result, strict, infallible, factory);
    }
  }
}
