package io.sluice.engine.pipeline;

import io.sluice.engine.batch.Batch;
import java.util.concurrent.CompletableFuture;

/** The answer of something that is asked for a batch and never blocks. */
public sealed interface Poll {
  Poll FINISHED = new Finished();

  /** A batch, now the caller's. */
  record Ready(Batch batch) implements Poll {}

  /** There will be no more. */
  record Finished() implements Poll {}

  /** Nothing yet; ask again when the future is done. */
  record Blocked(CompletableFuture<?> until) implements Poll {}
}
