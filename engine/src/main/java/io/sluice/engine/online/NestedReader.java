package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Reads cells of {@link NestedCells} into a vector: it measures all of them, makes buffers of just
 * that size, and fills these. One of it is a vector of the tree, with what it holds so far.
 */
final class NestedReader implements AutoCloseable {
  /** How the values of a vector lie. */
  private enum Form {
    BITS,
    FIXED,
    STRINGS,
    LIST,
    ROW
  }

  private final FieldVector vector;
  private final Form form;
  private final int width;
  private final List<NestedReader> children = new ArrayList<>();
  private ArrowBuf validity;
  private ArrowBuf offsets;
  private ArrowBuf data;
  private long values;
  private long nulls;
  private long bytes;
  private int position;
  private int bytePosition;

  private NestedReader(FieldVector vector, BufferAllocator allocator) {
    this.vector = vector;
    this.validity = allocator.getEmpty();
    this.offsets = allocator.getEmpty();
    this.data = allocator.getEmpty();
    this.form =
        switch (vector) {
          case BitVector ignored -> Form.BITS;
          case BaseFixedWidthVector ignored -> Form.FIXED;
          case BaseVariableWidthVector ignored -> Form.STRINGS;
          case ListVector ignored -> Form.LIST;
          case StructVector ignored -> Form.ROW;
          default -> throw new AssertionError(vector.getField());
        };
    this.width = vector instanceof BaseFixedWidthVector fixed ? fixed.getTypeWidth() : 0;
    for (FieldVector child : vector.getChildrenFromFields()) {
      children.add(new NestedReader(child, allocator));
    }
  }

  /**
   * Fills an empty vector.
   *
   * @param cells where the cell of each row begins, -1 for NULL
   * @throws EngineException MEMORY_LIMIT where they are too many for one vector
   */
  static void read(byte[] from, int[] cells, int count, FieldVector to, BufferAllocator allocator) {
    try (NestedReader reader = new NestedReader(to, allocator)) {
      for (int i = 0; i < count; i++) {
        if (cells[i] < 0) {
          reader.measureNulls(1);
        } else {
          reader.values++;
          reader.measureBody(from, cells[i], 1);
        }
      }
      reader.allocate(allocator);
      for (int i = 0; i < count; i++) {
        if (cells[i] < 0) {
          reader.fillNulls(1);
        } else {
          reader.setValid(1);
          reader.fillBody(from, cells[i], 1);
          reader.position++;
        }
      }
      reader.load();
    }
  }

  private void measureNulls(int count) {
    values += count;
    nulls += count;
    if (form == Form.ROW) {
      for (NestedReader child : children) {
        child.measureNulls(count);
      }
    }
  }

  private int measureRun(byte[] from, int at, int count) {
    if (count == 0) {
      return at;
    }
    int next = at + 1;
    if (from[at] == NestedCells.ALL_NULL) {
      measureNulls(count);
      return next;
    }
    values += count;
    if (from[at] == NestedCells.SOME_NULLS) {
      int end = next + NestedCells.bitBytes(count);
      for (; next < end; next++) {
        nulls += Integer.bitCount(from[next] & 0xFF);
      }
    }
    return measureBody(from, next, count);
  }

  private int measureBody(byte[] from, int at, int count) {
    return switch (form) {
      case BITS -> at + NestedCells.bitBytes(count);
      case FIXED -> at + count * width;
      case STRINGS -> {
        int end = lastEnd(from, at, count);
        bytes += end;
        yield at + (count << 2) + end;
      }
      case LIST ->
          children.getFirst().measureRun(from, at + (count << 2), lastEnd(from, at, count));
      case ROW -> {
        int next = at;
        for (NestedReader child : children) {
          next = child.measureRun(from, next, count);
        }
        yield next;
      }
    };
  }

  private static int lastEnd(byte[] from, int at, int count) {
    return LittleEndian.getInt(from, at + ((count - 1) << 2));
  }

  private void allocate(BufferAllocator allocator) {
    long limit = Integer.MAX_VALUE - 8;
    if (values > limit || bytes > limit) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT,
          "the arrays or maps that are looked up for one batch of keys have "
              + Math.max(values, bytes)
              + " elements or bytes, more than one column takes: ask for fewer keys at once");
    }
    if (nulls > 0) {
      validity = zeros(NestedCells.bitBytes((int) values), allocator);
    }
    switch (form) {
      case BITS -> data = zeros(NestedCells.bitBytes((int) values), allocator);
      // where there are NULLs not every value is written
      case FIXED ->
          data = nulls > 0 ? zeros(values * width, allocator) : room(values * width, allocator);
      case STRINGS -> {
        offsets = zeros((values + 1) << 2, allocator);
        data = room(bytes, allocator);
      }
      case LIST -> offsets = zeros((values + 1) << 2, allocator);
      case ROW -> {}
    }
    for (NestedReader child : children) {
      child.allocate(allocator);
    }
  }

  private static ArrowBuf room(long size, BufferAllocator allocator) {
    return allocator.buffer(Math.max(8, size));
  }

  private static ArrowBuf zeros(long size, BufferAllocator allocator) {
    ArrowBuf buffer = room(size, allocator);
    buffer.setZero(0, Math.max(8, size));
    return buffer;
  }

  private void fillNulls(int count) {
    switch (form) {
      case STRINGS -> repeatEnd(bytePosition, count);
      case LIST -> repeatEnd(children.getFirst().position, count);
      case ROW -> {
        for (NestedReader child : children) {
          child.fillNulls(count);
        }
      }
      case BITS, FIXED -> {}
    }
    position += count;
  }

  private void repeatEnd(int end, int count) {
    for (int i = 1; i <= count; i++) {
      offsets.setInt(((long) position + i) << 2, end);
    }
  }

  private int fillRun(byte[] from, int at, int count) {
    if (count == 0) {
      return at;
    }
    int next = at + 1;
    switch (from[at]) {
      case NestedCells.ALL_NULL -> {
        fillNulls(count);
        return next;
      }
      case NestedCells.SOME_NULLS -> {
        setBits(from, next, count, 0, validity);
        next += NestedCells.bitBytes(count);
      }
      default -> setValid(count);
    }
    next = fillBody(from, next, count);
    position += count;
    return next;
  }

  private void setValid(int count) {
    if (nulls > 0) {
      for (int i = 0; i < count; i++) {
        BitVectorHelper.setBit(validity, (long) position + i);
      }
    }
  }

  /** Sets the bits of values whose bit is {@code sought}. */
  private void setBits(byte[] from, int at, int count, int sought, ArrowBuf to) {
    for (int i = 0; i < count; i++) {
      if (((from[at + (i >> 3)] >> (i & 7)) & 1) == sought) {
        BitVectorHelper.setBit(to, (long) position + i);
      }
    }
  }

  private int fillBody(byte[] from, int at, int count) {
    return switch (form) {
      case BITS -> {
        setBits(from, at, count, 1, data);
        yield at + NestedCells.bitBytes(count);
      }
      case FIXED -> {
        data.setBytes((long) position * width, from, at, (long) count * width);
        yield at + count * width;
      }
      case STRINGS -> {
        int next = fillEnds(from, at, count, bytePosition);
        int length = lastEnd(from, at, count);
        data.setBytes(bytePosition, from, next, length);
        bytePosition += length;
        yield next + length;
      }
      case LIST -> {
        NestedReader elements = children.getFirst();
        int next = fillEnds(from, at, count, elements.position);
        yield elements.fillRun(from, next, lastEnd(from, at, count));
      }
      case ROW -> {
        int next = at;
        for (NestedReader child : children) {
          next = child.fillRun(from, next, count);
        }
        yield next;
      }
    };
  }

  private int fillEnds(byte[] from, int at, int count, int base) {
    for (int i = 0; i < count; i++) {
      offsets.setInt((position + i + 1L) << 2, base + LittleEndian.getInt(from, at + (i << 2)));
    }
    return at + (count << 2);
  }

  /** Gives the buffers to the vectors. */
  private void load() {
    List<ArrowBuf> buffers =
        switch (form) {
          case BITS, FIXED -> List.of(validity, data);
          case STRINGS -> List.of(validity, offsets, data);
          case LIST -> List.of(validity, offsets);
          case ROW -> List.of(validity);
        };
    vector.loadFieldBuffers(new ArrowFieldNode(values, nulls), buffers);
    children.forEach(NestedReader::load);
  }

  /** Lets go of the buffers, which the vectors hold by references of their own. */
  @Override
  public void close() {
    // closing an empty buffer does nothing
    validity.close();
    offsets.close();
    data.close();
    children.forEach(NestedReader::close);
  }
}
