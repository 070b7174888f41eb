package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Gather;
import io.sluice.engine.function.kernel.Scatter;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** The first argument that is not NULL; each is evaluated for the rows that still need it. */
final class CoalesceNode implements Node {
  private final SqlType type;
  private final List<Node> children;
  private final boolean infallible;
  private final Values out;
  private final Values bits;
  private final List<Frame> taken = new ArrayList<>();
  private final List<Frame> left = new ArrayList<>();
  private final List<Values> flattened = new ArrayList<>();
  private final List<Scatter.Part> parts = new ArrayList<>();

  CoalesceNode(SqlType type, List<Node> children, BufferAllocator allocator) {
    this.type = type;
    this.children = List.copyOf(children);
    this.infallible = children.stream().allMatch(Node::infallible);
    this.out = new Values(type, allocator);
    this.bits = new Values(SqlType.BOOLEAN, allocator);
    for (int i = 0; i < children.size(); i++) {
      taken.add(new Frame(allocator));
      left.add(new Frame(allocator));
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
    int last = children.size() - 1;
    for (int i = 0; i <= last; i++) {
      Values values = children.get(i).evaluate(open);
      boolean whole = i == last || !values.hasNulls();
      if (values.isConstantNull() && i < last) {
        continue;
      }
      if (whole && open == frame) {
        return values;
      }
      if (values.isDictionary()) {
        Values flat = flattened.get(i);
        Gather.flatten(values, flat);
        values = flat;
      }
      if (whole) {
        parts.add(new Scatter.Part(values, open.positions(), open.count(), null));
        break;
      }
      open = split(frame, open, i, values);
    }
    Scatter.assemble(parts, frame.count(), out);
    return out;
  }

  /** Takes the rows that are not NULL; gives the others. */
  private Frame split(Frame frame, Frame open, int child, Values values) {
    int count = open.count();
    bits.begin(count);
    for (int w = 0; w < Bits.words(count); w++) {
      bits.data().setLong((long) w << 3, ~Bits.validWord(values, w, count));
    }
    Frame remaining = left.get(child);
    remaining.narrow(open, bits.data(), open == frame);
    Frame chosen = taken.get(child);
    Bits.negate(bits.data(), count);
    chosen.narrow(open, bits.data(), open == frame);
    parts.add(new Scatter.Part(values, chosen.positions(), chosen.count(), chosen.ranks()));
    return remaining;
  }

  @Override
  public void close() {
    children.forEach(Node::close);
    taken.forEach(Frame::close);
    left.forEach(Frame::close);
    flattened.forEach(Values::close);
    bits.close();
    out.close();
  }
}
