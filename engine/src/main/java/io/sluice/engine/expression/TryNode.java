package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** NULL for the rows whose evaluation is a USER error. */
final class TryNode implements Node {
  private final Node child;
  private final Frame part;
  private final Values out;

  TryNode(Node child, BufferAllocator allocator) {
    this.child = child;
    this.part = new Frame(allocator);
    this.out = new Values(child.type(), allocator);
  }

  @Override
  public SqlType type() {
    return child.type();
  }

  @Override
  public boolean infallible() {
    return true;
  }

  @Override
  public Values evaluate(Frame frame) {
    try {
      return child.evaluate(frame);
    } catch (EngineException error) {
      if (!isUserError(error)) {
        throw error;
      }
    }
    // Errors are rare: halving finds them in few evaluations, cell by cell is fine for the rest.
    List<@Nullable Object> cells = new ArrayList<>(frame.count());
    split(frame, 0, frame.count(), cells);
    FieldVector vector = Cells.vector(type(), cells, out.allocator());
    out.own(vector, false, frame.count());
    return out;
  }

  private void split(Frame frame, int from, int to, List<@Nullable Object> cells) {
    if (to - from == 1) {
      part.range(frame, from, to);
      if (!append(cells)) {
        cells.add(null);
      }
      return;
    }
    int middle = (from + to) >>> 1;
    half(frame, from, middle, cells);
    half(frame, middle, to, cells);
  }

  private void half(Frame frame, int from, int to, List<@Nullable Object> cells) {
    part.range(frame, from, to);
    if (!append(cells)) {
      split(frame, from, to, cells);
    }
  }

  /** Whether the part's rows raised no error. */
  private boolean append(List<@Nullable Object> cells) {
    int count = part.count();
    try {
      Values values = child.evaluate(part);
      ValuesColumns.append(values, count, cells);
      return true;
    } catch (EngineException error) {
      if (!isUserError(error)) {
        throw error;
      }
      return false;
    }
  }

  private static boolean isUserError(EngineException error) {
    return error.code().kind() == ErrorCode.Kind.USER && error.code() != ErrorCode.CANCELLED;
  }

  @Override
  public void close() {
    child.close();
    part.close();
    out.close();
  }
}
