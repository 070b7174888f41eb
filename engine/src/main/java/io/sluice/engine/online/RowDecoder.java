package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;

/** Reads columns of rows of bytes straight into vectors. */
final class RowDecoder {
  private RowDecoder() {}

  /**
   * One column of the given rows.
   *
   * @param wanted numbers of the rows, -1 for a row of NULL; one without bytes is NULL, too
   * @return a vector of {@code count} rows, owned by the caller
   * @throws EngineException INTERNAL where a row is of another version
   */
  static FieldVector column(
      RowLayout layout,
      int column,
      EncodedRows rows,
      int[] wanted,
      int count,
      BufferAllocator allocator) {
    SqlType type = layout.type(column);
    FieldVector vector = Vectors.create(type, allocator);
    try {
      int[] starts = starts(rows, column, wanted, count);
      if (type.isNested()) {
        int[] cells = cells(layout, column, rows.bytes(), starts, count);
        NestedReader.read(rows.bytes(), cells, count, vector, allocator);
      } else if (layout.width(column) == RowLayout.VARIABLE) {
        strings(layout, column, rows.bytes(), starts, count, (BaseVariableWidthVector) vector);
      } else {
        fixed(layout, column, rows.bytes(), starts, count, (BaseFixedWidthVector) vector);
      }
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  /** Where the wanted rows begin, -1 where the column is NULL. */
  private static int[] starts(EncodedRows rows, int column, int[] wanted, int count) {
    byte[] bytes = rows.bytes();
    int[] starts = new int[count];
    int nullByte = RowLayout.nullByte(column);
    int nullBit = RowLayout.nullBit(column);
    for (int i = 0; i < count; i++) {
      int row = wanted[i];
      starts[i] = -1;
      if (row >= 0 && !rows.isMissing(row)) {
        int start = rows.start(row);
        if (bytes[start] != RowLayout.VERSION) {
          throw new EngineException(
              ErrorCode.INTERNAL,
              "a row of version " + bytes[start] + " in an online table: members run other builds");
        }
        if ((bytes[start + nullByte] & nullBit) == 0) {
          starts[i] = start;
        }
      }
    }
    return starts;
  }

  /** Where the bytes of a variable column begin in rows that begin at {@code starts}. */
  private static int[] cells(RowLayout layout, int column, byte[] from, int[] starts, int count) {
    int before = layout.variableBefore(column);
    int slotBefore = before < 0 ? -1 : layout.offset(before);
    int[] cells = new int[count];
    for (int i = 0; i < count; i++) {
      cells[i] = starts[i] < 0 ? -1 : starts[i] + begin(layout, from, starts[i], slotBefore);
    }
    return cells;
  }

  private static void strings(
      RowLayout layout,
      int column,
      byte[] from,
      int[] starts,
      int count,
      BaseVariableWidthVector vector) {
    int before = layout.variableBefore(column);
    int slot = layout.offset(column);
    int slotBefore = before < 0 ? -1 : layout.offset(before);
    long total = 0;
    for (int i = 0; i < count; i++) {
      if (starts[i] >= 0) {
        int begin = begin(layout, from, starts[i], slotBefore);
        total += LittleEndian.getInt(from, starts[i] + slot) - begin;
      }
    }
    vector.allocateNew(Math.max(1, total), Math.max(1, count));
    ArrowBuf offsets = vector.getOffsetBuffer();
    ArrowBuf data = vector.getDataBuffer();
    ArrowBuf validity = vector.getValidityBuffer();
    int position = 0;
    offsets.setInt(0, 0);
    for (int i = 0; i < count; i++) {
      if (starts[i] >= 0) {
        int begin = begin(layout, from, starts[i], slotBefore);
        int length = LittleEndian.getInt(from, starts[i] + slot) - begin;
        data.setBytes(position, from, starts[i] + begin, length);
        position += length;
        BitVectorHelper.setBit(validity, i);
      }
      offsets.setInt((i + 1L) << 2, position);
    }
    vector.setLastSet(count - 1);
    vector.setValueCount(count);
  }

  private static int begin(RowLayout layout, byte[] from, int start, int slotBefore) {
    return slotBefore < 0 ? layout.fixedBytes() : LittleEndian.getInt(from, start + slotBefore);
  }

  private static void fixed(
      RowLayout layout,
      int column,
      byte[] from,
      int[] starts,
      int count,
      BaseFixedWidthVector vector) {
    vector.allocateNew(Math.max(1, count));
    int slot = layout.offset(column);
    int width = layout.width(column);
    ArrowBuf data = vector.getDataBuffer();
    ArrowBuf validity = vector.getValidityBuffer();
    boolean bits = layout.type(column).kind() == SqlType.Kind.BOOLEAN;
    for (int i = 0; i < count; i++) {
      if (starts[i] < 0) {
        continue;
      }
      int at = starts[i] + slot;
      BitVectorHelper.setBit(validity, i);
      switch (width) {
        case 1 -> {
          if (!bits) {
            data.setByte(i, from[at]);
          } else if (from[at] != 0) {
            BitVectorHelper.setBit(data, i);
          }
        }
        case 2 -> data.setShort((long) i << 1, LittleEndian.getShort(from, at));
        case 4 -> data.setInt((long) i << 2, LittleEndian.getInt(from, at));
        case 8 -> data.setLong((long) i << 3, LittleEndian.getLong(from, at));
        default -> {
          data.setLong((long) i << 4, LittleEndian.getLong(from, at));
          data.setLong(((long) i << 4) + 8, LittleEndian.getLong(from, at + 8));
        }
      }
    }
    vector.setValueCount(count);
  }
}
