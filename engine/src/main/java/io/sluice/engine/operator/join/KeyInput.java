package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.operator.hash.KeyEncoder;
import io.sluice.engine.operator.hash.KeyLayout;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** Evaluates and encodes the keys of batches. */
final class KeyInput implements AutoCloseable {
  private final List<Evaluator> evaluators = new ArrayList<>();
  private final KeyEncoder encoder;

  KeyInput(
      List<Expression> expressions,
      KeyLayout layout,
      ExpressionCompiler compiler,
      BufferAllocator allocator) {
    this.encoder = new KeyEncoder(layout, allocator);
    try {
      for (Expression expression : expressions) {
        evaluators.add(compiler.compile(expression));
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  KeyLayout layout() {
    return encoder.layout();
  }

  /** The keys of the last batch, one per selected row. */
  KeyEncoder keys() {
    return encoder;
  }

  void read(Batch batch) {
    List<Column> columns = new ArrayList<>();
    try {
      for (Evaluator evaluator : evaluators) {
        columns.add(evaluator.evaluate(batch));
      }
      encoder.encode(columns, batch.rowCount());
    } finally {
      columns.forEach(Column::close);
    }
  }

  @Override
  public void close() {
    evaluators.forEach(Evaluator::close);
    encoder.close();
  }
}
