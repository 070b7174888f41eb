package io.sluice.engine.expression;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A condition, cut into the terms of its conjunction. A term is evaluated for the rows that the
 * terms before it left, or for all of them where it raises no errors and most rows are left.
 */
final class CompiledFilter implements FilterEvaluator {
  private final BufferAllocator allocator;
  private final List<Node> terms;
  private final Frame first;
  private final List<Frame> narrowed = new ArrayList<>();
  private final Values mask;

  CompiledFilter(List<Node> terms, BufferAllocator allocator) {
    this.allocator = allocator;
    this.terms = List.copyOf(terms);
    this.first = new Frame(allocator);
    this.mask = new Values(SqlType.BOOLEAN, allocator);
    terms.forEach(term -> narrowed.add(new Frame(allocator)));
  }

  @Override
  public Selection select(Batch batch) {
    first.start(batch);
    Frame frame = first;
    if (frame.count() == 0) {
      return none();
    }
    begin(frame.count());
    int left = frame.count();
    for (int t = 0; t < terms.size(); t++) {
      Node term = terms.get(t);
      if (left < frame.count() && !(term.infallible() && left > frame.count() >> 2)) {
        Frame next = narrowed.get(t);
        next.narrow(frame, mask.data(), true);
        frame = next;
        begin(left);
      }
      Values values = term.evaluate(frame);
      int count = frame.count();
      if (values.isConstant()) {
        if (values.isNull(0) || !values.bit(0)) {
          return none();
        }
        continue;
      }
      for (int w = 0; w < Bits.words(count); w++) {
        long at = (long) w << 3;
        long yes = Bits.valueWord(values, w, count) & Bits.validWord(values, w, count);
        mask.data().setLong(at, mask.data().getLong(at) & yes);
      }
      left = Bits.count(mask.data(), count);
      if (left == 0) {
        return none();
      }
    }
    return rows(frame, left);
  }

  private void begin(int count) {
    mask.begin(count);
    Bits.fill(mask.data(), count);
  }

  private Selection none() {
    return new Selection(allocator.buffer(4), 0);
  }

  private Selection rows(Frame frame, int left) {
    ArrowBuf target = allocator.buffer(Math.max(4L, (long) left << 2));
    ArrowBuf physical = frame.rows();
    int count = frame.count();
    int words = Bits.words(count);
    int at = 0;
    for (int w = 0; w < words; w++) {
      long word = mask.data().getLong((long) w << 3);
      if (w == words - 1) {
        word &= Bits.tail(count);
      }
      while (word != 0) {
        int row = (w << 6) + Long.numberOfTrailingZeros(word);
        word &= word - 1;
        target.setInt((long) at++ << 2, physical == null ? row : physical.getInt((long) row << 2));
      }
    }
    return new Selection(target, left);
  }

  @Override
  public Batch filter(Batch batch) {
    Selection chosen;
    try {
      chosen = select(batch);
    } catch (RuntimeException | Error failure) {
      batch.close();
      throw failure;
    }
    if (chosen.count() == batch.rowCount()) {
      chosen.close();
      return batch;
    }
    Selection before = batch.selection();
    Batch filtered = new Batch(batch.columns(), batch.length(), chosen);
    if (before != null) {
      before.close();
    }
    return filtered;
  }

  @Override
  public void close() {
    terms.forEach(Node::close);
    first.close();
    narrowed.forEach(Frame::close);
    mask.close();
  }
}
