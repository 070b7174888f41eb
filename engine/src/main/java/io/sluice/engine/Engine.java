package io.sluice.engine;

import io.sluice.engine.plan.PhysicalPlan;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Executes plans: the workers and the memory that all queries share. */
public final class Engine implements AutoCloseable {
  private final EngineConfig config;
  private final BufferAllocator root;

  public Engine(EngineConfig config) {
    this.config = config;
    this.root = new RootAllocator(config.memoryLimitBytes());
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
    throw new EngineException(ErrorCode.UNSUPPORTED, "no operator for " + plan);
  }

  @Override
  public void close() {
    root.close();
  }
}
