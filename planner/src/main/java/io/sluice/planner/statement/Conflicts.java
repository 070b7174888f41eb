package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.planner.validate.StatementTables;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * Statements whose commit is refused where another one has changed what they depend on: they are
 * run again from the new state, as if they had come after the other.
 */
final class Conflicts {
  private static final int ATTEMPTS = 20;
  private static final int FIRST_WAIT_MILLIS = 10;
  private static final int MAX_WAIT_MILLIS = 500;

  private Conflicts() {}

  /**
   * @param statement run with the tables' states of each attempt
   * @throws EngineException COMMIT_CONFLICT where others have always been faster
   */
  static <T> T resolved(StatementTables tables, Function<StatementTables, T> statement) {
    StatementTables state = tables;
    for (int attempt = 1; ; attempt++) {
      try {
        return statement.apply(state);
      } catch (EngineException failure) {
        if (failure.code() != ErrorCode.COMMIT_CONFLICT || attempt == ATTEMPTS) {
          throw failure;
        }
      }
      pause(Math.min(MAX_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(attempt, 10)));
      state = tables.fresh();
    }
  }

  private static void pause(int maxMillis) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, maxMillis + 1L));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "the statement was interrupted", e);
    }
  }
}
