package io.sluice.engine.online;

import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Writes rows of vectors as bytes, column by column. Used by one thread. */
final class RowEncoder {
  private final RowLayout layout;
  private final EncodedRows rows;
  private int[] positions = new int[0];

  RowEncoder(RowLayout layout, int rowsAtOnce) {
    this.layout = layout;
    this.rows = new EncodedRows(rowsAtOnce, Math.max(16, rowsAtOnce * layout.fixedBytes()));
  }

  /**
   * The rows as bytes, valid until the next call.
   *
   * @param columns in the types of the layout; they stay the caller's
   */
  EncodedRows encode(List<FieldVector> columns, int count) {
    rows.reset(count);
    int[] lengths = rows.lengths();
    for (int i = 0; i < count; i++) {
      lengths[i] = layout.fixedBytes();
    }
    if (layout.hasVariable()) {
      for (int c = 0; c < layout.columns(); c++) {
        if (layout.width(c) == RowLayout.VARIABLE) {
          if (layout.type(c).isNested()) {
            measureNested(columns.get(c), count, lengths);
          } else {
            measure(columns.get(c), count, lengths);
          }
        }
      }
    }
    rows.place();
    byte[] to = rows.bytes();
    if (positions.length < count) {
      positions = new int[count];
    }
    for (int i = 0; i < count; i++) {
      to[rows.start(i)] = RowLayout.VERSION;
      positions[i] = layout.fixedBytes();
    }
    for (int c = 0; c < layout.columns(); c++) {
      FieldVector column = columns.get(c);
      if (column.getNullCount() > 0) {
        nulls(column, c, count);
      }
      if (layout.type(c).isNested()) {
        nested(column, layout.offset(c), count);
      } else if (layout.width(c) == RowLayout.VARIABLE) {
        strings(column, layout.offset(c), count);
      } else if (layout.type(c).kind() == SqlType.Kind.BOOLEAN) {
        bits(column, layout.offset(c), count);
      } else {
        fixed(column, layout.offset(c), layout.width(c), count);
      }
    }
    return rows;
  }

  private static void measure(FieldVector column, int count, int[] lengths) {
    boolean anyNull = column.getNullCount() > 0;
    ArrowBuf offsets = column.getOffsetBuffer();
    for (int i = 0; i < count; i++) {
      if (!anyNull || !column.isNull(i)) {
        long at = (long) i << 2;
        lengths[i] = Math.addExact(lengths[i], offsets.getInt(at + 4) - offsets.getInt(at));
      }
    }
  }

  private static void measureNested(FieldVector column, int count, int[] lengths) {
    boolean anyNull = column.getNullCount() > 0;
    for (int i = 0; i < count; i++) {
      if (!anyNull || !column.isNull(i)) {
        lengths[i] = Math.toIntExact(lengths[i] + NestedCells.length(column, i));
      }
    }
  }

  private void nulls(FieldVector column, int c, int count) {
    byte[] to = rows.bytes();
    int nullByte = RowLayout.nullByte(c);
    int bit = RowLayout.nullBit(c);
    for (int i = 0; i < count; i++) {
      if (column.isNull(i)) {
        to[rows.start(i) + nullByte] |= (byte) bit;
      }
    }
  }

  private void strings(FieldVector column, int slot, int count) {
    boolean anyNull = column.getNullCount() > 0;
    ArrowBuf offsets = column.getOffsetBuffer();
    ArrowBuf data = column.getDataBuffer();
    byte[] to = rows.bytes();
    for (int i = 0; i < count; i++) {
      int start = rows.start(i);
      if (!anyNull || !column.isNull(i)) {
        long at = (long) i << 2;
        int from = offsets.getInt(at);
        int length = offsets.getInt(at + 4) - from;
        data.getBytes(from, to, start + positions[i], length);
        positions[i] += length;
      }
      LittleEndian.setInt(to, start + slot, positions[i]);
    }
  }

  private void nested(FieldVector column, int slot, int count) {
    boolean anyNull = column.getNullCount() > 0;
    byte[] to = rows.bytes();
    for (int i = 0; i < count; i++) {
      int start = rows.start(i);
      if (!anyNull || !column.isNull(i)) {
        positions[i] = NestedCells.write(column, i, to, start + positions[i]) - start;
      }
      LittleEndian.setInt(to, start + slot, positions[i]);
    }
  }

  private void bits(FieldVector column, int slot, int count) {
    ArrowBuf data = column.getDataBuffer();
    byte[] to = rows.bytes();
    boolean anyNull = column.getNullCount() > 0;
    for (int i = 0; i < count; i++) {
      if (!anyNull || !column.isNull(i)) {
        to[rows.start(i) + slot] = (byte) BitVectorHelper.get(data, i);
      }
    }
  }

  /** NULL leaves zeros, so that equal rows have equal bytes. */
  private void fixed(FieldVector column, int slot, int width, int count) {
    ArrowBuf data = column.getDataBuffer();
    byte[] to = rows.bytes();
    boolean anyNull = column.getNullCount() > 0;
    for (int i = 0; i < count; i++) {
      if (anyNull && column.isNull(i)) {
        continue;
      }
      int at = rows.start(i) + slot;
      switch (width) {
        case 1 -> to[at] = data.getByte(i);
        case 2 -> LittleEndian.setShort(to, at, data.getShort((long) i << 1));
        case 4 -> LittleEndian.setInt(to, at, data.getInt((long) i << 2));
        case 8 -> LittleEndian.setLong(to, at, data.getLong((long) i << 3));
        default -> {
          LittleEndian.setLong(to, at, data.getLong((long) i << 4));
          LittleEndian.setLong(to, at + 8, data.getLong(((long) i << 4) + 8));
        }
      }
    }
  }
}
