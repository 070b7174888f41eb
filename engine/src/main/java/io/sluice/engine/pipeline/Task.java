package io.sluice.engine.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Something that workers run in slices. Exactly one worker runs it at a time; between slices it is
 * queued or parked.
 */
abstract class Task {
  /** How a slice ended. */
  sealed interface Outcome {
    Outcome AGAIN = new Again();
    Outcome DONE = new Done();

    /** The slice is over, the work is not. */
    record Again() implements Outcome {}

    /** Nothing can be done before the future is. */
    record Parked(CompletableFuture<?> until) implements Outcome {}

    /** There is no more to do, and all is closed. */
    record Done() implements Outcome {}
  }

  private enum State {
    QUEUED,
    RUNNING,
    PARKED,
    DONE
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
  private final QueryRun query;

  Task(QueryRun query) {
    this.query = query;
  }

  final QueryRun query() {
    return query;
  }

  /** Works until {@code deadline} (of {@link System#nanoTime}); never throws. */
  abstract Outcome runSlice(long deadline);

  /** Called by a worker that took this from the queue. */
  final void run(Scheduler scheduler, long deadline) {
    state.set(State.RUNNING);
    switch (runSlice(deadline)) {
      case Outcome.Again ignored -> {
        state.set(State.QUEUED);
        scheduler.enqueue(this);
      }
      case Outcome.Parked parked -> {
        state.set(State.PARKED);
        CompletableFuture<?> unused = parked.until().whenComplete((value, failure) -> wake());
        if (query.stopped()) {
          wake();
        }
      }
      case Outcome.Done ignored -> {
        state.set(State.DONE);
        query.taskDone(this);
      }
    }
  }

  /** Queues it where it is parked. */
  final void wake() {
    if (state.compareAndSet(State.PARKED, State.QUEUED)) {
      query.scheduler().enqueue(this);
    }
  }
}
