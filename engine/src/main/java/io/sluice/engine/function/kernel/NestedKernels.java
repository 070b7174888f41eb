package io.sluice.engine.function.kernel;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Interleave;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.Take;
import io.sluice.engine.batch.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.ByteFunctionHelpers;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Kernels that make arrays, rows and maps of their parts and take them apart. */
public final class NestedKernels {
  private NestedKernels() {}

  private static void own(Values out, FieldVector result) {
    out.own(result, out.isConstant(), out.count());
  }

  // ---- parts of rows

  /** The field at a place of a row; NULL where the row is. */
  public static Kernel field(int index) {
    return (arguments, out, count) -> {
      StructVector rows = (StructVector) arguments[0].vector();
      FieldVector part = (FieldVector) rows.getChildByOrdinal(index);
      own(out, below(rows, part, out.allocator()));
    };
  }

  /** The values of a row's field, NULL where the row is NULL too. */
  public static FieldVector below(StructVector rows, FieldVector part, BufferAllocator allocator) {
    FieldVector shared = Vectors.share(part, allocator);
    if (rows.getNullCount() == 0 || part instanceof NullVector) {
      return shared;
    }
    int count = rows.getValueCount();
    long words = Bits.words(count);
    try (ArrowBuf validity = allocator.buffer(Bits.bytes(count))) {
      boolean all = part.getNullCount() == 0;
      for (int w = 0; w < words; w++) {
        long own = all ? -1L : Bits.word(part.getValidityBuffer(), w, count);
        validity.setLong((long) w << 3, own & Bits.word(rows.getValidityBuffer(), w, count));
      }
      List<ArrowBuf> buffers = new ArrayList<>(shared.getFieldBuffers());
      buffers.set(0, validity);
      shared.loadFieldBuffers(new ArrowFieldNode(count, -1), buffers);
      return shared;
    } catch (RuntimeException | Error failure) {
      shared.close();
      throw failure;
    }
  }

  // ---- parts of arrays and maps

  /** Elements of an array or entries of a map. */
  public static void cardinality(Values[] arguments, Values out, int count) {
    ListVector lists = (ListVector) arguments[0].vector();
    ArrowBuf to = out.data();
    for (int i = 0; i < count; i++) {
      long size = lists.isNull(i) ? 0 : lists.getElementEndIndex(i) - lists.getElementStartIndex(i);
      to.setLong((long) i << 3, size);
    }
  }

  /**
   * The element at a place counted from 1, or from the end where negative; NULL where there is
   * none.
   */
  public static void element(Values[] arguments, Values out, int count) {
    Values array = arguments[0];
    Values place = arguments[1];
    ListVector lists = array.isConstantNull() ? null : (ListVector) array.vector();
    int[] rows = new int[count];
    Arrays.fill(rows, -1);
    for (int i = 0; i < count; i++) {
      int row = i & array.rowMask();
      if (lists == null || lists.isNull(row) || place.isNull(i)) {
        continue;
      }
      long at = place.data().getLong((long) (i & place.rowMask()) << 3);
      int start = lists.getElementStartIndex(row);
      int end = lists.getElementEndIndex(row);
      if (at > 0 && at <= end - start) {
        rows[i] = start + (int) at - 1;
      } else if (at < 0 && -at <= end - start) {
        rows[i] = end + (int) at;
      }
    }
    take(lists == null ? null : lists.getDataVector(), rows, count, out);
  }

  /** The value of a key in a map; NULL where there is none. */
  public static void value(Values[] arguments, Values out, int count) {
    Values map = arguments[0];
    Values key = arguments[1];
    ListVector maps = map.isConstantNull() ? null : (ListVector) map.vector();
    StructVector entries = maps == null ? null : (StructVector) maps.getDataVector();
    int[] rows = new int[count];
    Arrays.fill(rows, -1);
    if (maps != null && entries != null) {
      FieldVector keys = (FieldVector) entries.getChildByOrdinal(0);
      try (FieldVector wanted = key.toVector()) {
        for (int i = 0; i < count; i++) {
          int row = i & map.rowMask();
          int at = i & key.rowMask();
          if (maps.isNull(row) || wanted.isNull(at)) {
            continue;
          }
          int end = maps.getElementEndIndex(row);
          for (int e = maps.getElementStartIndex(row); e < end; e++) {
            if (same(keys, e, wanted, at)) {
              rows[i] = e;
              break;
            }
          }
        }
      }
    }
    take(entries == null ? null : (FieldVector) entries.getChildByOrdinal(1), rows, count, out);
  }

  private static boolean same(FieldVector a, int i, FieldVector b, int j) {
    return switch (a) {
      case BitVector ignored -> Objects.equals(Cells.get(a, i), Cells.get(b, j));
      case BaseFixedWidthVector fixed -> {
        int width = fixed.getTypeWidth();
        long from = (long) i * width;
        long to = (long) j * width;
        yield ByteFunctionHelpers.equal(
                a.getDataBuffer(), from, from + width, b.getDataBuffer(), to, to + width)
            == 1;
      }
      case BaseVariableWidthVector text -> {
        BaseVariableWidthVector other = (BaseVariableWidthVector) b;
        yield ByteFunctionHelpers.equal(
                text.getDataBuffer(),
                text.getStartOffset(i),
                text.getEndOffset(i),
                other.getDataBuffer(),
                other.getStartOffset(j),
                other.getEndOffset(j))
            == 1;
      }
      default -> throw new AssertionError(a.getField());
    };
  }

  /** Rows of a vector; NULL for -1. */
  private static void take(@Nullable FieldVector source, int[] rows, int count, Values out) {
    BufferAllocator allocator = out.allocator();
    if (source == null) {
      own(out, Vectors.nulls(out.type(), count, allocator));
      return;
    }
    ArrowBuf indices = allocator.buffer(Math.max(4L, (long) count << 2));
    for (int i = 0; i < count; i++) {
      indices.setInt((long) i << 2, rows[i]);
    }
    try (Selection selection = new Selection(indices, count)) {
      own(out, Take.take(source, selection, allocator));
    }
  }

  /** The keys of a map as an array. */
  public static void keys(Values[] arguments, Values out, int count) {
    entries(arguments[0], 0, out);
  }

  /** The values of a map as an array. */
  public static void values(Values[] arguments, Values out, int count) {
    entries(arguments[0], 1, out);
  }

  private static void entries(Values map, int part, Values out) {
    ListVector maps = (ListVector) map.vector();
    StructVector entries = (StructVector) maps.getDataVector();
    try (FieldVector elements =
        Vectors.share((FieldVector) entries.getChildByOrdinal(part), out.allocator())) {
      own(out, list(maps, elements, out));
    }
  }

  /** A list of the same offsets and NULLs over other elements, which stay the caller's. */
  private static FieldVector list(ListVector shape, FieldVector elements, Values out) {
    FieldVector list = Vectors.create(out.type(), out.allocator());
    try {
      list.loadFieldBuffers(
          new ArrowFieldNode(shape.getValueCount(), shape.getNullCount()), shape.getFieldBuffers());
      Vectors.shareInto(elements, list.getChildrenFromFields().getFirst());
      return list;
    } catch (RuntimeException | Error failure) {
      list.close();
      throw failure;
    }
  }

  // ---- from parts

  /** Arguments {@code first}, {@code first + step} and so on of each row, row by row. */
  private static FieldVector interleaved(
      Values[] arguments, int first, int step, int count, BufferAllocator allocator) {
    int width = (arguments.length - first + step - 1) / step;
    int total = Math.multiplyExact(width, count);
    List<FieldVector> sources = new ArrayList<>(width);
    try {
      int[] from = new int[total];
      int[] rows = new int[total];
      for (int k = 0; k < width; k++) {
        Values part = arguments[first + k * step];
        sources.add(part.toVector());
        for (int i = 0; i < count; i++) {
          from[i * width + k] = k;
          rows[i * width + k] = i & part.rowMask();
        }
      }
      return Interleave.gather(sources, from, rows, total, allocator);
    } finally {
      sources.forEach(FieldVector::close);
    }
  }

  private static ArrowBuf offsets(int count, int width, BufferAllocator allocator) {
    ArrowBuf offsets = allocator.buffer((count + 1L) << 2);
    for (int i = 0; i <= count; i++) {
      offsets.setInt((long) i << 2, i * width);
    }
    return offsets;
  }

  /** An array of the arguments. */
  public static void array(Values[] arguments, Values out, int count) {
    BufferAllocator allocator = out.allocator();
    FieldVector list = Vectors.create(out.type(), allocator);
    try (FieldVector elements = interleaved(arguments, 0, 1, count, allocator);
        ArrowBuf offsets = offsets(count, arguments.length, allocator)) {
      list.loadFieldBuffers(new ArrowFieldNode(count, 0), List.of(allocator.getEmpty(), offsets));
      Vectors.shareInto(elements, list.getChildrenFromFields().getFirst());
    } catch (RuntimeException | Error failure) {
      list.close();
      throw failure;
    }
    own(out, list);
  }

  /** A map of keys and values in turn. Keys that are NULL or repeated are errors. */
  public static void map(Values[] arguments, Values out, int count) {
    BufferAllocator allocator = out.allocator();
    int width = arguments.length / 2;
    FieldVector map = Vectors.create(out.type(), allocator);
    try (FieldVector keys = interleaved(arguments, 0, 2, count, allocator);
        FieldVector values = interleaved(arguments, 1, 2, count, allocator);
        ArrowBuf offsets = offsets(count, width, allocator)) {
      for (int i = 0; i < count; i++) {
        checkKeys(keys, i * width, width);
      }
      map.loadFieldBuffers(new ArrowFieldNode(count, 0), List.of(allocator.getEmpty(), offsets));
      FieldVector entries = map.getChildrenFromFields().getFirst();
      entries.loadFieldBuffers(new ArrowFieldNode(count * width, 0), List.of(allocator.getEmpty()));
      Vectors.shareInto(keys, entries.getChildrenFromFields().get(0));
      Vectors.shareInto(values, entries.getChildrenFromFields().get(1));
    } catch (RuntimeException | Error failure) {
      map.close();
      throw failure;
    }
    own(out, map);
  }

  private static void checkKeys(FieldVector keys, int start, int width) {
    for (int i = start; i < start + width; i++) {
      if (keys.isNull(i)) {
        throw new EngineException(ErrorCode.INVALID_ARGUMENT, "a key of a MAP is NULL");
      }
      for (int k = start; k < i; k++) {
        if (same(keys, i, keys, k)) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT, "key " + Cells.get(keys, i) + " is twice in a MAP");
        }
      }
    }
  }

  /** A row of the arguments. */
  public static void row(Values[] arguments, Values out, int count) {
    BufferAllocator allocator = out.allocator();
    FieldVector struct = Vectors.create(out.type(), allocator);
    try {
      struct.loadFieldBuffers(new ArrowFieldNode(count, 0), List.of(allocator.getEmpty()));
      List<FieldVector> fields = struct.getChildrenFromFields();
      for (int i = 0; i < arguments.length; i++) {
        Values part = arguments[i];
        try (FieldVector values = part.toVector()) {
          if (part.isConstant() && count != 1) {
            try (FieldVector repeated = Take.repeat(values, count, allocator)) {
              Vectors.shareInto(repeated, fields.get(i));
            }
          } else {
            Vectors.shareInto(values, fields.get(i));
          }
        }
      }
    } catch (RuntimeException | Error failure) {
      struct.close();
      throw failure;
    }
    own(out, struct);
  }
}
