package io.sluice.engine.function.kernel;

import io.sluice.engine.type.SqlType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;

/**
 * Cells of nested values in the form of {@link RowBytes}, cell by cell: an array is its size and
 * its cells, a map its size and its entries' cells ordered by the bytes of the keys' cells, a row
 * its fields' cells.
 */
final class NestedBytes {
  private final boolean wide;
  private byte[] bytes = new byte[256];
  private int length;

  NestedBytes(boolean wide) {
    this.wide = wide;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /** Appends the cell of a row; -1 is NULL. */
  void cell(SqlType type, FieldVector vector, int row) {
    reserve(1 + 16);
    if (row < 0 || vector.isNull(row)) {
      bytes[length++] = 0;
      return;
    }
    bytes[length++] = 1;
    switch (type) {
      case SqlType.Array array -> array(array, (ListVector) vector, row);
      case SqlType.Map map -> map(map, (ListVector) vector, row);
      case SqlType.Row fields -> {
        for (int i = 0; i < fields.fields().size(); i++) {
          cell(fields.fields().get(i).type(), vector.getChildrenFromFields().get(i), row);
        }
      }
      case SqlType.Decimal ignored -> sixteen(vector.getDataBuffer(), row);
      case SqlType.Timestamp ignored -> put(vector.getDataBuffer().getLong((long) row << 3), 8);
      case SqlType.Simple simple -> simple(simple, vector, row);
    }
  }

  private void simple(SqlType type, FieldVector vector, int row) {
    ArrowBuf data = vector.getDataBuffer();
    int integer = type.isInteger() && wide ? Long.BYTES : Layout.of(type).width();
    switch (Layout.of(type)) {
      case BIT -> put(Bits.get(data, row) ? 1 : 0, 1);
      case INT8 -> put(data.getByte(row), integer);
      case INT16 -> put(data.getShort((long) row << 1), integer);
      case INT32 -> put(data.getInt((long) row << 2), integer);
      case INT64 -> put(data.getLong((long) row << 3), Long.BYTES);
      case FLOAT32 -> put(Float.floatToIntBits(data.getFloat((long) row << 2)), Integer.BYTES);
      case FLOAT64 -> put(Double.doubleToLongBits(data.getDouble((long) row << 3)), Long.BYTES);
      case FIXED16 -> sixteen(data, row);
      case BYTES -> {
        ArrowBuf offsets = vector.getOffsetBuffer();
        int start = offsets.getInt((long) row << 2);
        int count = offsets.getInt(((long) row + 1) << 2) - start;
        put(count, Integer.BYTES);
        reserve(count);
        RowBytes.copy(data, start, bytes, length, count);
        length += count;
      }
      case NONE -> {}
      case INT128, NESTED -> throw new AssertionError(type);
    }
  }

  private void array(SqlType.Array type, ListVector list, int row) {
    int start = list.getElementStartIndex(row);
    int end = list.getElementEndIndex(row);
    put(end - start, Integer.BYTES);
    for (int i = start; i < end; i++) {
      cell(type.element(), list.getDataVector(), i);
    }
  }

  private void map(SqlType.Map type, ListVector map, int row) {
    int start = map.getElementStartIndex(row);
    int count = map.getElementEndIndex(row) - start;
    put(count, Integer.BYTES);
    List<FieldVector> entries = map.getDataVector().getChildrenFromFields();
    int first = length;
    int[] starts = new int[count + 1];
    int[] keyEnds = new int[count];
    boolean ordered = true;
    for (int i = 0; i < count; i++) {
      starts[i] = length;
      cell(type.key(), entries.get(0), start + i);
      keyEnds[i] = length;
      cell(type.value(), entries.get(1), start + i);
      ordered &= i == 0 || compare(starts, keyEnds, i - 1, i) <= 0;
    }
    starts[count] = length;
    if (ordered) {
      return;
    }
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted((a, b) -> compare(starts, keyEnds, a, b))
            .mapToInt(Integer::intValue)
            .toArray();
    byte[] unordered = Arrays.copyOfRange(bytes, first, length);
    int to = first;
    for (int entry : order) {
      int size = starts[entry + 1] - starts[entry];
      System.arraycopy(unordered, starts[entry] - first, bytes, to, size);
      to += size;
    }
  }

  private int compare(int[] starts, int[] keyEnds, int a, int b) {
    return Arrays.compareUnsigned(bytes, starts[a], keyEnds[a], bytes, starts[b], keyEnds[b]);
  }

  private void sixteen(ArrowBuf data, int row) {
    put(data.getLong((long) row << 4), Long.BYTES);
    put(data.getLong(((long) row << 4) + 8), Long.BYTES);
  }

  /** The low bytes of a value, little-endian. */
  private void put(long value, int count) {
    reserve(count);
    for (int i = 0; i < count; i++) {
      bytes[length++] = (byte) (value >>> (8 * i));
    }
  }

  private void reserve(int more) {
    long wanted = (long) length + more;
    if (wanted > bytes.length) {
      if (wanted > Integer.MAX_VALUE - 16) {
        throw TextSink.tooLong(wanted);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, 2 * wanted));
    }
  }
}
