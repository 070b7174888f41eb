package io.sluice.engine.function;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Three-valued logic and the tests for NULL and truth. */
final class BooleanFunctions {
  private BooleanFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Logic");
    logic(
        family,
        "and",
        "a AND b",
        "FALSE if any argument is, else NULL if any is, else TRUE. Arguments are evaluated from the"
            + " left, each for the rows that are still open.",
        "(NULL AND FALSE) = FALSE",
        true);
    logic(
        family,
        "or",
        "a OR b",
        "TRUE if any argument is, else NULL if any is, else FALSE. Arguments are evaluated from the"
            + " left, each for the rows that are still open.",
        "(NULL OR TRUE) = TRUE",
        false);
    family.add(
        "not",
        "NOT a",
        "TRUE for FALSE and FALSE for TRUE.",
        "(NOT FALSE) = TRUE",
        FunctionFamily.takes(SqlType.BOOLEAN)
            .gives(SqlType.BOOLEAN)
            .infallible()
            .by((arguments, out, count) -> not(arguments[0], out, count)));
    test(family, "is_true", "a IS TRUE", "Whether a is TRUE; never NULL.", 0);
    test(family, "is_false", "a IS FALSE", "Whether a is FALSE; never NULL.", 1);
    test(family, "is_not_true", "a IS NOT TRUE", "Whether a is FALSE or NULL; never NULL.", 2);
    test(family, "is_not_false", "a IS NOT FALSE", "Whether a is TRUE or NULL; never NULL.", 3);
    nullTest(family, "is_null", "a IS NULL", "Whether a is NULL.", "(1 IS NULL) = FALSE", true);
    nullTest(
        family,
        "is_not_null",
        "a IS NOT NULL",
        "Whether a is not NULL.",
        "(1 IS NOT NULL) = TRUE",
        false);
    return family.functions();
  }

  private static void logic(
      FunctionFamily family,
      String name,
      String syntax,
      String text,
      String example,
      boolean conjunction) {
    Kernel kernel = (arguments, out, count) -> combine(arguments, out, count, conjunction);
    family.add(
        name,
        2,
        Integer.MAX_VALUE,
        syntax,
        text,
        example,
        types -> booleans(name, types, KernelFactory.of(kernel)));
  }

  private static @Nullable BoundFunction booleans(
      String name, List<SqlType> types, KernelFactory kernel) {
    for (SqlType type : types) {
      if (!ImplicitTypes.convertible(type, SqlType.BOOLEAN)) {
        return null;
      }
    }
    List<SqlType> all = new ArrayList<>(Collections.nCopies(types.size(), SqlType.BOOLEAN));
    return new BoundFunction(name, all, SqlType.BOOLEAN, false, true, kernel);
  }

  /** AND, or OR, of arguments that are all computed. */
  private static void combine(Values[] arguments, Values out, int count, boolean conjunction) {
    int words = Bits.words(count);
    ArrowBuf data = out.data();
    ArrowBuf validity = out.validity();
    for (int w = 0; w < words; w++) {
      // Deciding: FALSE of AND, TRUE of OR. It prevails over NULL.
      long decided = 0;
      long open = -1L;
      for (Values argument : arguments) {
        long valid = Bits.validWord(argument, w, count);
        long value = Bits.valueWord(argument, w, count);
        decided |= valid & (conjunction ? ~value : value);
        open &= valid;
      }
      data.setLong((long) w << 3, conjunction ? ~decided & open : decided);
      validity.setLong((long) w << 3, decided | open);
    }
    out.checkNulls();
  }

  private static void not(Values argument, Values out, int count) {
    int words = Bits.words(count);
    for (int w = 0; w < words; w++) {
      out.data().setLong((long) w << 3, ~Bits.valueWord(argument, w, count));
    }
  }

  private static void test(
      FunctionFamily family, String name, String syntax, String text, int which) {
    family.add(
        name,
        syntax,
        text,
        "(NULL " + syntax.substring(2) + ") = " + (which >= 2 ? "TRUE" : "FALSE"),
        FunctionFamily.takes(SqlType.BOOLEAN)
            .gives(SqlType.BOOLEAN)
            .infallible()
            .lenient()
            .by(
                (arguments, out, count) -> {
                  int words = Bits.words(count);
                  for (int w = 0; w < words; w++) {
                    long valid = Bits.validWord(arguments[0], w, count);
                    long value = Bits.valueWord(arguments[0], w, count);
                    long wanted = (which & 1) == 0 ? value & valid : ~value & valid;
                    // IS NOT TRUE and IS NOT FALSE are the complements.
                    out.data().setLong((long) w << 3, which < 2 ? wanted : ~wanted);
                  }
                }));
  }

  private static void nullTest(
      FunctionFamily family,
      String name,
      String syntax,
      String text,
      String example,
      boolean wanted) {
    Kernel kernel =
        (arguments, out, count) -> {
          int words = Bits.words(count);
          for (int w = 0; w < words; w++) {
            long valid = Bits.validWord(arguments[0], w, count);
            out.data().setLong((long) w << 3, wanted ? ~valid : valid);
          }
        };
    family.add(
        name,
        1,
        1,
        syntax,
        text,
        example,
        types ->
            new BoundFunction(name, types, SqlType.BOOLEAN, false, true, KernelFactory.of(kernel)));
  }
}
