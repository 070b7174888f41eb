package io.sluice.connectors.parquet;

import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Validity of the rows appended so far; there is a buffer only from the first NULL on. */
final class ColumnBuffers implements AutoCloseable {
  private final BufferAllocator allocator;
  private int capacity;
  private int rows;
  private int nulls;
  private @Nullable ArrowBuf validity;

  ColumnBuffers(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** The field that vectors of a type are made from. */
  static Field field(SqlType type) {
    return ArrowTypes.field("", type, true);
  }

  void begin(int maxRows) {
    close();
    capacity = maxRows;
    rows = 0;
    nulls = 0;
  }

  int rows() {
    return rows;
  }

  int nulls() {
    return nulls;
  }

  /** Address of the validity bits; to be asked for only where there are NULLs. */
  long validity() {
    ArrowBuf bits = validity;
    if (bits == null) {
      throw new IllegalStateException("no NULL so far");
    }
    return bits.memoryAddress();
  }

  /**
   * Adds the validity of {@code count} rows of a page from {@code pageRow} on.
   *
   * @return how many of them are not NULL
   */
  int append(DataPage page, int pageRow, int count) {
    int absent = page.nulls(pageRow, count);
    ArrowBuf bits = validity;
    if (absent > 0 && bits == null) {
      bits = allocator.buffer((capacity + 7L) >>> 3);
      validity = bits;
      Bits.fill(bits.memoryAddress(), 0, rows, 1);
    }
    if (bits != null) {
      ArrowBuf source = page.validity();
      if (absent == 0 || source == null) {
        Bits.fill(bits.memoryAddress(), rows, count, 1);
      } else {
        Bits.copy(source.memoryAddress(), pageRow, bits.memoryAddress(), rows, count);
      }
    }
    rows += count;
    nulls += absent;
    return count - absent;
  }

  /** A vector of the rows so far over these buffers, which stay the caller's to release. */
  FieldVector vector(Field field, ArrowBuf... data) {
    FieldVector vector = field.createVector(allocator);
    try {
      ArrowBuf bits = validity == null ? allocator.getEmpty() : validity;
      List<ArrowBuf> buffers =
          data.length == 1 ? List.of(bits, data[0]) : List.of(bits, data[0], data[1]);
      vector.loadFieldBuffers(new ArrowFieldNode(rows, nulls), buffers);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  @Override
  public void close() {
    if (validity != null) {
      validity.close();
      validity = null;
    }
  }
}
