package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names match without regard to case; an exact match wins. */
public final class Names {
  /** Stands between the parts of a nested schema's name: {@code "a.b"}. */
  public static final String NESTING_MARK = ".";

  private static final int MAX_SUGGESTIONS = 3;

  private Names() {}

  /**
   * The one of {@code candidates} that is meant.
   *
   * @param what as in "table", for the message
   * @throws EngineException AMBIGUOUS_NAME where two differ from {@code name} in case alone
   */
  public static Optional<String> find(String name, Collection<String> candidates, String what) {
    if (candidates.contains(name)) {
      return Optional.of(name);
    }
    List<String> matches = new ArrayList<>();
    for (String candidate : candidates) {
      if (candidate.equalsIgnoreCase(name)) {
        matches.add(candidate);
      }
    }
    if (matches.size() > 1) {
      throw new EngineException(
          ErrorCode.AMBIGUOUS_NAME,
          what
              + " "
              + name
              + " is ambiguous: it may be \""
              + String.join("\" or \"", matches)
              + "\"; quote the one that is meant");
    }
    return matches.stream().findFirst();
  }

  /** "; did you mean a, b?", or nothing where no candidate is close. */
  public static String didYouMean(String name, Collection<String> candidates) {
    List<String> near = nearest(name, candidates);
    return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
  }

  /** Candidates by ascending edit distance, none farther than a third of the name's length. */
  static List<String> nearest(String name, Collection<String> candidates) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int limit = Math.max(1, (wanted.length() + 1) / 3);
    record Near(String name, int distance) {}
    return candidates.stream()
        .distinct()
        .map(c -> new Near(c, distance(wanted, c.toLowerCase(Locale.ROOT))))
        .filter(c -> c.distance <= limit || related(wanted, c.name.toLowerCase(Locale.ROOT)))
        .sorted(
            java.util.Comparator.comparingInt((Near c) -> c.distance).thenComparing(c -> c.name))
        .limit(MAX_SUGGESTIONS)
        .map(Near::name)
        .toList();
  }

  private static boolean related(String wanted, String candidate) {
    return wanted.length() > 3
        && candidate.length() > 3
        && (candidate.contains(wanted) || wanted.contains(candidate));
  }

  /** Levenshtein's, with a swap of neighbours counted once. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
