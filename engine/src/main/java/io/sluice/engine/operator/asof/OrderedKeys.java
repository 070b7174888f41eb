package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.sort.SortKeyBytes;
import io.sluice.engine.operator.sort.SortKeyEncoder;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.SortKey;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;

/**
 * Values of one or several expressions as bytes that compare as the values do, lexicographically,
 * with NULL lowest. Exact keys go on with the bits of floats, so that only rows whose bits are the
 * same compare equal: 0.0 is above -0.0. For one task.
 */
final class OrderedKeys implements AutoCloseable {
  private final List<Evaluator> evaluators = new ArrayList<>();
  private final List<Integer> floats = new ArrayList<>();
  private final SortKeyEncoder encoder;
  private final BufferAllocator allocator;

  OrderedKeys(
      ExpressionCompiler compiler,
      List<Expression> expressions,
      boolean exact,
      BufferAllocator allocator) {
    this.allocator = allocator;
    List<SortKey> keys = new ArrayList<>();
    List<OutputColumn> columns = new ArrayList<>();
    for (Expression expression : expressions) {
      keys.add(new SortKey(keys.size(), false, true));
      columns.add(new OutputColumn("tie " + keys.size(), expression.type(), true));
    }
    for (int e = 0; e < expressions.size(); e++) {
      if (exact && expressions.get(e).type().isFloating()) {
        floats.add(e);
        keys.add(new SortKey(keys.size(), false, true));
        columns.add(new OutputColumn("tie " + keys.size(), SqlType.BIGINT, true));
      }
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
      for (int column : floats) {
        values.add(bits(values.get(column), rows));
      }
      encoder.append(values, rows, to);
    } finally {
      values.forEach(FieldVector::close);
    }
  }

  private FieldVector bits(FieldVector values, int rows) {
    BigIntVector bits = (BigIntVector) Vectors.create(SqlType.BIGINT, allocator);
    try {
      bits.allocateNew(rows);
      for (int i = 0; i < rows; i++) {
        long raw =
            values instanceof Float8Vector
                ? values.getDataBuffer().getLong((long) i << 3)
                : values.getDataBuffer().getInt((long) i << 2);
        bits.set(i, values.isNull(i) ? 0 : raw);
      }
      bits.setValueCount(rows);
      return bits;
    } catch (RuntimeException | Error failure) {
      bits.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    evaluators.forEach(Evaluator::close);
  }
}
