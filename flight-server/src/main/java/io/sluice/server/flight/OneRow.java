package io.sluice.server.flight;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** What an update answers to a client that reads rows: how many it affected. */
final class OneRow implements ResultStream {
  static final List<OutputColumn> COLUMNS =
      List.of(new OutputColumn("rows_affected", SqlType.BIGINT, false));

  private final long rowCount;
  private final BufferAllocator allocator;
  private boolean taken;

  OneRow(long rowCount, BufferAllocator allocator) {
    this.rowCount = rowCount;
    this.allocator = allocator;
  }

  @Override
  public List<OutputColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Poll poll() {
    if (taken) {
      return Poll.FINISHED;
    }
    taken = true;
    return new Poll.Ready(
        new Batch(
            List.of(
                new FlatColumn(
                    SqlType.BIGINT, Cells.vector(SqlType.BIGINT, List.of(rowCount), allocator))),
            1));
  }

  @Override
  public void close() {}
}
