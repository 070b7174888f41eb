package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.sort.SortKeyBytes;
import io.sluice.engine.operator.sort.SortKeyEncoder;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * Values of one or several expressions as bytes that compare as the values do, lexicographically,
 * with NULL lowest. For one task.
 */
final class OrderedKeys implements AutoCloseable {
  private final List<Evaluator> evaluators = new ArrayList<>();
  private final SortKeyEncoder encoder;
  private final BufferAllocator allocator;

  OrderedKeys(
      ExpressionCompiler compiler, List<Expression> expressions, BufferAllocator allocator) {
    this.allocator = allocator;
    List<SortKey> keys = new ArrayList<>();
    List<OutputColumn> columns = new ArrayList<>();
    for (Expression expression : expressions) {
      keys.add(new SortKey(keys.size(), false, true));
      columns.add(new OutputColumn("tie " + keys.size(), expression.type(), true));
    }
    this.encoder = new SortKeyEncoder(keys, columns);
    try {
      for (Expression expression : expressions) {
        evaluators.add(compiler.compile(expression));
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** An empty list of keys. */
  static SortKeyBytes list(MemoryReservation reservation) {
    return new SortKeyBytes(reservation);
  }

  /**
   * Appends the keys of the selected rows of a batch.
   *
   * @param absent set to true where any value is NULL, otherwise left alone
   */
  void append(Batch batch, boolean[] absent, SortKeyBytes to) {
    List<FieldVector> values = new ArrayList<>();
    try {
      for (Evaluator evaluator : evaluators) {
        try (Column column = evaluator.evaluate(batch)) {
          values.add(column.flatten(allocator));
        }
      }
      int rows = batch.rowCount();
      for (FieldVector vector : values) {
        if (vector.getNullCount() > 0) {
          for (int i = 0; i < rows; i++) {
            absent[i] |= vector.isNull(i);
          }
        }
      }
      encoder.append(values, rows, to);
    } finally {
      values.forEach(FieldVector::close);
    }
  }

  @Override
  public void close() {
    evaluators.forEach(Evaluator::close);
  }
}
