package io.sluice.connectors.parquet;

import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** A chunk's distinct strings. */
final class BinaryDictionary implements AutoCloseable {
  private final ArrowBuf offsets;
  private final ArrowBuf data;
  private final int size;
  private final SqlType type;
  private final BufferAllocator allocator;
  private final boolean kept;
  private @Nullable SharedDictionary shared;

  private BinaryDictionary(
      ArrowBuf offsets,
      ArrowBuf data,
      int size,
      SqlType type,
      BufferAllocator allocator,
      boolean kept) {
    this.offsets = offsets;
    this.data = data;
    this.size = size;
    this.type = type;
    this.allocator = allocator;
    this.kept = kept;
  }

  /**
   * Reads a dictionary page.
   *
   * @param width of each entry, 0 where each has its length before it
   * @param rows of the row group: a dictionary of more than half of them is not worth keeping
   */
  static BinaryDictionary read(
      DataPage page, int width, SqlType type, long rows, BufferAllocator allocator) {
    int size = page.values();
    long bytes = page.end() - page.start();
    if ((long) size * (width == 0 ? 4 : width) > bytes) {
      throw new CorruptPage("a dictionary of " + size + " entries in " + bytes + " bytes");
    }
    ArrowBuf offsets = allocator.buffer((size + 1L) << 2);
    ArrowBuf data = null;
    try {
      long lengths = offsets.memoryAddress() + 4;
      if (width == 0) {
        BinaryKernels.lengths(page.start(), page.end(), lengths, size, 0, 0);
      } else {
        for (int i = 0; i < size; i++) {
          MemoryUtil.putInt(lengths + ((long) i << 2), width);
        }
      }
      BinaryKernels.offsets(offsets.memoryAddress(), size);
      int total = offsets.getInt((long) size << 2);
      data = allocator.buffer((long) total + PageMemory.SLACK);
      if (width == 0) {
        BinaryKernels.copyPlain(
            page.start(), data.memoryAddress(), offsets.memoryAddress(), size, 0, 0);
      } else {
        MemoryUtil.copyMemory(page.start(), data.memoryAddress(), total);
      }
      boolean kept = size > 0 && size <= rows / 2;
      return new BinaryDictionary(offsets, data, size, type, allocator, kept);
    } catch (RuntimeException | Error failure) {
      offsets.close();
      if (data != null) {
        data.close();
      }
      throw failure;
    }
  }

  int size() {
    return size;
  }

  /** Whether columns come out as ids. */
  boolean kept() {
    return kept;
  }

  long offsets() {
    return offsets.memoryAddress();
  }

  long data() {
    return data.memoryAddress();
  }

  /** One more use of the values, for the caller. */
  SharedDictionary share() {
    SharedDictionary present = shared;
    if (present == null) {
      FieldVector values = ColumnBuffers.field(type).createVector(allocator);
      try {
        values.loadFieldBuffers(
            new ArrowFieldNode(size, 0), java.util.List.of(allocator.getEmpty(), offsets, data));
      } catch (RuntimeException | Error failure) {
        values.close();
        throw failure;
      }
      present = new SharedDictionary(type, values);
      shared = present;
    }
    return present.retain();
  }

  @Override
  public void close() {
    offsets.close();
    data.close();
    if (shared != null) {
      shared.release();
      shared = null;
    }
  }
}
