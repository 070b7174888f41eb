package io.sluice.engine;

import io.sluice.engine.pipeline.ResultStream;

/** A running query. */
public interface QueryExecution extends AutoCloseable {
  /** The one stream of its rows. */
  ResultStream results();

  /** What it has done so far; complete once the results are finished. */
  OperatorProfile profile();

  /** Makes the query fail with CANCELLED soon; safe from any thread, and after its end. */
  void cancel();

  /** Cancels what still runs and frees everything. */
  @Override
  void close();
}
