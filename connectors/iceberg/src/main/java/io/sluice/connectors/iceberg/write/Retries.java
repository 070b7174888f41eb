package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import org.apache.iceberg.exceptions.CommitFailedException;

/** Commits beside those of others. */
public final class Retries {
  private static final int ATTEMPTS = 40;
  private static final int MAX_WAIT_MILLIS = 500;

  private Retries() {}

  /**
   * Runs a commit, from the reading of the table on, until no other comes between.
   *
   * @param name of the table, for messages
   */
  public static void onConflict(String name, Runnable commit) {
    for (int attempt = 1; ; attempt++) {
      try {
        commit.run();
        return;
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("table " + name, e);
        }
        AppendTarget.pause(Math.min(MAX_WAIT_MILLIS, 10 << Math.min(attempt, 6)));
      }
    }
  }
}
