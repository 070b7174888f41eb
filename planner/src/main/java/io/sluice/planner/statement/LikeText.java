package io.sluice.planner.statement;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pattern of SHOW ... LIKE, without regard to case. */
public final class LikeText {
  private LikeText() {}

  /** Accepts every name where there is no pattern. */
  public static Predicate<String> predicate(@Nullable String pattern) {
    if (pattern == null) {
      return name -> true;
    }
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE).asMatchPredicate();
  }
}
