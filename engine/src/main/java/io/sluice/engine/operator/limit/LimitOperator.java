package io.sluice.engine.operator.limit;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Slices;
import io.sluice.engine.pipeline.Operator;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;
import org.apache.arrow.memory.BufferAllocator;

/** Lets a range of rows through, counted over all tasks, and then stops the pipeline. */
final class LimitOperator implements Operator {
  private final RowRange range;
  private final BufferAllocator allocator;

  LimitOperator(RowRange range, BufferAllocator allocator) {
    this.range = range;
    this.allocator = allocator;
  }

  @Override
  public Progress push(Batch batch, Output out) {
    int rows = batch.rowCount();
    long first = range.claim(rows);
    int from = (int) Math.min(rows, range.clamp(first) - first);
    int to = (int) Math.clamp(range.clamp(first + rows) - first, from, rows);
    out.push(Slices.slice(batch, from, to, allocator));
    return range.ends(first + rows) ? Progress.FINISHED : Progress.NEED_INPUT;
  }

  @Override
  public Progress resume(Output out) {
    return Progress.NEED_INPUT;
  }

  @Override
  public Progress finish(Output out) {
    return Progress.NEED_INPUT;
  }

  @Override
  public void close() {}
}
