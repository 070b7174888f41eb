package io.sluice.engine.expression;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;

/** An expression tree as an evaluator. */
final class CompiledExpression implements Evaluator {
  private final Node root;
  private final Frame frame;
  private final BufferAllocator allocator;

  CompiledExpression(Node root, BufferAllocator allocator) {
    this.root = root;
    this.frame = new Frame(allocator);
    this.allocator = allocator;
  }

  @Override
  public SqlType type() {
    return root.type();
  }

  @Override
  public Column evaluate(Batch batch) {
    if (root instanceof InputNode input) {
      Column column = batch.column(input.column());
      Selection selection = batch.selection();
      return selection == null ? column.share() : column.take(selection, allocator);
    }
    frame.start(batch);
    if (frame.count() == 0) {
      return empty();
    }
    return ValuesColumns.column(root.evaluate(frame));
  }

  private Column empty() {
    Values none = new Values(type(), allocator);
    try (none) {
      if (type().isNested() || type().kind() == SqlType.Kind.NULL) {
        return new FlatColumn(type(), Vectors.nulls(type(), 0, allocator));
      }
      none.begin(0);
      return ValuesColumns.column(none);
    }
  }

  @Override
  public void close() {
    root.close();
    frame.close();
  }
}
