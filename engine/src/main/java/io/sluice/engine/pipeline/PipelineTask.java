package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.QueryContext;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.memory.QueryMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Drives one task's instances of a pipeline's steps: always the step farthest down that can go on,
 * so that little waits in between.
 */
final class PipelineTask extends Task implements TaskContext {
  private final Pipeline pipeline;
  private final int taskIndex;
  private final int taskCount;
  private final List<Step> steps = new ArrayList<>();
  private @Nullable Source source;
  private @Nullable Sink sink;
  private boolean opened;
  private boolean sourceEnded;
  private boolean finished;
  private @Nullable CompletableFuture<?> blocked;
  private OperatorStats current;
  private long deadline;

  PipelineTask(QueryRun query, Pipeline pipeline, int taskIndex, int taskCount) {
    super(query);
    this.pipeline = pipeline;
    this.taskIndex = taskIndex;
    this.taskCount = taskCount;
    this.current = pipeline.sourceStats;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  @Override
  Outcome runSlice(long until) {
    deadline = until;
    try {
      if (!opened) {
        checkCancelled();
        open();
      }
      while (!finished) {
        checkCancelled();
        stopFinishedStages();
        step();
        CompletableFuture<?> reason = blocked;
        if (reason != null) {
          blocked = null;
          if (!reason.isDone()) {
            return new Outcome.Parked(reason);
          }
        }
        if (!finished && yieldDue()) {
          return Outcome.AGAIN;
        }
      }
    } catch (Throwable failure) {
      query().fail(Failures.of(failure, current.name(), memory()));
    }
    closeAll();
    return Outcome.DONE;
  }

  private void open() {
    opened = true;
    source = pipeline.supply.open(this);
    for (Pipeline.Stage stage : pipeline.stages) {
      current = stage.stats();
      steps.add(new Step(stage.factory().create(this), stage.stats(), steps.size()));
    }
    current = pipeline.sink().stats;
    sink = pipeline.sink().breaker.open(this);
  }

  /** What another task, or a later step, wants no more. */
  private void stopFinishedStages() {
    int last = pipeline.finishedStage();
    if (last < 0) {
      return;
    }
    sourceEnded = true;
    for (Step step : steps) {
      if (step.index <= last) {
        step.dropInput();
        // The last one may still have output that it has promised.
        step.ended |= step.index < last || !step.more;
      }
    }
  }

  private void step() {
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      Batch ready = step.outputs.poll();
      if (ready != null) {
        deliver(i + 1, ready);
        return;
      }
      boolean inputEnded = i == 0 ? sourceEnded : steps.get(i - 1).drained();
      if (!step.ended && (step.more || inputEnded)) {
        step.advance(null);
        return;
      }
    }
    if (!sourceEnded) {
      poll();
    } else {
      finishSink();
    }
  }

  /** Gives a batch to step {@code i}, or to the sink. */
  private void deliver(int i, Batch batch) {
    if (i < steps.size()) {
      Step step = steps.get(i);
      if (step.ended) {
        batch.close();
      } else {
        step.advance(batch);
      }
      return;
    }
    current = pipeline.sink().stats;
    if (pipeline.sink().finished) {
      batch.close();
      return;
    }
    long start = System.nanoTime();
    switch (sink().push(batch)) {
      case SinkAnswer.NeedMore ignored -> {}
      case SinkAnswer.Blocked wait -> blocked = wait.until();
      case SinkAnswer.Finished ignored -> pipeline.sink().finished = true;
    }
    current.addNanos(System.nanoTime() - start);
  }

  private void poll() {
    current = pipeline.sourceStats;
    long start = System.nanoTime();
    Poll polled = source().poll();
    current.addNanos(System.nanoTime() - start);
    switch (polled) {
      case Poll.Ready ready -> {
        Batch batch = ready.batch();
        if (batch.rowCount() == 0) {
          batch.close();
        } else {
          countRows(batch.rowCount());
          deliver(0, batch);
        }
      }
      case Poll.Finished ignored -> sourceEnded = true;
      case Poll.Blocked wait -> blocked = wait.until();
    }
  }

  /** A node's rows are those of its last step; what its source has read is a figure of its own. */
  private void countRows(int rows) {
    OperatorStats stats = pipeline.sourceStats;
    if (!steps.isEmpty() && steps.getFirst().stats == stats) {
      stats.add("rows read", rows);
    } else {
      stats.addRows(rows);
    }
  }

  private void finishSink() {
    current = pipeline.sink().stats;
    long start = System.nanoTime();
    finished = !sink().finish();
    current.addNanos(System.nanoTime() - start);
  }

  private Source source() {
    return Objects.requireNonNull(source);
  }

  private Sink sink() {
    return Objects.requireNonNull(sink);
  }

  private void closeAll() {
    List<AutoCloseable> all = new ArrayList<>();
    if (source != null) {
      all.add(source);
    }
    all.addAll(steps);
    if (sink != null) {
      all.add(sink);
    }
    try {
      Failures.closeAll(all);
    } catch (Throwable failure) {
      query().fail(Failures.of(failure, "closing " + current.name(), memory()));
    }
  }

  @Override
  public EngineConfig config() {
    return query().config();
  }

  // Task's query() is the run; the context's is what the user asked with.
  @Override
  public QueryContext context() {
    return query().context();
  }

  @Override
  public QueryMemory memory() {
    return query().memory();
  }

  @Override
  public int taskIndex() {
    return taskIndex;
  }

  @Override
  public int taskCount() {
    return taskCount;
  }

  @Override
  public boolean yieldDue() {
    return System.nanoTime() - deadline >= 0;
  }

  @Override
  public void checkCancelled() {
    query().checkStopped();
  }

  /** An operator, and its output on the way to the next step. */
  private final class Step implements Output, AutoCloseable {
    private final Operator operator;
    private final OperatorStats stats;
    private final int index;
    private final ArrayDeque<Batch> outputs = new ArrayDeque<>();
    private boolean finishing;
    private boolean more;
    private boolean ended;

    Step(Operator operator, OperatorStats stats, int index) {
      this.operator = operator;
      this.stats = stats;
      this.index = index;
    }

    /** Whether no output will come any more. */
    boolean drained() {
      return ended && outputs.isEmpty();
    }

    /** Its input that has not been taken: what the step before has put out. */
    void dropInput() {
      if (index > 0) {
        ArrayDeque<Batch> input = steps.get(index - 1).outputs;
        input.forEach(Batch::close);
        input.clear();
      }
    }

    /** Takes the batch, goes on with the last one, or finishes. */
    void advance(@Nullable Batch batch) {
      current = stats;
      long start = System.nanoTime();
      Progress progress;
      if (batch != null) {
        progress = operator.push(batch, this);
      } else if (more && !finishing) {
        progress = operator.resume(this);
      } else {
        finishing = true;
        progress = operator.finish(this);
      }
      stats.addNanos(System.nanoTime() - start);
      more = progress == Progress.MORE || progress == Progress.WAITING;
      switch (progress) {
        case MORE -> {}
        case WAITING -> blocked = ((WaitingOperator) operator).until();
        case NEED_INPUT -> ended |= finishing;
        case FINISHED -> {
          ended = true;
          if (!finishing) {
            pipeline.finishStage(index);
          }
        }
      }
    }

    @Override
    public void push(Batch batch) {
      if (batch.rowCount() == 0) {
        batch.close();
      } else {
        boolean last = index + 1 == steps.size() || steps.get(index + 1).stats != stats;
        if (last) {
          stats.addRows(batch.rowCount());
        }
        outputs.add(batch);
      }
    }

    @Override
    public boolean full() {
      return !outputs.isEmpty() || yieldDue();
    }

    @Override
    public void close() {
      List<AutoCloseable> all = new ArrayList<>(outputs);
      outputs.clear();
      all.add(operator);
      Failures.closeAll(all);
    }
  }
}
