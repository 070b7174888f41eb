package io.sluice.engine.function;

import io.sluice.engine.function.kernel.DecimalLoops;
import io.sluice.engine.function.kernel.DecimalTypes;
import io.sluice.engine.function.kernel.FloatLoops;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checked arithmetic: overflow and division by zero are errors. Operands of one integer type give
 * that type, decimals an exact decimal, REAL and DOUBLE a REAL or DOUBLE. The operators also take
 * dates and intervals (see {@link DateTimeArithmetic}).
 */
final class ArithmeticFunctions {
  private ArithmeticFunctions() {}

  /** A loop over two operands. */
  @FunctionalInterface
  private interface Loop {
    void run(Values a, Values b, Values out, int count);
  }

  /** The same work without and with the Vector API. */
  private record Loops(Loop plain, Loop simd) {
    private Loops(Loop both) {
      this(both, both);
    }
  }

  private record Operator(
      String name,
      Loops integers,
      Loops floats,
      Loop decimals,
      BinaryOperator<SqlType.Decimal> decimalRule) {}

  private static final Operator ADD =
      new Operator(
          "add",
          new Loops(IntegerLoops::add, IntegerLoops::addSimd),
          new Loops(FloatLoops::add, FloatLoops::addSimd),
          DecimalLoops::add,
          DecimalTypes::sum);
  private static final Operator SUBTRACT =
      new Operator(
          "subtract",
          new Loops(IntegerLoops::subtract, IntegerLoops::subtractSimd),
          new Loops(FloatLoops::subtract, FloatLoops::subtractSimd),
          DecimalLoops::subtract,
          DecimalTypes::sum);
  private static final Operator MULTIPLY =
      new Operator(
          "multiply",
          new Loops(IntegerLoops::multiply),
          new Loops(FloatLoops::multiply, FloatLoops::multiplySimd),
          DecimalLoops::multiply,
          DecimalTypes::product);
  private static final Operator DIVIDE =
      new Operator(
          "divide",
          new Loops(IntegerLoops::divide),
          new Loops(FloatLoops::divide),
          DecimalLoops::divide,
          DecimalTypes::quotient);
  private static final Operator MODULO =
      new Operator(
          "modulo",
          new Loops(IntegerLoops::modulo),
          new Loops(FloatLoops::modulo),
          DecimalLoops::modulo,
          DecimalTypes::remainder);

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Arithmetic");
    binary(family, ADD, "a + b", "The sum; also date or time plus interval.", "1 + 2 = 3");
    binary(
        family,
        SUBTRACT,
        "a - b",
        "The difference; also date or time minus interval, or minus another date or time.",
        "1 - 2 = -1");
    binary(
        family, MULTIPLY, "a * b", "The product; also interval times number.", "1.5 * 1.5 = 2.25");
    binary(
        family,
        DIVIDE,
        "a / b",
        "The quotient: of integers truncated towards zero, of decimals rounded half away from"
            + " zero; a zero divisor is an error.",
        "7 / 2 = 3");
    binary(
        family,
        MODULO,
        "a % b",
        "The remainder of truncating division, with the sign of a.",
        "-7 % 3 = -1");
    family.add(
        "negate",
        1,
        1,
        "-a",
        "The value with the other sign.",
        "-(1) = -1",
        types -> negate(types.getFirst()));
    return family.functions();
  }

  private static void binary(
      FunctionFamily family, Operator operator, String syntax, String text, String example) {
    family.add(operator.name, 2, 2, syntax, text, example, types -> bind(operator, types));
  }

  private static @Nullable BoundFunction bind(Operator operator, List<SqlType> types) {
    SqlType a = types.get(0);
    SqlType b = types.get(1);
    BoundFunction temporal = DateTimeArithmetic.bind(operator.name, a, b);
    if (temporal != null) {
      return temporal;
    }
    SqlType common = ImplicitTypes.common(a, b);
    if (common == null) {
      return null;
    }
    if (common.kind() == SqlType.Kind.NULL) {
      common = SqlType.INTEGER;
    }
    if (!common.isNumeric()) {
      return null;
    }
    if (common instanceof SqlType.Decimal) {
      SqlType.Decimal left = exact(a, common);
      SqlType.Decimal right = exact(b, common);
      return bound(
          operator.name,
          List.of(left, right),
          operator.decimalRule.apply(left, right),
          new Loops(operator.decimals));
    }
    return bound(
        operator.name,
        List.of(common, common),
        common,
        common.isInteger() ? operator.integers : operator.floats);
  }

  private static SqlType.Decimal exact(SqlType type, SqlType common) {
    return ImplicitTypes.asDecimal(type.kind() == SqlType.Kind.NULL ? common : type);
  }

  private static BoundFunction bound(String name, List<SqlType> types, SqlType type, Loops loops) {
    KernelFactory factory =
        (result, environment) -> {
          Loop loop = environment.vectorApi() ? loops.simd : loops.plain;
          return (arguments, out, count) -> loop.run(arguments[0], arguments[1], out, count);
        };
    return new BoundFunction(name, types, type, true, false, factory);
  }

  private static @Nullable BoundFunction negate(SqlType type) {
    SqlType argument = type.kind() == SqlType.Kind.NULL ? SqlType.INTEGER : type;
    if (argument.kind() == SqlType.Kind.INTERVAL_MONTHS
        || argument.kind() == SqlType.Kind.INTERVAL_MICROS) {
      return DateTimeArithmetic.negate(argument);
    }
    if (!argument.isNumeric()) {
      return null;
    }
    Kernel kernel =
        argument.isInteger()
            ? (arguments, out, count) -> IntegerLoops.negate(arguments[0], out, count)
            : argument.isFloating()
                ? (arguments, out, count) -> FloatLoops.negate(arguments[0], out, count)
                : (arguments, out, count) -> DecimalLoops.negate(arguments[0], out, count);
    return new BoundFunction(
        "negate",
        List.of(argument),
        argument,
        true,
        !argument.isInteger(),
        KernelFactory.of(kernel));
  }
}
