package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression in Java's syntax. It keeps what it compiled last, and gives up with an error
 * where matching takes so many steps that a worker would be held up.
 */
public final class RegularExpression {
  private static final int MAX_STEPS = 50_000_000;

  private String text = "";
  private String flags = "";
  private @Nullable Pattern pattern;
  private boolean global;

  /** Makes this the expression to match with. */
  public RegularExpression compile(String expression, String options) {
    if (pattern == null || !expression.equals(text) || !options.equals(flags)) {
      int mask = 0;
      boolean all = false;
      for (int i = 0; i < options.length(); i++) {
        switch (options.charAt(i)) {
          case 'i' -> mask |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
          case 'c' -> mask &= ~(Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
          case 's' -> mask |= Pattern.DOTALL;
          case 'm' -> mask |= Pattern.MULTILINE;
          case 'g' -> all = true;
          default ->
              throw new EngineException(
                  ErrorCode.INVALID_ARGUMENT,
                  "'"
                      + options
                      + "' is not a set of regular expression flags; there are c g i m s");
        }
      }
      try {
        pattern = Pattern.compile(expression, mask);
      } catch (PatternSyntaxException invalid) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "invalid regular expression '" + expression + "': " + invalid.getDescription(),
            invalid);
      }
      text = expression;
      flags = options;
      global = all;
    }
    return this;
  }

  /** Whether a part of the input matches. */
  public boolean find(String input) {
    return run(input, Matcher::find);
  }

  /** The first match or its group; null where there is none. */
  public @Nullable String extract(String input, int group) {
    @Nullable String[] found = new @Nullable String[1];
    run(
        input,
        matcher -> {
          if (group < 0 || group > matcher.groupCount()) {
            throw new EngineException(
                ErrorCode.INVALID_ARGUMENT,
                "'" + text + "' has " + matcher.groupCount() + " groups, not " + group);
          }
          found[0] = matcher.find() ? matcher.group(group) : null;
          return true;
        });
    return found[0];
  }

  /** The input with the first match replaced, or all where flag g is set. */
  public String replace(String input, String replacement) {
    StringBuilder out = new StringBuilder();
    run(
        input,
        matcher -> {
          int from = 0;
          while (matcher.find()) {
            out.append(input, from, matcher.start());
            expand(matcher, replacement, out);
            from = matcher.end();
            if (!global) {
              break;
            }
          }
          out.append(input, from, input.length());
          return true;
        });
    return out.toString();
  }

  private void expand(Matcher matcher, String replacement, StringBuilder out) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\' || i + 1 == replacement.length()) {
        out.append(c);
        continue;
      }
      char next = replacement.charAt(++i);
      if (next >= '0' && next <= '9') {
        int group = next - '0';
        if (group > matcher.groupCount()) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "'" + text + "' has " + matcher.groupCount() + " groups, not " + group);
        }
        String value = matcher.group(group);
        out.append(value == null ? "" : value);
      } else {
        out.append(next);
      }
    }
  }

  private boolean run(String input, Function<Matcher, Boolean> action) {
    Pattern compiled = Objects.requireNonNull(pattern);
    try {
      return action.apply(compiled.matcher(new Counted(input, 0, input.length(), new int[1])));
    } catch (StackOverflowError | TooManySteps tooComplex) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "regular expression '"
              + text
              + "' takes too long on a text of "
              + input.length()
              + " characters; avoid nested repetitions",
          tooComplex);
    }
  }

  private static final class TooManySteps extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManySteps() {
      super("too many steps", null, false, false);
    }
  }

  /** Counts how often the matcher looks at a character. */
  private record Counted(String text, int from, int to, int[] steps) implements CharSequence {
    @Override
    public int length() {
      return to - from;
    }

    @Override
    public char charAt(int index) {
      if (++steps[0] > MAX_STEPS) {
        throw new TooManySteps();
      }
      return text.charAt(from + index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text, from + start, from + end, steps);
    }

    @Override
    public String toString() {
      return text.substring(from, to);
    }
  }
}
