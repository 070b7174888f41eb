package io.sluice.engine.pipeline;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.QueryContext;
import io.sluice.engine.expression.EvaluationContext;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.memory.QueryMemory;
import org.apache.arrow.memory.BufferAllocator;

/** What a task's operators see of the query and of the time slice they run in. */
public interface TaskContext {
  EngineConfig config();

  /** Parameters, zone and instant of the statement. */
  QueryContext context();

  QueryMemory memory();

  /** The query's allocator, from which everything is allocated that is handed on. */
  default BufferAllocator allocator() {
    return memory().allocator();
  }

  /** A compiler of expressions over the query's parameters and zone, for this task. */
  default ExpressionCompiler expressions() {
    return new ExpressionCompiler(
        new EvaluationContext(
            allocator(), context().parameters(), context().zone(), config().vectorApi()));
  }

  /** 0 to {@code taskCount() - 1} within the pipeline. */
  int taskIndex();

  int taskCount();

  /** Whether the time slice is over. Cheap enough for every few hundred rows, not for every row. */
  boolean yieldDue();

  /**
   * Cheap; for loops that can run long without asking for {@link #yieldDue}.
   *
   * @throws io.sluice.engine.EngineException CANCELLED where the query is to stop
   */
  void checkCancelled();
}
