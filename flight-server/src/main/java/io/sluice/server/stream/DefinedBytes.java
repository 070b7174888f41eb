package io.sluice.server.stream;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;

/**
 * Buffers of a vector in which the bytes of NULLs and the bits behind the last row are 0. Arrow
 * leaves them open; in messages the same rows are the same bytes, and none of another query.
 */
final class DefinedBytes {
  private static final int ALL_VALID = 0xff;

  private DefinedBytes() {}

  /** The vector's own buffers, without its children's; the caller closes them. */
  static List<ArrowBuf> of(FieldVector vector, BufferAllocator allocator) {
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      for (ArrowBuf buffer : vector.getFieldBuffers()) {
        buffers.add(buffer.getReferenceManager().retain(buffer, allocator));
      }
      // a column of NULLs alone has no buffers
      boolean nulls = !buffers.isEmpty() && vector.getNullCount() > 0;
      int rows = vector.getValueCount();
      if (nulls) {
        replace(buffers, 0, allocator);
        clearBehind(buffers.get(0), rows);
      }
      if (vector instanceof BitVector) {
        replace(buffers, 1, allocator);
        clearBehind(buffers.get(1), rows);
        if (nulls) {
          clearBits(buffers.get(0), buffers.get(1));
        }
      } else if (nulls && vector instanceof BaseFixedWidthVector fixed) {
        replace(buffers, 1, allocator);
        clearValues(buffers.get(0), buffers.get(1), fixed.getTypeWidth(), rows);
      }
      return buffers;
    } catch (RuntimeException | Error failure) {
      buffers.forEach(ArrowBuf::close);
      throw failure;
    }
  }

  /** Puts a copy in the buffer's place, since others may hold the buffer. */
  private static void replace(List<ArrowBuf> buffers, int place, BufferAllocator allocator) {
    ArrowBuf original = buffers.get(place);
    long bytes = original.readableBytes();
    ArrowBuf copy = allocator.buffer(bytes);
    copy.setBytes(0, original, original.readerIndex(), bytes);
    copy.writerIndex(bytes);
    buffers.set(place, copy);
    original.close();
  }

  private static void clearBehind(ArrowBuf bits, int rows) {
    int used = rows & 7;
    if (used != 0) {
      long last = rows >> 3;
      bits.setByte(last, bits.getByte(last) & ((1 << used) - 1));
    }
  }

  private static void clearBits(ArrowBuf validity, ArrowBuf bits) {
    for (long i = 0; i < bits.writerIndex(); i++) {
      bits.setByte(i, bits.getByte(i) & validity.getByte(i));
    }
  }

  private static void clearValues(ArrowBuf validity, ArrowBuf values, int width, int rows) {
    for (int first = 0; first < rows; first += 8) {
      int valid = validity.getByte(first >> 3) & 0xff;
      if (valid != ALL_VALID) {
        int end = Math.min(rows, first + 8);
        for (int row = first; row < end; row++) {
          if ((valid >> (row - first) & 1) == 0) {
            clear(values, (long) row * width, width);
          }
        }
      }
    }
  }

  private static void clear(ArrowBuf values, long at, int width) {
    switch (width) {
      case 8 -> values.setLong(at, 0);
      case 4 -> values.setInt(at, 0);
      default -> values.setZero(at, width);
    }
  }
}
