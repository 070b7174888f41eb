package io.sluice.engine.pipeline;

import io.sluice.engine.plan.OutputColumn;
import java.util.List;

/**
 * The rows of a running query. A slow reader holds a bounded number of batches; the query's workers
 * go on with other queries meanwhile. Used by one thread at a time.
 *
 * <p>Futures of BLOCKED complete on worker threads: what is attached to them must be short, or run
 * elsewhere.
 */
public interface ResultStream extends AutoCloseable {
  List<OutputColumn> columns();

  /**
   * The next batch, the end, or what to wait for.
   *
   * @throws io.sluice.engine.EngineException what made the query fail
   */
  Poll poll();

  /** Stops the query if it still runs and frees what it holds. */
  @Override
  void close();
}
