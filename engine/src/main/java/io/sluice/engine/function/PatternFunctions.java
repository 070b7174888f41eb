package io.sluice.engine.function;

import static io.sluice.engine.function.FunctionFamily.takes;
import static io.sluice.engine.function.kernel.RowLoops.at;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.LikePattern;
import io.sluice.engine.function.kernel.RegularExpression;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** LIKE, regular expressions, and the searches that need neither. */
final class PatternFunctions {
  private static final SqlType TEXT = SqlType.VARCHAR;

  private PatternFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Patterns");
    family.add(
        "like",
        "a LIKE pattern [ESCAPE c]",
        "Whether all of a matches: % is any string, _ any character.",
        "('abc' LIKE 'a%') = TRUE",
        takes(TEXT, TEXT).gives(SqlType.BOOLEAN).infallible().byNew(() -> new Like(false)),
        takes(TEXT, TEXT, TEXT).gives(SqlType.BOOLEAN).byNew(() -> new Like(false)));
    family.add(
        "ilike",
        "a ILIKE pattern [ESCAPE c]",
        "As LIKE, without regard to upper and lower case.",
        "('ABC' ILIKE 'a%') = TRUE",
        takes(TEXT, TEXT).gives(SqlType.BOOLEAN).infallible().byNew(() -> new Like(true)),
        takes(TEXT, TEXT, TEXT).gives(SqlType.BOOLEAN).byNew(() -> new Like(true)));
    search(
        family, "starts_with", "Whether a begins with b.", "starts_with('abc', 'ab') = TRUE", -1);
    search(family, "contains", "Whether b stands in a.", "contains('abc', 'bc') = TRUE", 0);
    search(family, "ends_with", "Whether a ends with b.", "ends_with('abc', 'bc') = TRUE", 1);
    regularExpressions(family);
    return family.functions();
  }

  private static void search(
      FunctionFamily family, String name, String text, String example, int where) {
    RowLoops.BooleanRow row =
        (arguments, i) -> {
          Values a = arguments[0];
          Values b = arguments[1];
          int x = at(a, i);
          int y = at(b, i);
          int length = b.end(y) - b.start(y);
          int start = a.start(x);
          int end = a.end(x);
          if (end - start < length) {
            return false;
          }
          return switch (where) {
            case -1 -> Bytes.matches(a.data(), start, b.data(), b.start(y), length);
            case 1 -> Bytes.matches(a.data(), end - length, b.data(), b.start(y), length);
            default -> Bytes.indexOf(a.data(), start, end, Bytes.copy(b, y)) >= 0;
          };
        };
    family.add(
        name,
        name + "(a, b)",
        text,
        example,
        takes(TEXT, TEXT).gives(SqlType.BOOLEAN).infallible().by(RowLoops.booleans(row)));
  }

  /** Keeps the pattern that came last. */
  private static final class Like implements Kernel {
    private final boolean ignoreCase;
    private @Nullable String text;
    private @Nullable String escape;
    private @Nullable LikePattern pattern;
    private @Nullable Pattern regularExpression;
    private @Nullable LikePattern constant;
    private final Kernel loop = RowLoops.booleans(this::matches);

    Like(boolean ignoreCase) {
      this.ignoreCase = ignoreCase;
    }

    @Override
    public void evaluate(Values[] arguments, Values out, int count) {
      boolean fixed =
          arguments[1].isConstant() && (arguments.length < 3 || arguments[2].isConstant());
      constant = fixed ? pattern(arguments, 0) : null;
      loop.evaluate(arguments, out, count);
    }

    private boolean matches(Values[] arguments, int i) {
      Values input = arguments[0];
      LikePattern fixed = constant;
      LikePattern like = fixed == null ? pattern(arguments, i) : fixed;
      int row = at(input, i);
      Pattern folded = regularExpression;
      return folded == null
          ? like.matches(input.data(), input.start(row), input.end(row))
          : folded.matcher(lower(Bytes.string(input, row))).matches();
    }

    private LikePattern pattern(Values[] arguments, int row) {
      String wanted = Bytes.string(arguments[1], at(arguments[1], row));
      String escaped =
          arguments.length < 3 ? null : Bytes.string(arguments[2], at(arguments[2], row));
      LikePattern known = pattern;
      if (known == null || !wanted.equals(text) || !Objects.equals(escaped, escape)) {
        known = LikePattern.compile(ignoreCase ? lower(wanted) : wanted, escapePoint(escaped));
        regularExpression = ignoreCase ? known.regularExpression() : null;
        pattern = known;
        text = wanted;
        escape = escaped;
      }
      return known;
    }

    private static String lower(String value) {
      return value.toLowerCase(Locale.ROOT);
    }

    private int escapePoint(@Nullable String value) {
      if (value == null || value.isEmpty()) {
        return -1;
      }
      if (value.codePointCount(0, value.length()) != 1) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "LIKE's escape must be one character, not '" + value + "'");
      }
      return (ignoreCase ? lower(value) : value).codePointAt(0);
    }
  }

  // ---- regular expressions

  private static void regularExpressions(FunctionFamily family) {
    for (String name : List.of("regexp_matches", "regexp_like")) {
      family.add(
          name,
          name + "(a, pattern [, flags])",
          "Whether the regular expression matches a part of a. Flags: i ignores case, s lets the"
              + " dot match line ends, m makes ^ and $ match at lines.",
          name + "('abc', 'b.') = TRUE",
          takes(TEXT, TEXT).gives(SqlType.BOOLEAN).byNew(PatternFunctions::matches),
          takes(TEXT, TEXT, TEXT).gives(SqlType.BOOLEAN).byNew(PatternFunctions::matches));
    }
    family.add(
        "regexp_replace",
        "regexp_replace(a, pattern, replacement [, flags])",
        "a with the first match replaced, with flag g all; \\1 to \\9 stand for groups.",
        "regexp_replace('abc', '(b)', '<\\1>') = 'a<b>c'",
        takes(TEXT, TEXT, TEXT).gives(TEXT).byNew(PatternFunctions::replace),
        takes(TEXT, TEXT, TEXT, TEXT).gives(TEXT).byNew(PatternFunctions::replace));
    family.add(
        "regexp_extract",
        "regexp_extract(a, pattern [, group])",
        "The first match, or that of a group; NULL where there is none.",
        "regexp_extract('abc', 'a(.)', 1) = 'b'",
        takes(TEXT, TEXT).gives(TEXT).byNew(PatternFunctions::extract),
        takes(TEXT, TEXT, SqlType.INTEGER).gives(TEXT).byNew(PatternFunctions::extract));
  }

  private static String text(Values[] arguments, int which, int row) {
    return which < arguments.length
        ? Bytes.string(arguments[which], at(arguments[which], row))
        : "";
  }

  private static Kernel matches() {
    RegularExpression expression = new RegularExpression();
    return RowLoops.booleans(
        (arguments, row) ->
            expression
                .compile(text(arguments, 1, row), text(arguments, 2, row))
                .find(text(arguments, 0, row)));
  }

  private static Kernel replace() {
    RegularExpression expression = new RegularExpression();
    return RowLoops.text(
        (arguments, row, out) -> {
          expression.compile(text(arguments, 1, row), text(arguments, 3, row));
          String result = expression.replace(text(arguments, 0, row), text(arguments, 2, row));
          out.append(result.getBytes(StandardCharsets.UTF_8));
          return true;
        });
  }

  private static Kernel extract() {
    RegularExpression expression = new RegularExpression();
    return RowLoops.text(
        (arguments, row, out) -> {
          int group =
              arguments.length < 3
                  ? 0
                  : arguments[2].data().getInt((long) at(arguments[2], row) << 2);
          expression.compile(text(arguments, 1, row), "");
          String result = expression.extract(text(arguments, 0, row), group);
          if (result == null) {
            return false;
          }
          out.append(result.getBytes(StandardCharsets.UTF_8));
          return true;
        });
  }
}
