package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;

/** The right rows that no left row has matched, with NULLs for the left columns. */
final class UnmatchedSupply implements SourceSupply {
  private final JoinShape shape;
  private final JoinBuild build;
  private final AtomicInteger nextSegment = new AtomicInteger();

  UnmatchedSupply(JoinShape shape, JoinBuild build) {
    this.shape = shape;
    this.build = build;
  }

  @Override
  public int maxTasks() {
    return Math.max(1, build.rows().segments());
  }

  @Override
  public Source open(TaskContext task) {
    return new UnmatchedSource(task);
  }

  @Override
  public void close() {
    // the rows are the build's
  }

  private final class UnmatchedSource implements Source {
    private final TaskContext task;
    private final int[] ids;
    private int segment = -1;
    private int offset;

    UnmatchedSource(TaskContext task) {
      this.task = task;
      this.ids = new int[task.config().batchRows()];
    }

    @Override
    public Poll poll() {
      StoredRows rows = build.rows();
      if (segment < 0 || offset == rows.rows(segment)) {
        segment = nextSegment.getAndIncrement();
        offset = 0;
        if (segment >= rows.segments()) {
          nextSegment.set(rows.segments());
          segment = -1;
          return Poll.FINISHED;
        }
      }
      ArrowBuf matched = build.matched();
      int count = 0;
      int end = rows.rows(segment);
      for (; offset < end && count < ids.length; offset++) {
        int id = (segment << Segments.LOG) + offset;
        ids[count] = id;
        count += matched.getByte(id) == 0 ? 1 : 0;
      }
      return new Poll.Ready(read(rows, count));
    }

    private Batch read(StoredRows rows, int count) {
      List<Column> columns = new ArrayList<>();
      try {
        for (SqlType type : shape.leftTypes()) {
          columns.add(Cells.constant(type, null, count, task.allocator()));
        }
        for (int column : shape.storedColumns()) {
          columns.add(rows.gather(column, ids, count, task.allocator()));
        }
        return new Batch(columns, count);
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
    }

    @Override
    public void close() {
      // reads what the build holds
    }
  }
}
