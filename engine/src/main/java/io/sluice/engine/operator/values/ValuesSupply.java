package io.sluice.engine.operator.values;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Constant rows, in order. */
final class ValuesSupply implements SourceSupply {
  private final PhysicalPlan.ValuesPlan plan;

  ValuesSupply(PhysicalPlan.ValuesPlan plan) {
    this.plan = plan;
  }

  @Override
  public int maxTasks() {
    return 1;
  }

  @Override
  public Source open(TaskContext task) {
    return new ValuesSource(plan, task);
  }

  @Override
  public void close() {}

  private static final class ValuesSource implements Source {
    private final PhysicalPlan.ValuesPlan plan;
    private final TaskContext task;
    private int next;

    ValuesSource(PhysicalPlan.ValuesPlan plan, TaskContext task) {
      this.plan = plan;
      this.task = task;
    }

    @Override
    public Poll poll() {
      int rows = Math.min(task.config().batchRows(), plan.rows().size() - next);
      if (rows == 0) {
        return Poll.FINISHED;
      }
      List<Column> columns = new ArrayList<>();
      try {
        for (int c = 0; c < plan.output().size(); c++) {
          SqlType type = plan.output().get(c).type();
          List<@Nullable Object> values = new ArrayList<>(rows);
          for (int r = next; r < next + rows; r++) {
            values.add(value(plan.rows().get(r).get(c)));
          }
          columns.add(new FlatColumn(type, Cells.vector(type, values, task.allocator())));
        }
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
      next += rows;
      return new Poll.Ready(new Batch(columns, rows));
    }

    private @Nullable Object value(Expression expression) {
      if (expression instanceof Expression.Literal literal) {
        return literal.value();
      }
      if (expression instanceof Expression.Parameter parameter) {
        Expression.Literal bound = task.context().parameters().get(parameter.index());
        if (bound.type().equals(parameter.type())) {
          return bound.value();
        }
      }
      try (Evaluator evaluator = task.expressions().compile(expression);
          Batch row = new Batch(List.of(), 1);
          Column column = evaluator.evaluate(row)) {
        return Cells.get(column, 0);
      }
    }

    @Override
    public void close() {}
  }
}
