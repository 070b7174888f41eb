package io.sluice.engine.operator.hash;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/**
 * Where the bytes of each value of a column lie, for strings and binaries of any form without
 * copying them, and for nested values in a copy. Reused from column to column; valid as long as the
 * column is.
 */
public final class StringCells implements AutoCloseable {
  private final GrowingBuffer copies;
  private ArrowBuf bytes;
  private int[] starts = new int[0];
  private int[] lengths = new int[0];

  public StringCells(BufferAllocator allocator) {
    this.copies = new GrowingBuffer(allocator);
    this.bytes = copies.buffer();
  }

  /** The buffer that {@link #starts} point into. */
  public ArrowBuf bytes() {
    return bytes;
  }

  public int[] starts() {
    return starts;
  }

  /** 0 for NULL. */
  public int[] lengths() {
    return lengths;
  }

  /** Reads the first {@code rows} rows. */
  public void read(Column column, int rows) {
    if (starts.length < rows) {
      starts = new int[rows];
      lengths = new int[rows];
    }
    switch (column) {
      case FlatColumn flat when flat.vector() instanceof BaseVariableWidthVector strings ->
          readFlat(strings, rows);
      case DictionaryColumn dictionary
          when dictionary.dictionary().values() instanceof BaseVariableWidthVector strings ->
          readDictionary(dictionary, strings, rows);
      case ConstantColumn constant when constant.value() instanceof BaseVariableWidthVector one -> {
        readFlat(one, Math.min(rows, 1));
        if (rows > 1) {
          Arrays.fill(starts, 1, rows, starts[0]);
          Arrays.fill(lengths, 1, rows, lengths[0]);
        }
      }
      default -> readNested(column, rows);
    }
  }

  private void readFlat(BaseVariableWidthVector strings, int rows) {
    bytes = strings.getDataBuffer();
    ArrowBuf offsets = strings.getOffsetBuffer();
    boolean nulls = strings.getNullCount() > 0;
    for (int i = 0; i < rows; i++) {
      int start = offsets.getInt((long) i << 2);
      starts[i] = start;
      lengths[i] = offsets.getInt(((long) i + 1) << 2) - start;
    }
    if (nulls) {
      for (int i = 0; i < rows; i++) {
        if (strings.isNull(i)) {
          lengths[i] = 0;
        }
      }
    }
  }

  private void readDictionary(
      DictionaryColumn dictionary, BaseVariableWidthVector strings, int rows) {
    bytes = strings.getDataBuffer();
    ArrowBuf offsets = strings.getOffsetBuffer();
    ArrowBuf indices = dictionary.indices().getDataBuffer();
    boolean nulls = dictionary.indices().getNullCount() > 0;
    for (int i = 0; i < rows; i++) {
      if (nulls && dictionary.isNull(i)) {
        starts[i] = 0;
        lengths[i] = 0;
        continue;
      }
      long index = indices.getInt((long) i << 2);
      int start = offsets.getInt(index << 2);
      starts[i] = start;
      lengths[i] = offsets.getInt((index + 1) << 2) - start;
    }
  }

  private void readNested(Column column, int rows) {
    int end = 0;
    for (int i = 0; i < rows; i++) {
      starts[i] = end;
      lengths[i] = 0;
      if (!column.isNull(i)) {
        byte[] encoded = CellBytes.encode(Cells.get(column, i));
        lengths[i] = encoded.length;
        copies.ensure((long) end + encoded.length).setBytes(end, encoded);
        end = Math.addExact(end, encoded.length);
      }
    }
    bytes = copies.buffer();
  }

  /** Sets a cell of a vector from bytes in this form. */
  public static void set(FieldVector vector, int row, ArrowBuf bytes, long start, int length) {
    if (vector instanceof BaseVariableWidthVector strings) {
      strings.setValueLengthSafe(row, length);
      BitVectorHelper.setBit(strings.getValidityBuffer(), row);
      if (length > 0) {
        strings.getDataBuffer().setBytes(strings.getStartOffset(row), bytes, start, length);
      }
      return;
    }
    byte[] encoded = new byte[length];
    bytes.getBytes(start, encoded);
    Cells.set(vector, row, CellBytes.decode(encoded));
  }

  @Override
  public void close() {
    copies.close();
    bytes = copies.buffer();
  }
}
