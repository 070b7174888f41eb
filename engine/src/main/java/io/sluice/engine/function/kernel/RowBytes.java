package io.sluice.engine.function.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;

/**
 * The bytes of rows in the form {@code sluice-h1}, one row after the other: of each cell one byte
 * 00 for NULL, or 01 and the value (docs/content-hash.md has the list). Rows are taken in blocks,
 * so that each column is one loop over memory that stays in the cache.
 */
final class RowBytes {
  /** Rows of a block. */
  static final int ROWS = 256;

  /** A block of more bytes is cut, down to single rows. */
  private static final int BYTES = 1 << 18;

  private static final byte PRESENT = 1;
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final boolean wide;
  private final int prefix;
  private final NestedBytes nested;
  private final int[] lengths = new int[ROWS];
  private final int[] ends = new int[ROWS + 1];
  private final int[] positions = new int[ROWS];
  private int[][] places = new int[0][];
  private int[][] nestedEnds = new int[0][];
  private byte[] bytes = new byte[1 << 12];

  /**
   * @param wide whether every integer is written as 8 bytes, whatever its type
   * @param prefix bytes that are left free before each row
   */
  RowBytes(boolean wide, int prefix) {
    this.wide = wide;
    this.prefix = prefix;
    this.nested = new NestedBytes(wide);
  }

  /** Of the rows that were written last. */
  byte[] bytes() {
    return bytes;
  }

  /** Where row {@code i} of those that were written last starts, with its prefix. */
  int start(int i) {
    return ends[i];
  }

  int end(int i) {
    return ends[i + 1];
  }

  /**
   * Writes rows from {@code first} on, at least one and at most {@link #ROWS}.
   *
   * @param columns in any form
   * @param from the first of the columns
   * @param count rows that there are, more than {@code first}
   * @param memory counts what large rows take
   * @return how many rows were written
   */
  int write(Values[] columns, int from, int first, int count, Values memory) {
    int block = Math.min(ROWS, count - first);
    measure(columns, from, first, block);
    int rows = 0;
    long total = 0;
    while (rows < block && (rows == 0 || total + lengths[rows] <= BYTES)) {
      total += lengths[rows];
      if (total > Integer.MAX_VALUE - 16) {
        throw TextSink.tooLong(total);
      }
      positions[rows] = ends[rows] + prefix;
      ends[++rows] = (int) total;
    }
    if (total > bytes.length) {
      int larger = (int) Math.min(Integer.MAX_VALUE - 16, Math.max(total, 2L * bytes.length));
      if (larger > BYTES) {
        memory.spare(larger);
      }
      bytes = new byte[larger];
    }
    for (int c = from; c < columns.length; c++) {
      write(columns[c], places[c], nestedEnds[c], rows);
    }
    return rows;
  }

  // ---- lengths

  private void measure(Values[] columns, int from, int first, int rows) {
    if (places.length < columns.length) {
      places = new int[columns.length][ROWS];
      nestedEnds = new int[columns.length][];
    }
    nested.clear();
    Arrays.fill(lengths, 0, rows, prefix);
    for (int c = from; c < columns.length; c++) {
      Values column = columns[c];
      int[] at = places[c];
      locate(column, first, rows, at);
      switch (valueLayout(column)) {
        case BYTES -> measureStrings(stringOffsets(column), at, rows);
        case NESTED -> measureNested(column, c, rows);
        default -> measureFixed(1 + width(column), at, rows);
      }
    }
  }

  private static Layout valueLayout(Values column) {
    return Layout.of(column.type());
  }

  /** Bytes of a value of a fixed width. */
  private int width(Values column) {
    Layout layout = valueLayout(column);
    if (wide && column.type().isInteger()) {
      return Long.BYTES;
    }
    return layout == Layout.BIT ? 1 : layout.width();
  }

  /** Of each row the place of its value, or -1 for NULL. */
  private static void locate(Values column, int first, int rows, int[] at) {
    if (column.isConstant()) {
      Arrays.fill(at, 0, rows, column.isNull(0) ? -1 : 0);
      return;
    }
    if (column.isDictionary()) {
      ArrowBuf indices = column.data();
      for (int i = 0; i < rows; i++) {
        at[i] = indices.getInt((long) (first + i) << 2);
      }
    } else {
      for (int i = 0; i < rows; i++) {
        at[i] = first + i;
      }
    }
    if (column.hasNulls()) {
      ArrowBuf validity = column.validity();
      for (int i = 0; i < rows; i++) {
        at[i] = Bits.get(validity, first + i) ? at[i] : -1;
      }
    }
  }

  private void measureFixed(int bytesOfValue, int[] at, int rows) {
    for (int i = 0; i < rows; i++) {
      lengths[i] += at[i] < 0 ? 1 : bytesOfValue;
    }
  }

  private void measureStrings(ArrowBuf offsets, int[] at, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] < 0) {
        lengths[i]++;
      } else {
        long offset = (long) at[i] << 2;
        int length = offsets.getInt(offset + 4) - offsets.getInt(offset);
        lengths[i] = add(lengths[i], 1 + Integer.BYTES, length);
      }
    }
  }

  private static int add(int length, int header, int value) {
    long sum = (long) length + header + value;
    if (sum > Integer.MAX_VALUE - 16) {
      throw TextSink.tooLong(sum);
    }
    return (int) sum;
  }

  private void measureNested(Values column, int c, int rows) {
    if (nestedEnds[c] == null) {
      nestedEnds[c] = new int[ROWS + 1];
    }
    int[] ends = nestedEnds[c];
    int[] at = places[c];
    ends[0] = nested.length();
    for (int i = 0; i < rows; i++) {
      nested.cell(column.type(), nestedVector(column), at[i]);
      ends[i + 1] = nested.length();
      lengths[i] = add(lengths[i], 0, ends[i + 1] - ends[i]);
    }
  }

  private static FieldVector nestedVector(Values column) {
    return column.isDictionary() ? column.dictionary().values() : column.vector();
  }

  // ---- values

  private static ArrowBuf data(Values column) {
    return column.isDictionary() ? column.dictionary().values().getDataBuffer() : column.data();
  }

  private static ArrowBuf stringOffsets(Values column) {
    return column.isDictionary()
        ? column.dictionary().values().getOffsetBuffer()
        : column.offsets();
  }

  private void write(Values column, int[] at, int[] ends, int rows) {
    Layout layout = valueLayout(column);
    if (layout == Layout.NESTED) {
      for (int i = 0; i < rows; i++) {
        int length = ends[i + 1] - ends[i];
        System.arraycopy(nested.bytes(), ends[i], bytes, positions[i], length);
        positions[i] += length;
      }
      return;
    }
    marks(at, bytes, positions, rows);
    if (layout == Layout.NONE) {
      return;
    }
    ArrowBuf data = data(column);
    boolean widened = wide && column.type().isInteger();
    switch (layout) {
      case BIT -> bits(data, at, bytes, positions, rows);
      case INT8 -> int8(data, at, widened, bytes, positions, rows);
      case INT16 -> int16(data, at, widened, bytes, positions, rows);
      case INT32 -> int32(data, at, widened, bytes, positions, rows);
      case INT64 -> int64(data, at, bytes, positions, rows);
      case FLOAT32 -> float32(data, at, bytes, positions, rows);
      case FLOAT64 -> float64(data, at, bytes, positions, rows);
      case INT128, FIXED16 -> sixteen(data, at, bytes, positions, rows);
      case BYTES -> strings(data, stringOffsets(column), at, bytes, positions, rows);
      case NONE, NESTED -> throw new AssertionError(layout);
    }
  }

  private static void marks(int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      to[positions[i]++] = at[i] < 0 ? 0 : PRESENT;
    }
  }

  private static void bits(ArrowBuf from, int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        to[positions[i]++] = (byte) (Bits.get(from, at[i]) ? 1 : 0);
      }
    }
  }

  private static void int8(
      ArrowBuf from, int[] at, boolean wide, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        byte value = from.getByte(at[i]);
        if (wide) {
          LONG.set(to, positions[i], (long) value);
          positions[i] += Long.BYTES;
        } else {
          to[positions[i]++] = value;
        }
      }
    }
  }

  private static void int16(
      ArrowBuf from, int[] at, boolean wide, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        short value = from.getShort((long) at[i] << 1);
        if (wide) {
          LONG.set(to, positions[i], (long) value);
          positions[i] += Long.BYTES;
        } else {
          SHORT.set(to, positions[i], value);
          positions[i] += Short.BYTES;
        }
      }
    }
  }

  private static void int32(
      ArrowBuf from, int[] at, boolean wide, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        int value = from.getInt((long) at[i] << 2);
        if (wide) {
          LONG.set(to, positions[i], (long) value);
          positions[i] += Long.BYTES;
        } else {
          INT.set(to, positions[i], value);
          positions[i] += Integer.BYTES;
        }
      }
    }
  }

  private static void int64(ArrowBuf from, int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        LONG.set(to, positions[i], from.getLong((long) at[i] << 3));
        positions[i] += Long.BYTES;
      }
    }
  }

  private static void float32(ArrowBuf from, int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        // the bits of one NaN
        INT.set(to, positions[i], Float.floatToIntBits(from.getFloat((long) at[i] << 2)));
        positions[i] += Integer.BYTES;
      }
    }
  }

  private static void float64(ArrowBuf from, int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        LONG.set(to, positions[i], Double.doubleToLongBits(from.getDouble((long) at[i] << 3)));
        positions[i] += Long.BYTES;
      }
    }
  }

  private static void sixteen(ArrowBuf from, int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        long place = (long) at[i] << 4;
        LONG.set(to, positions[i], from.getLong(place));
        LONG.set(to, positions[i] + 8, from.getLong(place + 8));
        positions[i] += 16;
      }
    }
  }

  private static void strings(
      ArrowBuf from, ArrowBuf offsets, int[] at, byte[] to, int[] positions, int rows) {
    for (int i = 0; i < rows; i++) {
      if (at[i] >= 0) {
        long offset = (long) at[i] << 2;
        int start = offsets.getInt(offset);
        int length = offsets.getInt(offset + 4) - start;
        int position = positions[i];
        INT.set(to, position, length);
        copy(from, start, to, position + Integer.BYTES, length);
        positions[i] = position + Integer.BYTES + length;
      }
    }
  }

  /** Short strings by words: a call that copies costs more than they do. */
  static void copy(ArrowBuf from, int start, byte[] to, int position, int length) {
    if (length > 64) {
      from.getBytes(start, to, position, length);
      return;
    }
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      LONG.set(to, position + i, from.getLong((long) start + i));
    }
    for (; i < length; i++) {
      to[position + i] = from.getByte((long) start + i);
    }
  }

  /** Sets 8 bytes, little-endian. */
  static void setLong(byte[] to, int position, long value) {
    LONG.set(to, position, value);
  }

  /** The first 8 bytes as a number, the first byte the highest. */
  static long bigEndian(byte[] from) {
    return Long.reverseBytes((long) LONG.get(from, 0));
  }
}
