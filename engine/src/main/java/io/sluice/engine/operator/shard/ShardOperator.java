package io.sluice.engine.operator.shard;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.pipeline.Operator;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.Shuffle;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.jspecify.annotations.Nullable;

/** Keeps a shard's rows and says where they stand. Its input has one task. */
final class ShardOperator implements Operator {
  private final PhysicalPlan.ShardPlan plan;
  private final @Nullable RowPermutation permutation;
  private final BufferAllocator allocator;
  private long next;

  ShardOperator(PhysicalPlan.ShardPlan plan, BufferAllocator allocator) {
    this.plan = plan;
    this.allocator = allocator;
    Shuffle shuffle = plan.shuffle();
    this.permutation = shuffle == null ? null : new RowPermutation(shuffle);
  }

  @Override
  public Progress push(Batch batch, Output out) {
    out.push(share(batch).compact(allocator));
    return Progress.NEED_INPUT;
  }

  private Batch share(Batch batch) {
    try (batch;
        BigIntVector positions = new BigIntVector("$position", allocator);
        ArrowBuf kept = allocator.buffer(Math.max(1, 4L * batch.rowCount()))) {
      int count = fill(batch, positions, kept);
      List<Column> columns = new ArrayList<>();
      try {
        batch.columns().forEach(column -> columns.add(column.share()));
        columns.add(new FlatColumn(SqlType.BIGINT, moved(positions)));
        kept.getReferenceManager().retain();
        return new Batch(columns, batch.length(), new Selection(kept, count));
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
    }
  }

  private int fill(Batch batch, BigIntVector positions, ArrowBuf kept) {
    Selection selection = batch.selection();
    Shuffle shuffle = plan.shuffle();
    positions.allocateNew(batch.length());
    int count = 0;
    for (int i = 0; i < batch.rowCount(); i++) {
      long k = next++;
      if (shuffle != null && k >= shuffle.rows()) {
        throw new EngineException(
            ErrorCode.INTERNAL, "there are more rows than the " + shuffle.rows() + " counted");
      }
      long position = permutation == null ? k : permutation.at(k);
      if (position % plan.shards() == plan.shard()) {
        int row = selection == null ? i : selection.get(i);
        kept.setInt(4L * count++, row);
        positions.set(row, position);
      }
    }
    positions.setValueCount(batch.length());
    return count;
  }

  private BigIntVector moved(BigIntVector positions) {
    var transfer = positions.getTransferPair(allocator);
    transfer.transfer();
    return (BigIntVector) transfer.getTo();
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
