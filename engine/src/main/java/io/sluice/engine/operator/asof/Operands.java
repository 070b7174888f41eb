package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys and ordered operands of one side for one task, batch by batch. Ordered operands come as
 * codes for which a right row is eligible for a left row where right &lt;= left, whatever the
 * direction and strictness: the codes of forward joins are inverted, a strict left code is one
 * less.
 */
final class Operands implements AutoCloseable {
  /**
   * An operand that is compared.
   *
   * @param inverted whether greater values come earlier
   * @param less whether the code is to be one less
   */
  record Ordered(Expression expression, boolean inverted, boolean less) {}

  private final List<Ordered> ordered;
  private final List<Evaluator> keyEvaluators = new ArrayList<>();
  private final List<Evaluator> orderedEvaluators = new ArrayList<>();
  private final List<OrderCodes> encoders = new ArrayList<>();
  private final List<Column> keys = new ArrayList<>();
  private final long[][] codes;
  private boolean[] absent = {};

  Operands(ExpressionCompiler compiler, List<Expression> keys, List<Ordered> ordered) {
    this.ordered = List.copyOf(ordered);
    this.codes = new long[ordered.size()][0];
    try {
      for (Expression key : keys) {
        keyEvaluators.add(compiler.compile(key));
      }
      for (Ordered operand : ordered) {
        orderedEvaluators.add(compiler.compile(operand.expression()));
        encoders.add(new OrderCodes());
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Evaluates the selected rows of a batch, which stays the caller's. */
  int load(Batch batch) {
    int rows = batch.rowCount();
    if (absent.length < rows) {
      absent = new boolean[rows];
      for (int k = 0; k < codes.length; k++) {
        codes[k] = new long[rows];
      }
    }
    Arrays.fill(absent, 0, rows, false);
    clearKeys();
    for (int k = 0; k < codes.length; k++) {
      try (Column column = orderedEvaluators.get(k).evaluate(batch)) {
        encoders.get(k).encode(column, rows, codes[k], absent);
      }
      adjust(ordered.get(k), codes[k], rows, absent);
    }
    for (Evaluator evaluator : keyEvaluators) {
      keys.add(evaluator.evaluate(batch));
    }
    return rows;
  }

  private static void adjust(Ordered operand, long[] codes, int rows, boolean[] absent) {
    if (operand.inverted()) {
      for (int i = 0; i < rows; i++) {
        codes[i] = ~codes[i];
      }
    }
    if (operand.less()) {
      for (int i = 0; i < rows; i++) {
        // nothing is less than the least
        absent[i] |= codes[i] == Long.MIN_VALUE;
        codes[i]--;
      }
    }
  }

  /** True for the rows of the last batch that cannot match: a key or operand is NULL. */
  boolean[] absent() {
    return absent;
  }

  /** Of the last batch, by operand and row. */
  long[][] codes() {
    return codes;
  }

  /** Key columns of the last batch, dense; valid until the next one is loaded. */
  List<Column> keys() {
    return keys;
  }

  private void clearKeys() {
    keys.forEach(Column::close);
    keys.clear();
  }

  @Override
  public void close() {
    clearKeys();
    keyEvaluators.forEach(Evaluator::close);
    orderedEvaluators.forEach(Evaluator::close);
    encoders.forEach(OrderCodes::close);
  }

  /** The value of a right code that is not NULL. */
  static long value(long code, boolean inverted) {
    return inverted ? ~code : code;
  }
}
