package io.sluice.engine.pipeline;

import java.util.concurrent.CompletableFuture;

/** Whether a sink, having taken a batch, wants another. */
public sealed interface SinkAnswer {
  SinkAnswer NEED_MORE = new NeedMore();
  SinkAnswer FINISHED = new Finished();

  /** The next batch may come. */
  record NeedMore() implements SinkAnswer {}

  /** The next batch may come when the future is done. */
  record Blocked(CompletableFuture<?> until) implements SinkAnswer {}

  /** No further row of any task is wanted: all pipelines into this breaker stop reading. */
  record Finished() implements SinkAnswer {}
}
