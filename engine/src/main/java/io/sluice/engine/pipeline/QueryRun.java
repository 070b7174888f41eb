package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.OperatorProfile;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A query while it runs: starts pipelines as what they wait for completes, and ends once, by one
 * path, whether all rows are out, something failed, or nobody wants the rest: tasks close, then
 * what the query owns, then its memory, then the reader learns the end.
 */
public final class QueryRun implements QueryExecution {
  private final Scheduler scheduler;
  private final Scheduler.Lane lane = new Scheduler.Lane();
  private final EngineConfig config;
  private final QueryContext context;
  private final QueryMemory memory;
  private final CompiledQuery query;
  private final ResultStream stream = new Stream();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Written under the lock. */
  private volatile @Nullable EngineException failure;

  // Guarded by this.
  private final Set<Task> tasks = new HashSet<>();
  private final Set<Completion> complete = new HashSet<>();
  private final Set<Pipeline> started = new HashSet<>();
  private final Map<Completion, Integer> running = new HashMap<>();
  private boolean ended;

  private QueryRun(
      Scheduler scheduler,
      EngineConfig config,
      QueryContext context,
      QueryMemory memory,
      CompiledQuery query) {
    this.scheduler = scheduler;
    this.config = config;
    this.context = context;
    this.memory = memory;
    this.query = query;
  }

  /**
   * Compiles and starts a plan. Takes ownership of the memory.
   *
   * @throws EngineException what is wrong before the first row
   */
  public static QueryRun start(
      PhysicalPlan plan,
      EngineConfig config,
      QueryContext context,
      QueryMemory memory,
      Scheduler scheduler) {
    return start(compiler -> compiler.compile(plan), config, context, memory, scheduler);
  }

  static QueryRun start(
      Function<PipelineCompiler, CompiledQuery> compilation,
      EngineConfig config,
      QueryContext context,
      QueryMemory memory,
      Scheduler scheduler) {
    CompiledQuery query;
    try {
      query = compilation.apply(new PipelineCompiler(config, context, memory));
    } catch (Throwable e) {
      memory.close();
      throw Failures.of(e, "planning pipelines", memory);
    }
    query.stats().gauge("query peak bytes", memory::peakBytes);
    QueryRun run = new QueryRun(scheduler, config, context, memory, query);
    run.advance(null);
    return run;
  }

  /** Whether the query has ended and its last buffer is released. */
  public boolean released() {
    return closed.getCount() == 0 && memory.closeIfUnused();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Scheduler.Lane lane() {
    return lane;
  }

  EngineConfig config() {
    return config;
  }

  QueryContext context() {
    return context;
  }

  QueryMemory memory() {
    return memory;
  }

  boolean stopped() {
    return failure != null;
  }

  void checkStopped() {
    EngineException reason = failure;
    if (reason != null) {
      throw reason;
    }
  }

  /** Stops everything; the first reason stays. */
  void fail(EngineException reason) {
    List<Task> parked;
    synchronized (this) {
      if (failure != null || ended) {
        return;
      }
      failure = reason;
      parked = List.copyOf(tasks);
    }
    query.results().drop();
    parked.forEach(Task::wake);
    endIfIdle();
  }

  /** Called by the worker that has run the task's last slice. */
  void taskDone(Task task) {
    Completion unit =
        switch (task) {
          case PipelineTask driver -> driver.pipeline();
          case WorkTask work -> work.node();
          default -> throw new AssertionError(task);
        };
    boolean last;
    synchronized (this) {
      last = running.merge(unit, -1, Integer::sum) == 0;
    }
    if (last && !stopped()) {
      advance(unit);
    }
    synchronized (this) {
      // only now, as the query must not end while this thread still closes what the unit had
      tasks.remove(task);
    }
    endIfIdle();
  }

  /** {@code unit} has no running task any more: starts what this makes possible. */
  private void advance(@Nullable Completion unit) {
    try {
      if (unit instanceof Pipeline pipeline) {
        pipeline.supply.close();
        for (SharedClose close : pipeline.closesAfter) {
          close.release();
        }
      }
      List<Task> fresh = new ArrayList<>();
      synchronized (this) {
        if (unit != null) {
          complete(unit, fresh);
        }
        for (Pipeline pipeline : query.pipelines()) {
          if (complete.containsAll(pipeline.waitsFor) && started.add(pipeline)) {
            fresh.addAll(tasksOf(pipeline));
          }
        }
        if (failure != null) {
          return;
        }
        tasks.addAll(fresh);
      }
      fresh.forEach(this::begin);
    } catch (Throwable e) {
      fail(Failures.of(e, "starting pipelines", memory));
    }
  }

  /** A lookup is over before another thread would have woken. */
  private void begin(Task task) {
    if (query.direct()) {
      task.run(scheduler, System.nanoTime() + Scheduler.SLICE_NANOS);
    } else {
      scheduler.enqueue(task);
    }
  }

  private void complete(Completion unit, List<Task> fresh) {
    switch (unit) {
      case Pipeline pipeline -> {
        complete.add(pipeline);
        BreakerNode node = pipeline.sink();
        if (complete.containsAll(node.inputs)) {
          running.put(node, 1);
          fresh.add(new WorkTask(this, node, new Merge(node), 0, 1));
        }
      }
      case BreakerNode node -> complete.add(node);
    }
  }

  private List<Task> tasksOf(Pipeline pipeline) {
    int count = Math.max(1, Math.min(scheduler.workers(), pipeline.supply.maxTasks()));
    List<Task> fresh = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      fresh.add(new PipelineTask(this, pipeline, i, count));
    }
    running.put(pipeline, count);
    return fresh;
  }

  /** Starts a breaker's pieces of work; the breaker completes with the last of them. */
  private final class Merge implements Work {
    private final BreakerNode node;

    Merge(BreakerNode node) {
      this.node = node;
    }

    @Override
    public boolean step(TaskContext task) {
      List<Work> pieces = node.breaker.merge(task);
      List<Task> fresh = new ArrayList<>(pieces.size());
      for (int i = 0; i < pieces.size(); i++) {
        fresh.add(new WorkTask(QueryRun.this, node, pieces.get(i), i, pieces.size()));
      }
      synchronized (QueryRun.this) {
        checkStopped();
        running.merge(node, fresh.size(), Integer::sum);
        tasks.addAll(fresh);
      }
      fresh.forEach(QueryRun.this::begin);
      return false;
    }
  }

  /** Ends the query where no task is left and none can come. */
  private void endIfIdle() {
    synchronized (this) {
      if (ended || !tasks.isEmpty() || (failure == null && !complete.contains(query.done()))) {
        return;
      }
      ended = true;
    }
    EngineException reason = failure;
    try {
      Failures.closeAll(query.resources().reversed());
    } catch (Throwable e) {
      EngineException second = Failures.of(e, "closing the query", memory);
      if (reason == null) {
        reason = second;
        query.results().drop();
      } else {
        reason.addSuppressed(second);
      }
    }
    memory.close();
    query.results().end(reason);
    closed.countDown();
  }

  @Override
  public ResultStream results() {
    return stream;
  }

  @Override
  public OperatorProfile profile() {
    return query.stats().profile();
  }

  @Override
  public void cancel() {
    fail(new EngineException(ErrorCode.CANCELLED, "the query was cancelled"));
  }

  @Override
  public void close() {
    fail(new EngineException(ErrorCode.CANCELLED, "the query was closed by its reader"));
    query.results().drop();
    query.results().closedByReader();
    if (!scheduler.isWorker()) {
      awaitEnd();
    }
  }

  /** Waits for the slices that are running; an interrupt stays set. */
  private void awaitEnd() {
    boolean interrupted = false;
    while (true) {
      try {
        closed.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Stream implements ResultStream {
    @Override
    public List<OutputColumn> columns() {
      return query.results().columns();
    }

    @Override
    public Poll poll() {
      return query.results().poll();
    }

    @Override
    public void close() {
      QueryRun.this.close();
    }
  }
}
