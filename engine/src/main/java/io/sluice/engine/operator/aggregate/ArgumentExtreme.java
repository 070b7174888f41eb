package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.operator.hash.StringCells;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/**
 * The first argument where the second is least or greatest; of several the least. Keeps, per group,
 * the least string of bytes that orders by the second argument, then by the first, behind the
 * length of the second's part.
 */
final class ArgumentExtreme implements Accumulator {
  private static final int PREFIX = Integer.BYTES;

  private final BytesPerGroup best;
  private final GrowingBuffer scratch;
  private final boolean greatest;

  ArgumentExtreme(boolean greatest, BufferAllocator allocator) {
    this.best = new BytesPerGroup(allocator);
    this.scratch = new GrowingBuffer(allocator);
    this.greatest = greatest;
  }

  @Override
  public void resize(int groups) {
    best.resize(groups);
  }

  @Override
  public void update(SlotValues values) {
    ArgumentValues result = values.argument(0);
    ArgumentValues order = values.argument(1);
    int[] groups = values.groups();
    for (int i = 0; i < values.count(); i++) {
      int middle = writeOrder(order, i);
      int end = writeResult(result, i, middle);
      scratch.buffer().setInt(0, middle);
      offer(groups[i], scratch.buffer(), 0, end);
    }
  }

  private void offer(int group, ArrowBuf bytes, long start, int length) {
    int now = best.length(group);
    if (now >= 0
        && ExtremeBytes.compare(
                bytes,
                start + PREFIX,
                length - PREFIX,
                best.bytes(),
                best.start(group) + PREFIX,
                now - PREFIX)
            >= 0) {
      return;
    }
    best.set(group, bytes, start, length);
  }

  /** Writes bytes of which none is a prefix of another; returns where they end. */
  private int writeOrder(ArgumentValues values, int i) {
    int end;
    if (values.form() == ArgumentValues.Form.BYTES) {
      end = writeEscaped(values, i);
    } else {
      scratch.ensure(PREFIX + 16);
      end = writeFixed(values, i, PREFIX);
    }
    if (greatest) {
      ArrowBuf buffer = scratch.buffer();
      for (int at = PREFIX; at < end; at++) {
        buffer.setByte(at, ~buffer.getByte(at));
      }
    }
    return end;
  }

  /** Zero bytes become 00 FF, the end 00 00. */
  private int writeEscaped(ArgumentValues values, int i) {
    int row = values.rows()[i];
    ArrowBuf bytes = values.cells().bytes();
    int start = values.cells().starts()[row];
    int length = values.cells().lengths()[row];
    ArrowBuf buffer = scratch.ensure(PREFIX + 2L * length + 2);
    int at = PREFIX;
    for (int b = 0; b < length; b++) {
      byte value = bytes.getByte((long) start + b);
      buffer.setByte(at++, value);
      if (value == 0) {
        buffer.setByte(at++, 0xFF);
      }
    }
    buffer.setByte(at++, 0);
    buffer.setByte(at++, 0);
    return at;
  }

  private int writeResult(ArgumentValues values, int i, int at) {
    if (values.form() != ArgumentValues.Form.BYTES) {
      scratch.ensure(at + 16L);
      return writeFixed(values, i, at);
    }
    int row = values.rows()[i];
    int length = values.cells().lengths()[row];
    scratch.ensure((long) at + length);
    if (length > 0) {
      int start = values.cells().starts()[row];
      scratch.buffer().setBytes(at, values.cells().bytes(), start, length);
    }
    return at + length;
  }

  private int writeFixed(ArgumentValues values, int i, int at) {
    return switch (values.form()) {
      case LONG -> writeSigned(values.longs()[i], at);
      case DOUBLE -> writeSigned(OrderedLongs.of(values.doubles()[i]), at);
      case DECIMAL -> {
        int middle = writeSigned(values.highs()[i], at);
        scratch.buffer().setLong(middle, Long.reverseBytes(values.longs()[i]));
        yield middle + Long.BYTES;
      }
      case BYTES -> throw new AssertionError();
    };
  }

  private int writeSigned(long value, int at) {
    scratch.buffer().setLong(at, Long.reverseBytes(value ^ Long.MIN_VALUE));
    return at + Long.BYTES;
  }

  /** Sets row {@code i} to the group's result; false where it has none. */
  boolean set(int group, ArgumentValues.Form form, FieldVector vector, int i) {
    int length = best.length(group);
    if (length < 0) {
      return false;
    }
    ArrowBuf bytes = best.bytes();
    long start = best.start(group);
    int middle = bytes.getInt(start);
    long at = start + middle;
    switch (form) {
      case LONG -> Results.setLong(vector, i, signed(bytes, at));
      case DOUBLE -> Results.setDouble(vector, i, OrderedLongs.toDouble(signed(bytes, at)));
      case DECIMAL ->
          Results.setDecimal(
              vector, i, Long.reverseBytes(bytes.getLong(at + 8)), signed(bytes, at));
      case BYTES -> StringCells.set(vector, i, bytes, at, length - middle);
    }
    return true;
  }

  private static long signed(ArrowBuf bytes, long at) {
    return Long.reverseBytes(bytes.getLong(at)) ^ Long.MIN_VALUE;
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    BytesPerGroup source = ((ArgumentExtreme) other).best;
    for (int i = 0; i < count; i++) {
      int length = source.length(from[i]);
      if (length >= 0) {
        offer(to[i], source.bytes(), source.start(from[i]), length);
      }
    }
  }

  @Override
  public void close() {
    best.close();
    scratch.close();
  }
}
