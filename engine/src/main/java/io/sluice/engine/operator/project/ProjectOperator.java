package io.sluice.engine.operator.project;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.pipeline.Operator;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;
import io.sluice.engine.pipeline.TaskContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates expressions. Plain columns are shared, not copied; where nothing is computed the
 * selection stays as well.
 */
final class ProjectOperator implements Operator {
  /** One output column: a column of the input, or something computed. */
  private sealed interface Item {
    record Passed(int column) implements Item {}

    record Computed(Evaluator evaluator) implements Item {}
  }

  private final BufferAllocator allocator;
  private final List<Item> items = new ArrayList<>();
  private boolean computes;

  ProjectOperator(List<Expression> expressions, TaskContext task) {
    this.allocator = task.allocator();
    ExpressionCompiler compiler = task.expressions();
    try {
      for (Expression expression : expressions) {
        if (expression instanceof Expression.InputRef ref) {
          items.add(new Item.Passed(ref.column()));
        } else {
          items.add(new Item.Computed(compiler.compile(expression)));
          computes = true;
        }
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  @Override
  public Progress push(Batch batch, Output out) {
    out.push(project(batch));
    return Progress.NEED_INPUT;
  }

  private Batch project(Batch batch) {
    List<Column> columns = new ArrayList<>(items.size());
    Selection selection = batch.selection();
    boolean gathers = computes && selection != null;
    try (batch) {
      for (Item item : items) {
        columns.add(
            switch (item) {
              case Item.Passed passed -> pass(batch.column(passed.column()), selection, gathers);
              case Item.Computed computed -> computed.evaluator().evaluate(batch);
            });
      }
      if (selection == null || gathers) {
        return new Batch(columns, batch.rowCount());
      }
      return new Batch(columns, batch.length(), selection.share());
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private Column pass(Column column, @Nullable Selection selection, boolean gathers) {
    return gathers && selection != null ? column.take(selection, allocator) : column.share();
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
  public void close() {
    for (Item item : items) {
      if (item instanceof Item.Computed computed) {
        computed.evaluator().close();
      }
    }
    items.clear();
  }
}
