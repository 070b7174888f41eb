package io.sluice.server.flight;

import io.sluice.engine.QueryExecution;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import io.sluice.engine.plan.OutputColumn;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rows of several executions of one query, one after the other. Each starts, on a thread that
 * may block, when the one before has ended.
 */
final class SequentialResults implements ResultStream {
  private final List<OutputColumn> columns;
  private final Iterator<Supplier<QueryExecution>> executions;
  private final Executor starters;
  private @Nullable CompletableFuture<QueryExecution> current;
  private boolean closed;

  SequentialResults(
      List<OutputColumn> columns, List<Supplier<QueryExecution>> executions, Executor starters) {
    this.columns = columns;
    this.executions = executions.iterator();
    this.starters = starters;
  }

  @Override
  public List<OutputColumn> columns() {
    return columns;
  }

  @Override
  public Poll poll() {
    while (true) {
      CompletableFuture<QueryExecution> running = current;
      if (running == null) {
        if (!executions.hasNext()) {
          return Poll.FINISHED;
        }
        running = CompletableFuture.supplyAsync(executions.next(), starters);
        current = running;
      }
      if (!running.isDone()) {
        return new Poll.Blocked(running);
      }
      QueryExecution execution = running.join();
      Poll poll = execution.results().poll();
      if (!(poll instanceof Poll.Finished)) {
        return poll;
      }
      execution.close();
      current = null;
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    CompletableFuture<QueryExecution> running = current;
    if (running != null) {
      var unused =
          running.whenComplete(
              (execution, failure) -> {
                if (execution != null) {
                  execution.close();
                }
              });
    }
  }
}
