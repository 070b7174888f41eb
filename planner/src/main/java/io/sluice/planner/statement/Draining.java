package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** Reads a query to its end on the calling thread. */
public final class Draining {
  private Draining() {}

  /** Hands on every batch, which the receiver closes. */
  public static void drain(ResultStream results, Consumer<Batch> receiver) {
    while (true) {
      switch (results.poll()) {
        case Poll.Ready ready -> receiver.accept(ready.batch());
        case Poll.Blocked blocked -> await(blocked);
        case Poll.Finished ignored -> {
          return;
        }
      }
    }
  }

  private static void await(Poll.Blocked blocked) {
    try {
      blocked.until().get();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "the statement was interrupted", interrupted);
    } catch (ExecutionException failure) {
      Throwable cause = failure.getCause();
      if (cause instanceof EngineException known) {
        throw known;
      }
      throw new EngineException(ErrorCode.INTERNAL, "the query failed: " + cause, cause);
    }
  }
}
