package io.sluice.engine.function;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.CompareLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.SimdCompare;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of two values of one type. NaN equals NaN and is the greatest, -0.0 equals 0.0,
 * strings are ordered by their bytes.
 */
final class ComparisonFunctions {
  private ComparisonFunctions() {}

  /** How a comparison follows from less-than or equality. */
  private record Operator(boolean less, boolean swap, boolean negate) {}

  private static final Operator EQ = new Operator(false, false, false);
  private static final Operator NE = new Operator(false, false, true);
  private static final Operator LT = new Operator(true, false, false);
  private static final Operator LE = new Operator(true, true, true);
  private static final Operator GT = new Operator(true, true, false);
  private static final Operator GE = new Operator(true, false, true);

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Comparison");
    comparison(family, "eq", "a = b", "Whether both are equal.", "(1 = 1.0) = TRUE", EQ);
    comparison(family, "ne", "a <> b", "Whether both differ.", "(1 <> 1.0) = FALSE", NE);
    comparison(family, "lt", "a < b", "Whether a comes before b.", "(1 < 2) = TRUE", LT);
    comparison(family, "le", "a <= b", "Whether a is not after b.", "(2 <= 2) = TRUE", LE);
    comparison(family, "gt", "a > b", "Whether a comes after b.", "(1 > 2) = FALSE", GT);
    comparison(family, "ge", "a >= b", "Whether a is not before b.", "(1 >= 2) = FALSE", GE);
    family.add(
        "is_distinct_from",
        2,
        2,
        "a IS DISTINCT FROM b",
        "Whether both differ, where NULL equals NULL; never NULL.",
        "(NULL IS DISTINCT FROM 1) = TRUE",
        types ->
            bind("is_distinct_from", types, false, environment -> distinct(true, environment)));
    family.add(
        "is_not_distinct_from",
        2,
        2,
        "a IS NOT DISTINCT FROM b",
        "Whether both are equal, where NULL equals NULL; never NULL.",
        "(NULL IS NOT DISTINCT FROM NULL) = TRUE",
        types ->
            bind(
                "is_not_distinct_from", types, false, environment -> distinct(false, environment)));
    return family.functions();
  }

  private interface Maker {
    Kernel make(KernelEnvironment environment);
  }

  private static void comparison(
      FunctionFamily family,
      String name,
      String syntax,
      String text,
      String example,
      Operator operator) {
    family.add(
        name,
        2,
        2,
        syntax,
        text,
        example,
        types -> bind(name, types, true, environment -> kernel(operator, environment)));
  }

  private static @Nullable BoundFunction bind(
      String name, List<SqlType> types, boolean strict, Maker maker) {
    SqlType common = ImplicitTypes.common(types);
    if (common == null || common.isNested()) {
      return null;
    }
    // Two NULLs compare as any type.
    SqlType type = common.kind() == SqlType.Kind.NULL ? SqlType.BOOLEAN : common;
    return new BoundFunction(
        name,
        List.of(type, type),
        SqlType.BOOLEAN,
        strict,
        true,
        (result, environment) -> maker.make(environment));
  }

  private static Kernel kernel(Operator operator, KernelEnvironment environment) {
    boolean simd = environment.vectorApi();
    return (arguments, out, count) -> compare(operator, simd, arguments, out.data(), count);
  }

  private static void compare(
      Operator operator, boolean simd, Values[] arguments, ArrowBuf out, int count) {
    Values a = arguments[operator.swap ? 1 : 0];
    Values b = arguments[operator.swap ? 0 : 1];
    if (!(simd && SimdCompare.compare(operator.less, a, b, count, out))) {
      if (operator.less) {
        CompareLoops.less(a, b, count, out);
      } else {
        CompareLoops.equal(a, b, count, out);
      }
    }
    if (operator.negate) {
      Bits.negate(out, count);
    }
  }

  private static Kernel distinct(boolean distinct, KernelEnvironment environment) {
    boolean simd = environment.vectorApi();
    return (arguments, out, count) -> {
      Values a = arguments[0];
      Values b = arguments[1];
      compare(EQ, simd, arguments, out.data(), count);
      int words = Bits.words(count);
      for (int w = 0; w < words; w++) {
        long validA = Bits.validWord(a, w, count);
        long validB = Bits.validWord(b, w, count);
        long at = (long) w << 3;
        long equal = (out.data().getLong(at) & validA & validB) | ~(validA | validB);
        out.data().setLong(at, distinct ? ~equal : equal);
      }
    };
  }
}
