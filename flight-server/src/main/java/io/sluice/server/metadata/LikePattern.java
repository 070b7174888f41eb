package io.sluice.server.metadata;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A pattern of metadata commands: {@code %} stands for any characters, {@code _} for one, and a
 * backslash takes the meaning from what follows.
 */
final class LikePattern {
  private final Pattern exact;
  private final Pattern anyCase;

  LikePattern(String pattern) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '%' -> regex.append(".*");
        case '_' -> regex.append('.');
        case '\\' -> {
          if (i + 1 < pattern.length()) {
            i++;
          }
          regex.append(Pattern.quote(String.valueOf(pattern.charAt(i))));
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    this.exact = Pattern.compile(regex.toString(), Pattern.DOTALL);
    this.anyCase =
        Pattern.compile(
            regex.toString(), Pattern.DOTALL | Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** As names match in SQL: those that match in their case, else those that match in any. */
  <T> List<T> filter(List<T> items, Function<T, String> name) {
    List<T> matching = items.stream().filter(i -> exact.matcher(name.apply(i)).matches()).toList();
    return matching.isEmpty()
        ? items.stream().filter(i -> anyCase.matcher(name.apply(i)).matches()).toList()
        : matching;
  }
}
