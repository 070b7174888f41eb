package io.sluice.engine;

import io.sluice.engine.memory.QueryMemory;
import io.sluice.engine.pipeline.QueryRun;
import io.sluice.engine.pipeline.Scheduler;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Executes plans: the workers and the memory that all queries share. */
public final class Engine implements AutoCloseable {
  private final EngineConfig config;
  private final BufferAllocator root;
  private final Scheduler scheduler;
  private final AtomicLong queries = new AtomicLong();
  private final Set<QueryRun> runs = ConcurrentHashMap.newKeySet();

  public Engine(EngineConfig config) {
    this(config, new RootAllocator(config.memoryLimitBytes()));
  }

  /** An engine over a root allocator of the caller's making, which the engine then owns. */
  public Engine(EngineConfig config, BufferAllocator root) {
    this.config = config;
    this.root = root;
    this.scheduler = new Scheduler(config.workers());
  }

  public EngineConfig config() {
    return config;
  }

  public BufferAllocator allocator() {
    return root;
  }

  /**
   * Starts a plan. Resolves its tables on the calling thread, which must not be a worker.
   *
   * @throws EngineException what is wrong before the first row
   */
  public QueryExecution execute(PhysicalPlan plan, QueryContext context) {
    drain();
    String name = "query " + queries.incrementAndGet();
    QueryMemory memory = new QueryMemory(root, name, config.queryMemoryLimitBytes());
    QueryRun run = QueryRun.start(plan, config, context, memory, scheduler);
    runs.add(run);
    return run;
  }

  /** Forgets queries that have ended and whose last buffer is released. */
  private void drain() {
    runs.removeIf(QueryRun::released);
  }

  /** Closes all queries. All buffers of their results must have been released. */
  @Override
  public void close() {
    runs.forEach(QueryRun::close);
    scheduler.close();
    drain();
    root.close();
  }
}
