package io.sluice.engine.operator.lookup;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.online.EncodedRows;
import io.sluice.engine.online.KeyRows;
import io.sluice.engine.online.OnlineColumn;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.WaitingOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Looks the keys of each batch up in one request, and waits for the answer. */
final class LookupJoinOperator implements WaitingOperator {
  private final LookupShape shape;
  private final TaskContext task;
  private final KeyRows keyRows;
  private final List<@Nullable Evaluator> keys = new ArrayList<>();
  private @Nullable Batch pending;
  private @Nullable CompletableFuture<EncodedRows> answer;

  LookupJoinOperator(LookupShape shape, TaskContext task) {
    this.shape = shape;
    this.task = task;
    this.keyRows = new KeyRows(shape.loaded(), shape.plan().distinct());
    ExpressionCompiler compiler = task.expressions();
    try {
      for (Expression key : shape.plan().keys()) {
        keys.add(key instanceof Expression.InputRef ? null : compiler.compile(key));
      }
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  @Override
  public Progress push(Batch batch, Output out) {
    Batch plain = batch.compact(task.allocator());
    pending = plain;
    List<Column> columns = new ArrayList<>(keys.size());
    try {
      for (int i = 0; i < keys.size(); i++) {
        Evaluator evaluator = keys.get(i);
        columns.add(
            evaluator == null
                ? plain.column(((Expression.InputRef) shape.plan().keys().get(i)).column()).share()
                : evaluator.evaluate(plain));
      }
      EncodedRows encoded = keyRows.encode(columns, plain.rowCount(), task.allocator());
      answer = shape.table().lookup(shape.loaded(), encoded, task.context().nowMicros());
    } finally {
      columns.forEach(Column::close);
    }
    return resume(out);
  }

  @Override
  public CompletableFuture<?> until() {
    return Objects.requireNonNull(answer);
  }

  @Override
  public Progress resume(Output out) {
    CompletableFuture<EncodedRows> asked = answer;
    Batch batch = pending;
    if (asked == null || batch == null) {
      return Progress.NEED_INPUT;
    }
    if (!asked.isDone()) {
      return Progress.WAITING;
    }
    answer = null;
    pending = null;
    try (batch) {
      out.push(join(batch, values(asked)));
    }
    return Progress.NEED_INPUT;
  }

  private EncodedRows values(CompletableFuture<EncodedRows> done) {
    try {
      return done.join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof EngineException known) {
        throw known;
      }
      throw new EngineException(
          ErrorCode.INTERNAL,
          "looking up rows of " + shape.table().name() + " failed: " + failure.getCause(),
          failure);
    }
  }

  /** Left rows and what was found for them. */
  private Batch join(Batch left, EncodedRows values) {
    int[] lookups = keyRows.lookups();
    boolean outer = shape.plan().outer();
    int[] kept = new int[left.rowCount()];
    int[] wanted = new int[left.rowCount()];
    int count = 0;
    for (int row = 0; row < left.rowCount(); row++) {
      int lookup = lookups[row];
      boolean found = lookup >= 0 && !values.isMissing(lookup);
      if (found || (outer && lookup != KeyRows.REPEATED)) {
        kept[count] = row;
        wanted[count++] = found ? lookup : -1;
      }
    }
    BufferAllocator allocator = task.allocator();
    List<Column> columns = new ArrayList<>(left.columns().size() + shape.columns().size());
    try {
      if (count == left.rowCount()) {
        left.columns().forEach(column -> columns.add(column.share()));
      } else if (!left.columns().isEmpty()) {
        take(left, kept, count, columns);
      }
      OnlineColumn.read(
          shape.columns(), keyRows.encoded(), values, wanted, count, allocator, columns);
      return new Batch(columns, count);
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private void take(Batch left, int[] kept, int count, List<Column> to) {
    ArrowBuf rows = task.allocator().buffer(Math.max(4L, (long) count << 2));
    for (int i = 0; i < count; i++) {
      rows.setInt((long) i << 2, kept[i]);
    }
    try (Selection selection = new Selection(rows, count)) {
      for (Column column : left.columns()) {
        to.add(column.take(selection, task.allocator()));
      }
    }
  }

  @Override
  public Progress finish(Output out) {
    return Progress.NEED_INPUT;
  }

  @Override
  public void close() {
    for (Evaluator key : keys) {
      if (key != null) {
        key.close();
      }
    }
    keys.clear();
    Batch batch = pending;
    pending = null;
    if (batch != null) {
      batch.close();
    }
  }
}
