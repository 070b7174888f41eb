package io.sluice.engine.function;

import static io.sluice.engine.function.FunctionFamily.takes;
import static io.sluice.engine.function.kernel.RowLoops.at;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.TextEditing;
import io.sluice.engine.function.kernel.TextSink;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Functions of strings. Positions and lengths count code points, positions from 1. */
final class StringFunctions {
  private static final SqlType TEXT = SqlType.VARCHAR;
  private static final SqlType BYTES = SqlType.VARBINARY;
  private static final SqlType LONG = SqlType.BIGINT;

  private StringFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Strings");
    concatenation(family);
    edit(family, "upper", "In upper case.", "upper('straße') = 'STRASSE'", TextEditing::upper);
    edit(family, "lower", "In lower case.", "lower('ABC') = 'abc'", TextEditing::lower);
    edit(
        family,
        "initcap",
        "With the first letter of each word in upper case, the others in lower case.",
        "initcap('hello WORLD') = 'Hello World'",
        TextEditing::initcap);
    edit(
        family,
        "reverse",
        "In the reverse order of code points.",
        "reverse('abc') = 'cba'",
        TextEditing::reverse);
    trims(family);
    parts(family);
    lengths(family);
    replacing(family);
    return family.functions();
  }

  private interface Edit {
    void apply(Values text, int row, TextSink out);
  }

  private static void edit(
      FunctionFamily family, String name, String text, String example, Edit edit) {
    family.add(
        name,
        name + "(a)",
        text,
        example,
        takes(TEXT)
            .gives(TEXT)
            .infallible()
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      edit.apply(arguments[0], at(arguments[0], row), out);
                      return true;
                    })));
  }

  // ---- concatenation

  private static void concatenation(FunctionFamily family) {
    RowLoops.TextRow all =
        (arguments, row, out) -> {
          for (Values argument : arguments) {
            TextEditing.append(argument, at(argument, row), out);
          }
          return true;
        };
    family.add(
        "concat",
        2,
        Integer.MAX_VALUE,
        "a || b",
        "Both one after the other; NULL if either is.",
        "('a' || 'b') = 'ab'",
        types -> concat("concat", types, true, all));
    RowLoops.TextRow present =
        (arguments, row, out) -> {
          for (Values argument : arguments) {
            if (!argument.isNull(row)) {
              TextEditing.append(argument, at(argument, row), out);
            }
          }
          return true;
        };
    family.add(
        "concat_text",
        1,
        Integer.MAX_VALUE,
        "concat(a, b, ...)",
        "All one after the other; NULLs are left out.",
        "concat('a', NULL, 'b') = 'ab'",
        types -> concat("concat_text", types, false, present));
    RowLoops.TextRow separated =
        (arguments, row, out) -> {
          if (arguments[0].isNull(row)) {
            return false;
          }
          boolean first = true;
          for (int i = 1; i < arguments.length; i++) {
            if (!arguments[i].isNull(row)) {
              if (!first) {
                TextEditing.append(arguments[0], at(arguments[0], row), out);
              }
              first = false;
              TextEditing.append(arguments[i], at(arguments[i], row), out);
            }
          }
          return true;
        };
    family.add(
        "concat_ws",
        2,
        Integer.MAX_VALUE,
        "concat_ws(separator, a, b, ...)",
        "All but NULLs one after the other with the separator between them; NULL if that is.",
        "concat_ws('-', 'a', NULL, 'b') = 'a-b'",
        types -> concat("concat_ws", types, false, separated));
  }

  private static @Nullable BoundFunction concat(
      String name, List<SqlType> types, boolean strict, RowLoops.TextRow row) {
    boolean binary = strict && ImplicitTypes.common(types) == BYTES;
    SqlType type = binary ? BYTES : TEXT;
    for (SqlType argument : types) {
      // Whatever is concatenated becomes text, but for bytes, which might be none.
      if (argument.isNested() || (!binary && argument.kind() == SqlType.Kind.VARBINARY)) {
        return null;
      }
    }
    List<SqlType> all = new ArrayList<>(Collections.nCopies(types.size(), type));
    return new BoundFunction(name, all, type, strict, true, KernelFactory.of(RowLoops.text(row)));
  }

  // ---- trimming

  private static void trims(FunctionFamily family) {
    trim(
        family,
        "trim",
        "Without spaces, or any of the characters, at both ends.",
        "trim(' a ') = 'a'",
        true,
        true);
    trim(
        family,
        "ltrim",
        "Without spaces, or any of the characters, at the start.",
        "ltrim('xxa', 'x') = 'a'",
        true,
        false);
    trim(
        family,
        "rtrim",
        "Without spaces, or any of the characters, at the end.",
        "rtrim('a ') = 'a'",
        false,
        true);
  }

  private static void trim(
      FunctionFamily family, String name, String text, String example, boolean start, boolean end) {
    Kernel spaces =
        RowLoops.text(
            (arguments, row, out) -> {
              TextEditing.trimSpaces(arguments[0], at(arguments[0], row), start, end, out);
              return true;
            });
    Kernel characters =
        RowLoops.text(
            (arguments, row, out) -> {
              TextEditing.trim(
                  arguments[0],
                  at(arguments[0], row),
                  arguments[1],
                  at(arguments[1], row),
                  start,
                  end,
                  out);
              return true;
            });
    family.add(
        name,
        name + "(a [, characters])",
        text,
        example,
        takes(TEXT).gives(TEXT).infallible().by(spaces),
        takes(TEXT, TEXT).gives(TEXT).infallible().by(characters));
  }

  // ---- parts

  private static long number(Values[] arguments, int which, int row) {
    return IntegerLoops.get(arguments[which], row);
  }

  private static void parts(FunctionFamily family) {
    RowLoops.TextRow substring =
        (arguments, row, out) -> {
          long from = number(arguments, 1, row);
          long length = arguments.length < 3 ? Long.MAX_VALUE : number(arguments, 2, row);
          if (length < 0) {
            throw new EngineException(
                ErrorCode.INVALID_ARGUMENT, "negative length of a substring: " + length);
          }
          TextEditing.substring(arguments[0], at(arguments[0], row), from, length, out);
          return true;
        };
    for (String name : List.of("substring", "substr")) {
      family.add(
          name,
          name + "(a, from [, length])",
          "The part from a position on; positions before the first count but give nothing.",
          name + "('abcd', 2, 2) = 'bc'",
          takes(TEXT, LONG).gives(TEXT).infallible().by(RowLoops.text(substring)),
          takes(TEXT, LONG, LONG).gives(TEXT).by(RowLoops.text(substring)));
    }
    side(
        family,
        "left",
        "The first n characters, or all but the last -n.",
        "left('abc', 2) = 'ab'",
        true);
    side(
        family,
        "right",
        "The last n characters, or all but the first -n.",
        "right('abc', 2) = 'bc'",
        false);
    family.add(
        "split_part",
        "split_part(a, separator, n)",
        "The n-th part between separators, from the end if n is negative; '' if there is none.",
        "split_part('a,b', ',', 2) = 'b'",
        takes(TEXT, TEXT, LONG)
            .gives(TEXT)
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      TextEditing.splitPart(
                          arguments[0],
                          at(arguments[0], row),
                          Bytes.copy(arguments[1], at(arguments[1], row)),
                          number(arguments, 2, row),
                          out);
                      return true;
                    })));
  }

  private static void side(
      FunctionFamily family, String name, String text, String example, boolean left) {
    family.add(
        name,
        name + "(a, n)",
        text,
        example,
        takes(TEXT, LONG)
            .gives(TEXT)
            .infallible()
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      TextEditing.side(
                          arguments[0],
                          at(arguments[0], row),
                          number(arguments, 1, row),
                          left,
                          out);
                      return true;
                    })));
  }

  // ---- lengths and positions

  private static long points(Values text, int row) {
    int at = at(text, row);
    return Bytes.codePoints(text.data(), text.start(at), text.end(at));
  }

  private static long bytes(Values text, int row) {
    int at = at(text, row);
    return (long) text.end(at) - text.start(at);
  }

  private static void lengths(FunctionFamily family) {
    for (String name : List.of("length", "char_length", "character_length")) {
      family.add(
          name,
          name + "(a)",
          "The number of code points.",
          name + "('süß') = 3",
          takes(TEXT)
              .gives(LONG)
              .infallible()
              .by(RowLoops.longs((arguments, row) -> points(arguments[0], row))));
    }
    family.add(
        "octet_length",
        "octet_length(a)",
        "The number of bytes.",
        "octet_length('süß') = 5",
        takes(TEXT)
            .gives(LONG)
            .infallible()
            .by(RowLoops.longs((arguments, row) -> bytes(arguments[0], row))),
        takes(BYTES)
            .gives(LONG)
            .infallible()
            .by(RowLoops.longs((arguments, row) -> bytes(arguments[0], row))));
    Kernel position =
        RowLoops.longs(
            (arguments, row) ->
                TextEditing.position(
                    arguments[1],
                    at(arguments[1], row),
                    Bytes.copy(arguments[0], at(arguments[0], row))));
    family.add(
        "position",
        "POSITION(b IN a)",
        "The first position of b in a, or 0. As a call the arguments are (b, a).",
        "position('c' IN 'abc') = 3",
        takes(TEXT, TEXT).gives(LONG).infallible().by(position));
    family.add(
        "strpos",
        "strpos(a, b)",
        "The first position of b in a, or 0.",
        "strpos('abc', 'c') = 3",
        takes(TEXT, TEXT)
            .gives(LONG)
            .infallible()
            .by(
                RowLoops.longs(
                    (arguments, row) ->
                        TextEditing.position(
                            arguments[0],
                            at(arguments[0], row),
                            Bytes.copy(arguments[1], at(arguments[1], row))))));
  }

  // ---- replacing and filling

  private static void replacing(FunctionFamily family) {
    family.add(
        "replace",
        "replace(a, from, to)",
        "With every occurrence of a string replaced by another.",
        "replace('abcb', 'b', 'x') = 'axcx'",
        takes(TEXT, TEXT, TEXT)
            .gives(TEXT)
            .infallible()
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      TextEditing.replace(
                          arguments[0],
                          at(arguments[0], row),
                          Bytes.copy(arguments[1], at(arguments[1], row)),
                          Bytes.copy(arguments[2], at(arguments[2], row)),
                          out);
                      return true;
                    })));
    family.add(
        "translate",
        "translate(a, from, to)",
        "With each character of from replaced by that of to at the same place, or left out.",
        "translate('abc', 'ab', 'x') = 'xc'",
        takes(TEXT, TEXT, TEXT)
            .gives(TEXT)
            .infallible()
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      TextEditing.translate(
                          Bytes.string(arguments[0], at(arguments[0], row)),
                          Bytes.string(arguments[1], at(arguments[1], row)),
                          Bytes.string(arguments[2], at(arguments[2], row)),
                          out);
                      return true;
                    })));
    family.add(
        "repeat",
        "repeat(a, n)",
        "n times a.",
        "repeat('ab', 2) = 'abab'",
        takes(TEXT, LONG)
            .gives(TEXT)
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      TextEditing.repeat(
                          Bytes.copy(arguments[0], at(arguments[0], row)),
                          number(arguments, 1, row),
                          out);
                      return true;
                    })));
    pad(
        family,
        "lpad",
        "Filled at the start up to n characters, or cut to them.",
        "lpad('a', 3, 'xy') = 'xya'",
        true);
    pad(
        family,
        "rpad",
        "Filled at the end up to n characters, or cut to them.",
        "rpad('a', 3) = 'a  '",
        false);
  }

  private static void pad(
      FunctionFamily family, String name, String text, String example, boolean left) {
    byte[] space = {' '};
    Kernel kernel =
        RowLoops.text(
            (arguments, row, out) -> {
              byte[] fill =
                  arguments.length < 3 ? space : Bytes.copy(arguments[2], at(arguments[2], row));
              TextEditing.pad(
                  arguments[0], at(arguments[0], row), number(arguments, 1, row), fill, left, out);
              return true;
            });
    family.add(
        name,
        name + "(a, n [, fill])",
        text,
        example,
        takes(TEXT, LONG).gives(TEXT).by(kernel),
        takes(TEXT, LONG, TEXT).gives(TEXT).by(kernel));
  }
}
