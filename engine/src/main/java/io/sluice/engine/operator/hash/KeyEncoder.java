package io.sluice.engine.operator.hash;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/**
 * The keys of one batch after another in the bytes of a {@link KeyLayout}, with their hashes. -0.0
 * and 0.0 become one key, and so do all NaNs. Used by one thread; the keys of a batch are valid
 * until the next.
 */
public final class KeyEncoder implements AutoCloseable {
  private final KeyLayout layout;
  private final BufferAllocator allocator;
  private final GrowingBuffer rows;
  private final StringCells[] strings;
  private int count;
  private long[] words = new long[0];
  private boolean[] nulls = new boolean[0];
  private boolean anyNull;
  private long[] hashes = new long[0];
  private long[] offsets = new long[1];

  public KeyEncoder(KeyLayout layout, BufferAllocator allocator) {
    this.layout = layout;
    this.allocator = allocator;
    this.rows = new GrowingBuffer(allocator);
    this.strings = new StringCells[layout.columns()];
    for (int c = 0; c < strings.length; c++) {
      strings[c] = new StringCells(allocator);
    }
  }

  public KeyLayout layout() {
    return layout;
  }

  public int count() {
    return count;
  }

  /** Whether the key has a NULL in one of these columns (bit c for column c, of the first 64). */
  public boolean hasNull(int row, long columns) {
    if (layout.isWord()) {
      return anyNull && nulls[row] && (columns & 1) != 0;
    }
    ArrowBuf buffer = rows.buffer();
    long header = buffer.getLong(offsets[row]) & 0xFFFFFFFFL;
    if (layout.headerWords() > 1) {
      header |= buffer.getLong(offsets[row] + Long.BYTES) << 32;
    }
    return (header & columns) != 0;
  }

  /** Of word layouts: the keys; 0 where NULL. */
  public long[] words() {
    return words;
  }

  /** Of word layouts: whether any key is NULL. */
  public boolean anyNull() {
    return anyNull;
  }

  /** Of word layouts: whether the key is NULL. */
  public boolean isNull(int row) {
    return anyNull && nulls[row];
  }

  /** Of row layouts: the bytes of all keys. */
  public ArrowBuf rows() {
    return rows.buffer();
  }

  /** Of row layouts: where each key starts, and at last where the last one ends. */
  public long[] offsets() {
    return offsets;
  }

  /** The hash of each key. A NULL word has the hash of 0. */
  public long[] hashes() {
    return hashes;
  }

  /** Reads the keys of {@code rowCount} rows. The columns stay the caller's. */
  public void encode(List<? extends Column> columns, int rowCount) {
    assert columns.size() == layout.columns();
    count = rowCount;
    if (hashes.length < rowCount) {
      hashes = new long[rowCount];
      offsets = new long[rowCount + 1];
    }
    if (layout.isWord()) {
      encodeWords(columns.getFirst());
    } else {
      encodeRows(columns);
    }
  }

  private void encodeWords(Column column) {
    if (words.length < count) {
      words = new long[count];
      nulls = new boolean[count];
    }
    FieldVector vector = column.flatten(allocator);
    try {
      FixedKeys.read(layout.type(0), layout.width(0), vector, count, words);
      anyNull = vector.getNullCount() > 0;
      if (anyNull) {
        ArrowBuf validity = vector.getValidityBuffer();
        for (int i = 0; i < count; i++) {
          nulls[i] = BitVectorHelper.get(validity, i) == 0;
          if (nulls[i]) {
            words[i] = 0;
          }
        }
      }
    } finally {
      vector.close();
    }
    for (int i = 0; i < count; i++) {
      hashes[i] = Hashes.word(words[i]);
    }
  }

  private void encodeRows(List<? extends Column> columns) {
    place(columns);
    ArrowBuf buffer = rows.ensure(Math.max(Long.BYTES, offsets[count]));
    buffer.setZero(0, offsets[count]);
    for (int i = 0; i < count; i++) {
      long bytes = offsets[i + 1] - offsets[i];
      buffer.setLong(offsets[i], bytes << 29); // words in the upper half
    }
    for (int c = 0; c < layout.columns(); c++) {
      Column column = columns.get(c);
      if (layout.width(c) == KeyLayout.VARIABLE) {
        writeStrings(c, column, buffer);
      } else if (layout.width(c) > 0) {
        writeFixed(c, column, buffer);
      }
      writeNulls(c, column, buffer);
    }
    for (int i = 0; i < count; i++) {
      hashes[i] = Hashes.row(buffer, offsets[i], offsets[i + 1] - offsets[i]);
    }
  }

  private void place(List<? extends Column> columns) {
    long fixed = layout.fixedBytes();
    if (!layout.hasVariable()) {
      for (int i = 0; i <= count; i++) {
        offsets[i] = i * fixed;
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = fixed;
    }
    for (int c = 0; c < layout.columns(); c++) {
      if (layout.width(c) == KeyLayout.VARIABLE) {
        strings[c].read(columns.get(c), count);
        int[] lengths = strings[c].lengths();
        for (int i = 0; i < count; i++) {
          offsets[i + 1] += lengths[i];
        }
      }
    }
    offsets[0] = 0;
    for (int i = 0; i < count; i++) {
      offsets[i + 1] = offsets[i] + ((offsets[i + 1] + 7) & -8);
    }
  }

  private void writeStrings(int column, Column source, ArrowBuf buffer) {
    assert source.length() >= count;
    int slot = layout.offset(column);
    ArrowBuf bytes = strings[column].bytes();
    int[] starts = strings[column].starts();
    int[] lengths = strings[column].lengths();
    for (int i = 0; i < count; i++) {
      int length = lengths[i];
      buffer.setInt(offsets[i] + slot, length);
      if (length > 0) {
        long at = offsets[i] + KeyRows.start(layout, column, buffer, offsets[i]);
        copy(bytes, starts[i], buffer, at, length);
      }
    }
  }

  /** Most keys are short: a call to copy memory costs more than their bytes. */
  private static void copy(ArrowBuf from, long start, ArrowBuf to, long at, int length) {
    if (length > 24) {
      to.setBytes(at, from, start, length);
      return;
    }
    int i = 0;
    for (; i + 8 <= length; i += 8) {
      to.setLong(at + i, from.getLong(start + i));
    }
    for (; i < length; i++) {
      to.setByte(at + i, from.getByte(start + i));
    }
  }

  private void writeFixed(int column, Column source, ArrowBuf buffer) {
    int width = layout.width(column);
    int slot = layout.offset(column);
    FieldVector vector = source.flatten(allocator);
    try {
      if (width == 16) {
        ArrowBuf data = vector.getDataBuffer();
        for (int i = 0; i < count; i++) {
          buffer.setLong(offsets[i] + slot, data.getLong((long) i << 4));
          buffer.setLong(offsets[i] + slot + 8, data.getLong(((long) i << 4) + 8));
        }
        return;
      }
      if (words.length < count) {
        words = new long[count];
      }
      FixedKeys.read(layout.type(column), width, vector, count, words);
      switch (width) {
        case 1 -> {
          for (int i = 0; i < count; i++) {
            buffer.setByte(offsets[i] + slot, (byte) words[i]);
          }
        }
        case 2 -> {
          for (int i = 0; i < count; i++) {
            buffer.setShort(offsets[i] + slot, (short) words[i]);
          }
        }
        case 4 -> {
          for (int i = 0; i < count; i++) {
            buffer.setInt(offsets[i] + slot, (int) words[i]);
          }
        }
        default -> {
          for (int i = 0; i < count; i++) {
            buffer.setLong(offsets[i] + slot, words[i]);
          }
        }
      }
    } finally {
      vector.close();
    }
  }

  private void writeNulls(int column, Column source, ArrowBuf buffer) {
    if (source instanceof FlatColumn flat && flat.vector().getNullCount() == 0) {
      return;
    }
    int width = layout.width(column);
    int slot = layout.offset(column);
    int nullByte = layout.nullByte(column);
    int nullBit = layout.nullBit(column);
    for (int i = 0; i < count; i++) {
      if (source.isNull(i)) {
        long at = offsets[i] + nullByte;
        buffer.setByte(at, buffer.getByte(at) | nullBit);
        if (width > 0) {
          buffer.setZero(offsets[i] + slot, width);
        }
      }
    }
  }

  @Override
  public void close() {
    rows.close();
    for (StringCells cells : strings) {
      cells.close();
    }
  }
}
