package io.sluice.engine.online;

import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Cells of arrays, rows and maps as bytes, written here and read by {@link NestedReader}. Numbers
 * are little-endian. What stands for n values of a type, their body, is
 *
 * <ul>
 *   <li>of a type of fixed width: the n values as they lie in a vector;
 *   <li>of BOOLEAN: n bits, the first one lowest, in whole bytes;
 *   <li>of VARCHAR and VARBINARY: n ends (4 bytes each), counted from the first value's begin, then
 *       the bytes of all;
 *   <li>of ARRAY: n ends, counted in elements, then the elements of all as a run;
 *   <li>of MAP: the same, with ROW(key, value) as element;
 *   <li>of ROW: for each field a run of n values.
 * </ul>
 *
 * <p>A run of no values has no bytes. Any other is {@link #NO_NULLS} and the body; {@link
 * #ALL_NULL} alone; or {@link #SOME_NULLS}, n bits with a 1 for each NULL, in whole bytes, and the
 * body, in which what stands for a NULL has no meaning.
 *
 * <p>A cell that is not NULL is the body of one value: 128 REALs are 4 bytes, their end; one, which
 * says that none is NULL; and 512.
 */
final class NestedCells {
  static final byte NO_NULLS = 0;
  static final byte ALL_NULL = 1;
  static final byte SOME_NULLS = 2;

  private NestedCells() {}

  /** Whether cells of the type have this form, which knows no values of type NULL. */
  static boolean holds(SqlType type) {
    return switch (type) {
      case SqlType.Array array -> holds(array.element());
      case SqlType.Row row -> row.fields().stream().allMatch(field -> holds(field.type()));
      case SqlType.Map map -> holds(map.key()) && holds(map.value());
      case SqlType.Simple simple -> simple.kind() != SqlType.Kind.NULL;
      case SqlType.Decimal ignored -> true;
      case SqlType.Timestamp ignored -> true;
    };
  }

  /** Bytes of so many bits. */
  static int bitBytes(int count) {
    return (int) ((count + 7L) >> 3);
  }

  /** Bytes of a cell that is not NULL. */
  static long length(FieldVector vector, int row) {
    return bodyLength(vector, row, 1);
  }

  /**
   * Writes a cell that is not NULL.
   *
   * @param to zeros from {@code at} on
   * @return where its bytes end
   */
  static int write(FieldVector vector, int row, byte[] to, int at) {
    return writeBody(vector, row, 1, to, at);
  }

  private static long runLength(FieldVector vector, int from, int count) {
    if (count == 0) {
      return 0;
    }
    int nulls = nulls(vector.getValidityBuffer(), from, count);
    if (nulls == count) {
      return 1;
    }
    return 1 + (nulls == 0 ? 0 : bitBytes(count)) + bodyLength(vector, from, count);
  }

  private static long bodyLength(FieldVector vector, int from, int count) {
    return switch (vector) {
      case BitVector ignored -> bitBytes(count);
      case BaseFixedWidthVector fixed -> (long) count * fixed.getTypeWidth();
      case BaseVariableWidthVector strings ->
          4L * count + span(strings.getOffsetBuffer(), from, count);
      case ListVector list -> {
        ArrowBuf offsets = list.getOffsetBuffer();
        int first = offsets.getInt((long) from << 2);
        int elements = span(offsets, from, count);
        yield 4L * count + runLength(list.getDataVector(), first, elements);
      }
      case StructVector row -> {
        long length = 0;
        for (int i = 0; i < row.size(); i++) {
          length += runLength((FieldVector) row.getChildByOrdinal(i), from, count);
        }
        yield length;
      }
      default -> throw new AssertionError(vector.getField());
    };
  }

  private static int span(ArrowBuf offsets, int from, int count) {
    return offsets.getInt(((long) from + count) << 2) - offsets.getInt((long) from << 2);
  }

  /** NULLs of some values; {@code FieldVector.getNullCount} counts those of all. */
  private static int nulls(ArrowBuf validity, int from, int count) {
    int end = from + count;
    int valid = 0;
    int i = from;
    for (; i < end && (i & 7) != 0; i++) {
      valid += BitVectorHelper.get(validity, i);
    }
    for (; i + Long.SIZE <= end; i += Long.SIZE) {
      valid += Long.bitCount(validity.getLong(i >> 3));
    }
    for (; i < end; i++) {
      valid += BitVectorHelper.get(validity, i);
    }
    return count - valid;
  }

  private static int writeRun(FieldVector vector, int from, int count, byte[] to, int at) {
    if (count == 0) {
      return at;
    }
    ArrowBuf validity = vector.getValidityBuffer();
    int nulls = nulls(validity, from, count);
    if (nulls == count) {
      to[at] = ALL_NULL;
      return at + 1;
    }
    int next = at + 1;
    if (nulls == 0) {
      to[at] = NO_NULLS;
    } else {
      to[at] = SOME_NULLS;
      bits(validity, 0, from, count, to, next);
      next += bitBytes(count);
    }
    return writeBody(vector, from, count, to, next);
  }

  private static int writeBody(FieldVector vector, int from, int count, byte[] to, int at) {
    return switch (vector) {
      case BitVector values -> {
        bits(values.getDataBuffer(), 1, from, count, to, at);
        yield at + bitBytes(count);
      }
      case BaseFixedWidthVector values -> {
        int width = values.getTypeWidth();
        values.getDataBuffer().getBytes((long) from * width, to, at, count * width);
        yield at + count * width;
      }
      case BaseVariableWidthVector values -> {
        ArrowBuf offsets = values.getOffsetBuffer();
        int next = ends(offsets, from, count, to, at);
        int first = offsets.getInt((long) from << 2);
        int bytes = span(offsets, from, count);
        values.getDataBuffer().getBytes(first, to, next, bytes);
        yield next + bytes;
      }
      case ListVector list -> {
        ArrowBuf offsets = list.getOffsetBuffer();
        int next = ends(offsets, from, count, to, at);
        int first = offsets.getInt((long) from << 2);
        yield writeRun(list.getDataVector(), first, span(offsets, from, count), to, next);
      }
      case StructVector row -> {
        int next = at;
        for (int i = 0; i < row.size(); i++) {
          next = writeRun((FieldVector) row.getChildByOrdinal(i), from, count, to, next);
        }
        yield next;
      }
      default -> throw new AssertionError(vector.getField());
    };
  }

  private static int ends(ArrowBuf offsets, int from, int count, byte[] to, int at) {
    int first = offsets.getInt((long) from << 2);
    for (int i = 0; i < count; i++) {
      int end = offsets.getInt((from + i + 1L) << 2);
      LittleEndian.setInt(to, at + (i << 2), end - first);
    }
    return at + (count << 2);
  }

  /** Sets a bit for each that is {@code sought}. */
  private static void bits(ArrowBuf bits, int sought, int from, int count, byte[] to, int at) {
    for (int i = 0; i < count; i++) {
      if (BitVectorHelper.get(bits, from + i) == sought) {
        to[at + (i >> 3)] |= (byte) (1 << (i & 7));
      }
    }
  }
}
