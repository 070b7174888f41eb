package io.sluice.sqltests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Point-in-time joins over random schemas and data against their definition: by event time and by
 * arrival, in every mode, whichever way the join runs. {@code -Dasof.cases=500} runs so many cases
 * instead of 50, {@code -Dasof.seed=N} begins with that seed.
 */
class PointInTimeOracleTest {
  private static final int CASES = Integer.getInteger("asof.cases", 50);
  private static final long SEED = Long.getLong("asof.seed", System.nanoTime() % 1_000_000_000);

  @Test
  void answersAreThoseOfTheDefinition(@TempDir Path folder) throws Exception {
    System.out.println("asof.seed " + SEED + ", " + CASES + " cases");
    List<SltRunner> runners = new ArrayList<>();
    int picks = 0;
    int matches = 0;
    try {
      for (Mode mode : Mode.values()) {
        runners.add(new SltRunner(mode, folder));
      }
      for (int i = 0; i < CASES; i++) {
        OracleCase one = new OracleCase(SEED + i, runners.getFirst()::execute);
        List<String> expected = one.expected().stream().sorted().toList();
        for (int m = 0; m < runners.size(); m++) {
          // each way in every other mode, so that both are run in all modes
          String sql = one.query((i + m) % 2 == 0);
          List<String> actual = runners.get(m).execute(sql).stream().sorted().toList();
          check(SEED + i, Mode.values()[m], one, sql, expected, actual);
        }
        picks += one.picks();
        matches += one.matches();
      }
    } finally {
      for (SltRunner runner : runners) {
        runner.close();
      }
    }
    String found = matches + " of " + picks + " labels have a match";
    System.out.println(found);
    assertTrue(matches > picks / 5, found + ": too few to judge by");
  }

  private static void check(
      long seed,
      Mode mode,
      OracleCase one,
      String sql,
      List<String> expected,
      List<String> actual) {
    if (!expected.equals(actual)) {
      List<String> missing = new ArrayList<>(expected);
      actual.forEach(missing::remove);
      List<String> wrong = new ArrayList<>(actual);
      expected.forEach(wrong::remove);
      throw new AssertionError(
          "asof.seed "
              + seed
              + ", mode "
              + mode
              + "\n"
              + one.script()
              + sql
              + "\nexpected "
              + String.join("\n         ", missing)
              + "\nactual   "
              + String.join("\n         ", wrong));
    }
  }
}
