package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Keeps the payload of the winning rows, to be gathered by their positions. */
final class PayloadBreaker implements Breaker {
  private static final int BLOCK_BITS = 10;

  /** Consecutive winners, from position {@code first}. */
  private record Chunk(int first, int rows, List<Column> columns) {}

  private final List<Expression> outputs;
  private final BufferAllocator allocator;
  private final OperatorStats stats;
  private final List<Chunk> chunks = new ArrayList<>();
  private final List<ChunkedColumn> columns = new ArrayList<>();
  private int[] firsts = {};
  private int[] chunkOfBlock = {};
  private boolean closed;

  /**
   * @param outputs over the payload scan's columns
   * @param allocator of the query, as the columns are handed on
   */
  PayloadBreaker(List<Expression> outputs, BufferAllocator allocator, OperatorStats stats) {
    this.outputs = outputs;
    this.allocator = allocator;
    this.stats = stats;
  }

  @Override
  public Sink open(TaskContext task) {
    return new PayloadSink(task);
  }

  private synchronized void add(List<Chunk> more) {
    chunks.addAll(more);
  }

  @Override
  public List<Work> merge(TaskContext task) {
    chunks.sort(Comparator.comparingInt(Chunk::first));
    int rows = 0;
    firsts = new int[chunks.size() + 1];
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      assert chunk.first() == rows : "winners " + rows + " to " + chunk.first() + " are missing";
      firsts[i] = rows;
      rows += chunk.rows();
    }
    firsts[chunks.size()] = rows;
    chunkOfBlock = new int[(rows >>> BLOCK_BITS) + 1];
    int chunk = 0;
    for (int block = 0; block < chunkOfBlock.length; block++) {
      while (chunk + 1 < chunks.size() && firsts[chunk + 1] <= block << BLOCK_BITS) {
        chunk++;
      }
      chunkOfBlock[block] = chunk;
    }
    for (int c = 0; c < outputs.size(); c++) {
      List<Column> parts = new ArrayList<>(chunks.size());
      for (Chunk part : chunks) {
        parts.add(part.columns().get(c));
      }
      columns.add(ChunkedColumn.of(outputs.get(c).type(), parts, allocator));
    }
    closeChunks();
    stats.add("payload rows fetched", rows);
    return List.of();
  }

  /** Where a winner lies, in the form of {@link FlatChunks}. */
  long location(int position) {
    int chunk = chunkOfBlock[position >>> BLOCK_BITS];
    while (firsts[chunk + 1] <= position) {
      chunk++;
    }
    return ((long) chunk << 32) | (position - firsts[chunk]);
  }

  ChunkedColumn column(int output) {
    return columns.get(output);
  }

  private void closeChunks() {
    chunks.forEach(chunk -> chunk.columns().forEach(Column::close));
    chunks.clear();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closeChunks();
      columns.forEach(ChunkedColumn::close);
    }
  }

  private final class PayloadSink implements Sink {
    private final List<Evaluator> evaluators = new ArrayList<>();
    private final List<Chunk> own = new ArrayList<>();

    PayloadSink(TaskContext task) {
      ExpressionCompiler compiler = task.expressions();
      try {
        for (Expression output : outputs) {
          evaluators.add(compiler.compile(output));
        }
      } catch (RuntimeException | Error failure) {
        evaluators.forEach(Evaluator::close);
        throw failure;
      }
    }

    @Override
    public SinkAnswer push(Batch batch) {
      List<Column> values = new ArrayList<>(evaluators.size());
      try (batch) {
        if (batch.rowCount() == 0) {
          return SinkAnswer.NEED_MORE;
        }
        for (Evaluator evaluator : evaluators) {
          values.add(evaluator.evaluate(batch));
        }
        own.add(new Chunk((int) LateScan.mark(batch), batch.rowCount(), values));
      } catch (RuntimeException | Error failure) {
        values.forEach(Column::close);
        throw failure;
      }
      return SinkAnswer.NEED_MORE;
    }

    @Override
    public boolean finish() {
      add(own);
      own.clear();
      return false;
    }

    @Override
    public void close() {
      evaluators.forEach(Evaluator::close);
      own.forEach(chunk -> chunk.columns().forEach(Column::close));
      own.clear();
    }
  }
}
