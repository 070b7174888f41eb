package io.sluice.engine.pipeline;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.plan.OutputColumn;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Between the workers and the reader: a few megabytes of batches. Workers that find it full park; a
 * reader that finds it empty gets a future. The end, good or bad, shows once everything else of the
 * query is closed.
 */
final class ResultBuffer implements Breaker {
  static final long MAX_BYTES = 8 << 20;
  static final int MAX_BATCHES = 64;

  private final List<OutputColumn> columns;
  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private long bytes;
  private CompletableFuture<?> room = new CompletableFuture<>();
  private CompletableFuture<?> news = new CompletableFuture<>();
  private boolean dropping;
  private boolean ended;
  private @Nullable EngineException failure;

  ResultBuffer(List<OutputColumn> columns) {
    this.columns = List.copyOf(columns);
  }

  List<OutputColumn> columns() {
    return columns;
  }

  @Override
  public Sink open(TaskContext task) {
    return new ResultSink(task);
  }

  @Override
  public List<Work> merge(TaskContext task) {
    return List.of();
  }

  private SinkAnswer add(Batch batch) {
    CompletableFuture<?> arrived;
    SinkAnswer answer;
    synchronized (this) {
      if (dropping) {
        batch.close();
        return SinkAnswer.FINISHED;
      }
      batches.add(batch);
      bytes += batch.memoryBytes();
      arrived = news;
      answer =
          bytes < MAX_BYTES && batches.size() < MAX_BATCHES
              ? SinkAnswer.NEED_MORE
              : new SinkAnswer.Blocked(room);
    }
    arrived.complete(null);
    return answer;
  }

  Poll poll() {
    CompletableFuture<?> freed;
    Batch batch;
    synchronized (this) {
      batch = batches.poll();
      if (batch == null) {
        return pollEmpty();
      }
      bytes -= batch.memoryBytes();
      // Half empty before writers wake: waking for every batch costs a switch each.
      if (bytes > MAX_BYTES / 2 || batches.size() > MAX_BATCHES / 2) {
        return new Poll.Ready(batch);
      }
      freed = room;
      room = new CompletableFuture<>();
    }
    freed.complete(null);
    return new Poll.Ready(batch);
  }

  private Poll pollEmpty() {
    if (!ended) {
      if (news.isDone()) {
        news = new CompletableFuture<>();
      }
      return new Poll.Blocked(news);
    }
    EngineException reason = failure;
    if (reason == null) {
      return Poll.FINISHED;
    }
    throw reason;
  }

  /** Nobody will read the rest. */
  void drop() {
    CompletableFuture<?> freed;
    List<Batch> dropped;
    synchronized (this) {
      dropping = true;
      dropped = List.copyOf(batches);
      batches.clear();
      bytes = 0;
      freed = room;
    }
    dropped.forEach(Batch::close);
    freed.complete(null);
  }

  /** Everything else is closed. */
  void end(@Nullable EngineException reason) {
    CompletableFuture<?> arrived;
    synchronized (this) {
      ended = true;
      failure = reason;
      arrived = news;
    }
    arrived.complete(null);
  }

  /** The stream was closed by its reader. */
  synchronized void closedByReader() {
    if (failure == null) {
      failure = new EngineException(ErrorCode.CANCELLED, "the result is closed");
    }
  }

  /** Batches stay for the reader. */
  @Override
  public void close() {}

  private final class ResultSink implements Sink {
    private final TaskContext task;

    ResultSink(TaskContext task) {
      this.task = task;
    }

    @Override
    public SinkAnswer push(Batch batch) {
      return add(batch.compact(task.allocator()));
    }

    @Override
    public boolean finish() {
      return false;
    }

    @Override
    public void close() {}
  }
}
