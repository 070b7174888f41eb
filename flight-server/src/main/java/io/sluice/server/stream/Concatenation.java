package io.sluice.server.stream;

import io.sluice.engine.batch.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.util.TransferPair;

/** Several runs of rows as one. */
final class Concatenation {
  private static final int UNKNOWN_NULLS = -1;

  private Concatenation() {}

  /** The rows of all parts in order, copied. Consumes the parts. */
  static PlainColumns of(List<PlainColumns> parts, BufferAllocator allocator) {
    int rows = 0;
    for (PlainColumns part : parts) {
      rows += part.rows();
    }
    List<FieldVector> joined = new ArrayList<>();
    try {
      for (int c = 0; c < parts.get(0).vectors().size(); c++) {
        List<FieldVector> runs = new ArrayList<>(parts.size());
        for (PlainColumns part : parts) {
          runs.add(part.vectors().get(c));
        }
        joined.add(join(runs, rows, allocator));
      }
      return new PlainColumns(joined, rows);
    } catch (RuntimeException | Error failure) {
      joined.forEach(FieldVector::close);
      throw failure;
    } finally {
      parts.forEach(PlainColumns::close);
    }
  }

  private static FieldVector join(List<FieldVector> runs, int rows, BufferAllocator allocator) {
    FieldVector target = runs.get(0).getField().createVector(allocator);
    try {
      switch (target) {
        case NullVector nulls -> nulls.setValueCount(rows);
        case BitVector bits -> {
          bits.allocateNew(rows);
          validity(runs, bits);
          int at = 0;
          for (FieldVector run : runs) {
            copyBits(run.getDataBuffer(), bits.getDataBuffer(), at, run.getValueCount());
            at += run.getValueCount();
          }
          bits.setValueCount(rows);
        }
        case BaseFixedWidthVector fixed -> {
          fixed.allocateNew(rows);
          validity(runs, fixed);
          long at = 0;
          for (FieldVector run : runs) {
            long bytes = (long) run.getValueCount() * fixed.getTypeWidth();
            fixed.getDataBuffer().setBytes(at, run.getDataBuffer(), 0, bytes);
            at += bytes;
          }
          fixed.setValueCount(rows);
        }
        case BaseVariableWidthVector variable -> variable(runs, variable, rows);
        case ListVector list -> lists(runs, list, rows, allocator);
        case StructVector struct -> rows(runs, struct, rows, allocator);
        default -> throw new AssertionError(target.getField());
      }
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  private static void variable(List<FieldVector> runs, BaseVariableWidthVector target, int rows) {
    long bytes = 0;
    for (FieldVector run : runs) {
      ArrowBuf offsets = run.getOffsetBuffer();
      bytes += offsets.getInt((long) run.getValueCount() << 2) - offsets.getInt(0);
    }
    target.allocateNew(Math.max(1, bytes), rows);
    validity(runs, target);
    ArrowBuf toOffsets = target.getOffsetBuffer();
    toOffsets.setInt(0, 0);
    long row = 0;
    int at = 0;
    for (FieldVector run : runs) {
      ArrowBuf offsets = run.getOffsetBuffer();
      int first = offsets.getInt(0);
      int shift = at - first;
      int count = run.getValueCount();
      for (int i = 1; i <= count; i++) {
        toOffsets.setInt((row + i) << 2, offsets.getInt((long) i << 2) + shift);
      }
      int size = offsets.getInt((long) count << 2) - first;
      if (size > 0) {
        target.getDataBuffer().setBytes(at, run.getDataBuffer(), first, size);
      }
      row += count;
      at += size;
    }
    target.setLastSet(rows - 1);
    target.setValueCount(rows);
  }

  /** Arrays and maps: lengths and NULLs, then the elements of all as one. */
  private static void lists(
      List<FieldVector> runs, FieldVector target, int rows, BufferAllocator allocator) {
    List<FieldVector> parts = new ArrayList<>();
    try (ArrowBuf validity = bitmap(rows, allocator);
        ArrowBuf offsets = allocator.buffer((rows + 1L) << 2)) {
      validity(runs, validity);
      offsets.setInt(0, 0);
      int elements = 0;
      long row = 0;
      for (FieldVector run : runs) {
        int count = run.getValueCount();
        if (count == 0) {
          continue;
        }
        ArrowBuf from = run.getOffsetBuffer();
        int first = from.getInt(0);
        int size = from.getInt((long) count << 2) - first;
        for (int i = 1; i <= count; i++) {
          offsets.setInt((row + i) << 2, from.getInt((long) i << 2) - first + elements);
        }
        if (size > 0) {
          parts.add(slice(run.getChildrenFromFields().getFirst(), first, size, allocator));
        }
        elements = Math.addExact(elements, size);
        row += count;
      }
      target.loadFieldBuffers(new ArrowFieldNode(rows, UNKNOWN_NULLS), List.of(validity, offsets));
      FieldVector data = target.getChildrenFromFields().getFirst();
      if (parts.isEmpty()) {
        data.setInitialCapacity(1);
        data.allocateNew();
        data.setValueCount(0);
      } else {
        try (FieldVector joined = join(parts, elements, allocator)) {
          Vectors.shareInto(joined, data);
        }
      }
    } finally {
      parts.forEach(FieldVector::close);
    }
  }

  private static FieldVector slice(
      FieldVector elements, int first, int count, BufferAllocator allocator) {
    if (first == 0 && count == elements.getValueCount()) {
      return Vectors.share(elements, allocator);
    }
    TransferPair pair = elements.getTransferPair(elements.getField(), allocator);
    pair.splitAndTransfer(first, count);
    return (FieldVector) pair.getTo();
  }

  private static void rows(
      List<FieldVector> runs, FieldVector target, int rows, BufferAllocator allocator) {
    try (ArrowBuf validity = bitmap(rows, allocator)) {
      validity(runs, validity);
      target.loadFieldBuffers(new ArrowFieldNode(rows, UNKNOWN_NULLS), List.of(validity));
    }
    List<FieldVector> fields = target.getChildrenFromFields();
    for (int f = 0; f < fields.size(); f++) {
      int place = f;
      List<FieldVector> parts =
          runs.stream().map(run -> run.getChildrenFromFields().get(place)).toList();
      try (FieldVector joined = join(parts, rows, allocator)) {
        Vectors.shareInto(joined, fields.get(f));
      }
    }
  }

  private static ArrowBuf bitmap(int rows, BufferAllocator allocator) {
    // bits that are shifted reach a byte further
    return allocator.buffer(((rows + 7L) >> 3) + 1);
  }

  private static void validity(List<FieldVector> runs, FieldVector target) {
    validity(runs, target.getValidityBuffer());
  }

  private static void validity(List<FieldVector> runs, ArrowBuf target) {
    int at = 0;
    for (FieldVector run : runs) {
      copyBits(run.getValidityBuffer(), target, at, run.getValueCount());
      at += run.getValueCount();
    }
  }

  /** Copies the first {@code count} bits of one buffer to bit {@code at} of another. */
  private static void copyBits(ArrowBuf from, ArrowBuf to, int at, int count) {
    if ((at & 7) == 0) {
      to.setBytes(at >> 3, from, 0, (count + 7L) >> 3);
      return;
    }
    int shift = at & 7;
    long base = at >> 3;
    int carry = to.getByte(base) & ((1 << shift) - 1);
    int bytes = (count + 7) >> 3;
    for (int i = 0; i < bytes; i++) {
      int value = from.getByte(i) & 0xff;
      to.setByte(base + i, carry | (value << shift));
      carry = value >>> (8 - shift);
    }
    if (((at + count + 7L) >> 3) > base + bytes) {
      to.setByte(base + bytes, carry);
    }
  }
}
