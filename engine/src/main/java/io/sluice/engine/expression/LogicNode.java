package io.sluice.engine.expression;

import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * AND or OR. An argument is evaluated for the rows that those before it leave open; for all rows
 * only where it raises no errors and most rows are open.
 */
final class LogicNode implements Node {
  private final boolean conjunction;
  private final List<Node> children;
  private final boolean infallible;
  private final Values out;
  private final Frame open;
  private final Values openBits;

  LogicNode(boolean conjunction, List<Node> children, BufferAllocator allocator) {
    this.conjunction = conjunction;
    this.children = List.copyOf(children);
    this.infallible = children.stream().allMatch(Node::infallible);
    this.out = new Values(SqlType.BOOLEAN, allocator);
    this.open = new Frame(allocator);
    this.openBits = new Values(SqlType.BOOLEAN, allocator);
  }

  boolean isConjunction() {
    return conjunction;
  }

  List<Node> children() {
    return children;
  }

  @Override
  public SqlType type() {
    return SqlType.BOOLEAN;
  }

  @Override
  public boolean infallible() {
    return infallible;
  }

  @Override
  public Values evaluate(Frame frame) {
    int count = frame.count();
    out.begin(count);
    ArrowBuf decided = out.data();
    // Rows for which no argument so far is NULL.
    ArrowBuf known = out.validity();
    Bits.clear(decided, count);
    for (int i = 0; i < children.size(); i++) {
      Node child = children.get(i);
      int left = i == 0 ? count : count - Bits.count(decided, count);
      if (left == 0) {
        break;
      }
      if (left == count || (child.infallible() && left > count >> 2)) {
        merge(child.evaluate(frame), count, decided, known);
      } else {
        openBits.begin(count);
        for (int w = 0; w < Bits.words(count); w++) {
          openBits.data().setLong((long) w << 3, ~decided.getLong((long) w << 3));
        }
        open.narrow(frame, openBits.data(), true);
        mergeNarrowed(child.evaluate(open), decided, known);
      }
    }
    for (int w = 0; w < Bits.words(count); w++) {
      long at = (long) w << 3;
      long is = decided.getLong(at);
      long complete = known.getLong(at);
      decided.setLong(at, conjunction ? (~is & complete) : is);
      known.setLong(at, is | complete);
    }
    out.checkNulls();
    return out;
  }

  private void merge(Values values, int count, ArrowBuf decided, ArrowBuf known) {
    for (int w = 0; w < Bits.words(count); w++) {
      long at = (long) w << 3;
      long valid = Bits.validWord(values, w, count);
      long value = Bits.valueWord(values, w, count);
      decided.setLong(at, decided.getLong(at) | (valid & (conjunction ? ~value : value)));
      known.setLong(at, known.getLong(at) & valid);
    }
  }

  private void mergeNarrowed(Values values, ArrowBuf decided, ArrowBuf known) {
    ArrowBuf positions = open.positions();
    for (int i = 0; i < open.count(); i++) {
      int row = positions.getInt((long) i << 2);
      if (values.isNull(i)) {
        Bits.set(known, row, false);
      } else if (values.bit(values.isConstant() ? 0 : i) != conjunction) {
        Bits.set(decided, row, true);
      }
    }
  }

  @Override
  public void close() {
    children.forEach(Node::close);
    open.close();
    openBits.close();
    out.close();
  }
}
