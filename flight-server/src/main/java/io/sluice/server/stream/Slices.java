package io.sluice.server.stream;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.util.TransferPair;

/** Sizes of ranges of rows, and cutting them. */
final class Slices {
  private Slices() {}

  /** Bytes of rows {@code start} to {@code start + count} in a message. */
  static long bytes(FieldVector vector, int start, int count) {
    long validity = (count + 7L) >> 3;
    return switch (vector) {
      case NullVector ignored -> 0;
      case BitVector ignored -> 2 * validity;
      case BaseFixedWidthVector fixed -> validity + (long) count * fixed.getTypeWidth();
      case BaseVariableWidthVector variable ->
          validity + 4L * (count + 1) + variableBytes(variable, start, count);
      // maps are lists
      case ListVector list -> {
        if (count == 0) {
          yield 0;
        }
        int from = list.getElementStartIndex(start);
        int to = list.getElementEndIndex(start + count - 1);
        yield validity + 4L * (count + 1) + bytes(list.getDataVector(), from, to - from);
      }
      case StructVector struct -> {
        long bytes = validity;
        for (FieldVector child : struct.getChildrenFromFields()) {
          bytes += bytes(child, start, count);
        }
        yield bytes;
      }
      default -> throw new AssertionError(vector.getField());
    };
  }

  private static long variableBytes(BaseVariableWidthVector vector, int start, int count) {
    if (count == 0) {
      return 0;
    }
    return (long) vector.getOffsetBuffer().getInt(((long) start + count) << 2)
        - vector.getOffsetBuffer().getInt((long) start << 2);
  }

  /**
   * Cuts rows into pieces of at most {@code maxBytes}; a single row that is larger stays whole.
   * Consumes the columns.
   */
  static List<PlainColumns> split(PlainColumns columns, long maxBytes, BufferAllocator allocator) {
    List<PlainColumns> pieces = new ArrayList<>();
    try (columns) {
      cut(columns, 0, columns.rows(), maxBytes, allocator, pieces);
      return pieces;
    } catch (RuntimeException | Error failure) {
      pieces.forEach(PlainColumns::close);
      throw failure;
    }
  }

  private static void cut(
      PlainColumns columns,
      int start,
      int count,
      long maxBytes,
      BufferAllocator allocator,
      List<PlainColumns> pieces) {
    long bytes = 0;
    for (FieldVector vector : columns.vectors()) {
      bytes += bytes(vector, start, count);
    }
    if (bytes <= maxBytes || count <= 1) {
      pieces.add(slice(columns, start, count, allocator));
      return;
    }
    int half = count / 2;
    // Validity bits of a slice that starts at a whole byte need not be shifted.
    half = half > 8 ? half & ~7 : half;
    cut(columns, start, half, maxBytes, allocator, pieces);
    cut(columns, start + half, count - half, maxBytes, allocator, pieces);
  }

  private static PlainColumns slice(
      PlainColumns columns, int start, int count, BufferAllocator allocator) {
    List<FieldVector> slices = new ArrayList<>(columns.vectors().size());
    try {
      for (FieldVector vector : columns.vectors()) {
        TransferPair pair = vector.getTransferPair(vector.getField(), allocator);
        pair.splitAndTransfer(start, count);
        slices.add((FieldVector) pair.getTo());
      }
      return new PlainColumns(slices, count);
    } catch (RuntimeException | Error failure) {
      slices.forEach(FieldVector::close);
      throw failure;
    }
  }
}
