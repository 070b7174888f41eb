package io.sluice.engine.function;

import static io.sluice.engine.function.FunctionFamily.takes;
import static io.sluice.engine.function.kernel.RowLoops.at;

import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.IntegerLoops;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.TextEditing;
import io.sluice.engine.type.SqlType;
import java.util.List;

/** Functions between strings, bytes, code points and digests. */
final class CodeFunctions {
  private static final SqlType TEXT = SqlType.VARCHAR;
  private static final SqlType BYTES = SqlType.VARBINARY;
  private static final SqlType LONG = SqlType.BIGINT;

  private CodeFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Codes and digests");
    characters(family);
    digest(
        family,
        "md5",
        "The MD5 digest as 32 hexadecimal digits.",
        "md5('') = 'd41d8cd98f00b204e9800998ecf8427e'",
        "MD5");
    digest(
        family,
        "sha256",
        "The SHA-256 digest as 64 hexadecimal digits.",
        "left(sha256(''), 8) = 'e3b0c442'",
        "SHA-256");
    hex(family);
    return family.functions();
  }

  private static void characters(FunctionFamily family) {
    family.add(
        "chr",
        "chr(n)",
        "The character of a code point.",
        "chr(65) = 'A'",
        takes(LONG)
            .gives(TEXT)
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      TextEditing.character(IntegerLoops.get(arguments[0], row), out);
                      return true;
                    })));
    for (String name : List.of("ascii", "unicode")) {
      family.add(
          name,
          name + "(a)",
          "The code point of the first character, 0 of ''.",
          name + "('A') = 65",
          takes(TEXT)
              .gives(SqlType.INTEGER)
              .infallible()
              .by(
                  RowLoops.longs(
                      (arguments, row) ->
                          TextEditing.firstPoint(arguments[0], at(arguments[0], row)))));
    }
  }

  private static void digest(
      FunctionFamily family, String name, String text, String example, String algorithm) {
    KernelFactory factory =
        (type, environment) -> {
          var digest = TextEditing.digest(algorithm);
          return RowLoops.text(
              (arguments, row, out) -> {
                out.append(
                    TextEditing.hex(
                        digest.digest(Bytes.copy(arguments[0], at(arguments[0], row)))));
                return true;
              });
        };
    family.add(
        name,
        name + "(a)",
        text,
        example,
        takes(TEXT).gives(TEXT).infallible().by(factory),
        takes(BYTES).gives(TEXT).infallible().by(factory));
  }

  private static void hex(FunctionFamily family) {
    Kernel toHex =
        RowLoops.text(
            (arguments, row, out) -> {
              out.append(TextEditing.hex(Bytes.copy(arguments[0], at(arguments[0], row))));
              return true;
            });
    family.add(
        "to_hex",
        "to_hex(a)",
        "The bytes as hexadecimal digits.",
        "to_hex('AB') = '4142'",
        takes(TEXT).gives(TEXT).infallible().by(toHex),
        takes(BYTES).gives(TEXT).infallible().by(toHex));
    family.add(
        "from_hex",
        "from_hex(a)",
        "The bytes that hexadecimal digits stand for.",
        "from_hex('4142') = x'4142'",
        takes(TEXT)
            .gives(BYTES)
            .by(
                RowLoops.text(
                    (arguments, row, out) -> {
                      out.append(
                          TextEditing.fromHex(Bytes.string(arguments[0], at(arguments[0], row))));
                      return true;
                    })));
  }
}
