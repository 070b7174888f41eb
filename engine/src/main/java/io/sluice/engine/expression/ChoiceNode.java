package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Gather;
import io.sluice.engine.function.kernel.Scatter;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * CASE: the result of the first branch whose condition is TRUE. Conditions and results are
 * evaluated for their rows only.
 */
final class ChoiceNode implements Node {
  private final SqlType type;
  private final List<Branch> branches;
  private final Node otherwise;
  private final boolean infallible;
  private final Values out;
  private final Values bits;
  private final List<Frame> taken = new ArrayList<>();
  private final List<Frame> left = new ArrayList<>();
  private final List<Values> flattened = new ArrayList<>();
  private final List<Scatter.Part> parts = new ArrayList<>();

  /** A condition and its result. */
  record Branch(Node condition, Node result) {}

  ChoiceNode(SqlType type, List<Branch> branches, Node otherwise, BufferAllocator allocator) {
    this.type = type;
    this.branches = List.copyOf(branches);
    this.otherwise = otherwise;
    this.out = new Values(type, allocator);
    this.bits = new Values(SqlType.BOOLEAN, allocator);
    boolean safe = otherwise.infallible();
    for (Branch branch : branches) {
      safe &= branch.condition.infallible() && branch.result.infallible();
      taken.add(new Frame(allocator));
      left.add(new Frame(allocator));
    }
    this.infallible = safe;
    for (int i = 0; i <= branches.size(); i++) {
      flattened.add(new Values(type, allocator));
    }
  }

  @Override
  public SqlType type() {
    return type;
  }

  @Override
  public boolean infallible() {
    return infallible;
  }

  @Override
  public Values evaluate(Frame frame) {
    parts.clear();
    Frame open = frame;
    for (int b = 0; b < branches.size(); b++) {
      Branch branch = branches.get(b);
      int count = open.count();
      Values condition = branch.condition.evaluate(open);
      if (condition.isConstant()) {
        if (!condition.isNull(0) && condition.bit(0)) {
          return rest(frame, open, branch.result);
        }
        continue;
      }
      bits.begin(count);
      for (int w = 0; w < Bits.words(count); w++) {
        long yes = Bits.valueWord(condition, w, count) & Bits.validWord(condition, w, count);
        bits.data().setLong((long) w << 3, yes);
      }
      int yes = Bits.count(bits.data(), count);
      if (yes == 0) {
        continue;
      }
      if (yes == count) {
        return rest(frame, open, branch.result);
      }
      Frame chosen = taken.get(b);
      chosen.narrow(open, bits.data(), open == frame);
      add(frame, chosen, branch.result);
      Bits.negate(bits.data(), count);
      Frame remaining = left.get(b);
      remaining.narrow(open, bits.data(), open == frame);
      open = remaining;
    }
    return rest(frame, open, otherwise);
  }

  /** All rows that are still open take this result. */
  private Values rest(Frame frame, Frame open, Node result) {
    if (open == frame) {
      return result.evaluate(frame);
    }
    add(frame, open, result);
    Scatter.assemble(parts, frame.count(), out);
    return out;
  }

  private void add(Frame frame, Frame rows, Node result) {
    // What raises no errors may be read in place: that saves gathering the rows.
    boolean dense = result.infallible() && rows.count() > frame.count() >> 2;
    Values values = result.evaluate(dense ? frame : rows);
    if (values.isDictionary()) {
      Values flat = flattened.get(parts.size());
      Gather.flatten(values, flat);
      values = flat;
    }
    ArrowBuf positions = rows.positions();
    parts.add(new Scatter.Part(values, positions, rows.count(), dense ? positions : null));
  }

  @Override
  public void close() {
    for (Branch branch : branches) {
      branch.condition.close();
      branch.result.close();
    }
    otherwise.close();
    taken.forEach(Frame::close);
    left.forEach(Frame::close);
    flattened.forEach(Values::close);
    bits.close();
    out.close();
  }
}
