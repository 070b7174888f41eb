package io.sluice.engine.function;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.CompareLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Scatter;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Choices among arguments of one type. */
final class ConditionalFunctions {
  private ConditionalFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Conditional");
    family.add(
        "coalesce",
        1,
        Integer.MAX_VALUE,
        "coalesce(a, b, ...)",
        "The first argument that is not NULL; the others are not evaluated for its row.",
        "coalesce(NULL, 1, 2) = 1",
        types -> choice("coalesce", types, unreachable("coalesce")));
    family.add(
        "nullif",
        2,
        2,
        "nullif(a, b)",
        "NULL where a equals b, else a.",
        "nullif(1, 2) = 1",
        ConditionalFunctions::nullif);
    extreme(
        family,
        "greatest",
        "The greatest argument that is not NULL.",
        "greatest(1, 3, 2) = 3",
        true);
    extreme(
        family, "least", "The least argument that is not NULL.", "least(3, 1, NULL) = 1", false);
    return family.functions();
  }

  /** The compiler has nodes of their own for functions that do not evaluate all arguments. */
  private static KernelFactory unreachable(String name) {
    return (type, environment) -> {
      throw new AssertionError(name);
    };
  }

  private static @Nullable BoundFunction choice(
      String name, List<SqlType> types, KernelFactory kernel) {
    SqlType common = ImplicitTypes.common(types);
    if (common == null) {
      return null;
    }
    List<SqlType> all = new ArrayList<>(Collections.nCopies(types.size(), common));
    return new BoundFunction(name, all, common, false, true, kernel);
  }

  private static @Nullable BoundFunction nullif(List<SqlType> types) {
    SqlType common = ImplicitTypes.common(types);
    if (common == null || common.isNested()) {
      return null;
    }
    return new BoundFunction(
        "nullif", types, types.getFirst(), false, false, unreachable("nullif"));
  }

  private static void extreme(
      FunctionFamily family, String name, String text, String example, boolean greatest) {
    Kernel kernel = (arguments, out, count) -> extreme(arguments, out, count, greatest);
    family.add(
        name,
        1,
        Integer.MAX_VALUE,
        name + "(a, b, ...)",
        text,
        example,
        types -> {
          SqlType common = ImplicitTypes.common(types);
          return common == null || common.isNested() || common.kind() == SqlType.Kind.NULL
              ? null
              : choice(name, types, KernelFactory.of(kernel));
        });
  }

  /** One argument after the other replaces the best so far where it is better or that is NULL. */
  private static void extreme(Values[] arguments, Values out, int count, boolean greatest) {
    try (Values better = new Values(SqlType.BOOLEAN, out.allocator());
        Values spare = new Values(out.type(), out.allocator());
        ArrowBuf left = out.allocator().buffer((long) count << 2);
        ArrowBuf right = out.allocator().buffer((long) count << 2)) {
      Values best = arguments[0];
      // A constant result stands for more rows than are computed.
      int rows = out.count();
      boolean constant = out.isConstant();
      for (int a = 1; a < arguments.length; a++) {
        Values next = arguments[a];
        better.begin(count);
        CompareLoops.less(greatest ? best : next, greatest ? next : best, count, better.data());
        int takeLeft = 0;
        int takeRight = 0;
        for (int i = 0; i < count; i++) {
          boolean takesNext = !next.isNull(i) && (best.isNull(i) || Bits.get(better.data(), i));
          if (takesNext) {
            right.setInt((long) takeRight++ << 2, i);
          } else {
            left.setInt((long) takeLeft++ << 2, i);
          }
        }
        Values target = (arguments.length - a) % 2 == 1 ? out : spare;
        Scatter.assemble(
            List.of(
                new Scatter.Part(best, left, takeLeft, left),
                new Scatter.Part(next, right, takeRight, right)),
            count,
            target);
        best = target;
      }
      if (arguments.length == 1) {
        ArrowBuf all = left;
        for (int i = 0; i < count; i++) {
          all.setInt((long) i << 2, i);
        }
        Scatter.assemble(List.of(new Scatter.Part(best, all, count, all)), count, out);
      }
      if (constant) {
        out.asConstant(rows);
      }
    }
  }
}
