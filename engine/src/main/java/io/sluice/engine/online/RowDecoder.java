package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.memory.Slab;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Reads a column of rows of bytes straight into a vector: measures it first, then fills it. */
final class RowDecoder {
  private final RowLayout layout;
  private final int column;
  private final SqlType type;
  private final byte[] from;
  private final int[] starts;
  private final int nulls;
  private final long stringBytes;

  /**
   * Measures.
   *
   * @param wanted numbers of the rows, -1 for a row of NULL; one without bytes is NULL, too
   * @param count of these
   * @throws EngineException INTERNAL where a row is of another version
   */
  RowDecoder(RowLayout layout, int column, EncodedRows rows, int[] wanted, int count) {
    this.layout = layout;
    this.column = column;
    this.type = layout.type(column);
    this.from = rows.bytes();
    this.starts = new int[count];
    this.nulls = find(rows, wanted);
    this.stringBytes = isStrings() ? measureStrings() : 0;
  }

  /** Finds where the wanted rows begin, -1 where the column is NULL, and counts these. */
  private int find(EncodedRows rows, int[] wanted) {
    int nullByte = RowLayout.nullByte(column);
    int nullBit = RowLayout.nullBit(column);
    int missing = 0;
    for (int i = 0; i < starts.length; i++) {
      int row = wanted[i];
      int found = -1;
      if (row >= 0 && !rows.isMissing(row)) {
        int start = rows.start(row);
        if (from[start] != RowLayout.VERSION) {
          throw new EngineException(
              ErrorCode.INTERNAL,
              "a row of version " + from[start] + " in an online table: members run other builds");
        }
        found = (from[start + nullByte] & nullBit) == 0 ? start : -1;
      }
      starts[i] = found;
      missing += found < 0 ? 1 : 0;
    }
    return missing;
  }

  private boolean isStrings() {
    return layout.width(column) == RowLayout.VARIABLE && !type.isNested();
  }

  private long measureStrings() {
    int slotBefore = slotBefore();
    long total = 0;
    for (int start : starts) {
      if (start >= 0) {
        total += end(start) - begin(start, slotBefore);
      }
    }
    return total;
  }

  /** Where the slot of the variable column before this one lies, -1 for none. */
  private int slotBefore() {
    int before = layout.variableBefore(column);
    return before < 0 ? -1 : layout.offset(before);
  }

  /** Where the bytes of this variable column begin and end, counted from the row's start. */
  private int begin(int start, int slotBefore) {
    return slotBefore < 0 ? layout.fixedBytes() : LittleEndian.getInt(from, start + slotBefore);
  }

  private int end(int start) {
    return LittleEndian.getInt(from, start + layout.offset(column));
  }

  /** Bytes that {@link #read} takes from its slab. */
  long room() {
    if (type.isNested()) {
      return 0;
    }
    long validity = Slab.rounded(bits(starts.length));
    return isStrings()
        ? validity + Slab.rounded(offsetBytes()) + Slab.rounded(stringBytes)
        : validity + Slab.rounded(dataBytes());
  }

  private static long bits(int count) {
    return (count + 7L) / 8;
  }

  private long offsetBytes() {
    return (starts.length + 1L) * Integer.BYTES;
  }

  private long dataBytes() {
    return type.kind() == SqlType.Kind.BOOLEAN
        ? bits(starts.length)
        : (long) starts.length * layout.width(column);
  }

  /**
   * The column.
   *
   * @param slab of the allocator, with the room that was asked for
   * @return a vector of as many rows as are wanted, owned by the caller
   */
  FieldVector read(Slab slab, BufferAllocator allocator) {
    FieldVector vector = Vectors.create(type, allocator);
    try {
      if (type.isNested()) {
        NestedReader.read(from, cells(), starts.length, vector, allocator);
      } else {
        ArrowBuf validity = validity(slab);
        vector.loadFieldBuffers(
            new ArrowFieldNode(starts.length, nulls),
            isStrings() ? strings(validity, slab) : List.of(validity, fixed(slab)));
      }
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  private int[] cells() {
    int slotBefore = slotBefore();
    int[] cells = new int[starts.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = starts[i] < 0 ? -1 : starts[i] + begin(starts[i], slotBefore);
    }
    return cells;
  }

  private ArrowBuf validity(Slab slab) {
    ArrowBuf validity = slab.take(bits(starts.length));
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] >= 0) {
        BitVectorHelper.setBit(validity, i);
      }
    }
    return validity;
  }

  private List<ArrowBuf> strings(ArrowBuf validity, Slab slab) {
    ArrowBuf offsets = slab.take(offsetBytes());
    ArrowBuf data = slab.take(stringBytes);
    int slotBefore = slotBefore();
    int position = 0;
    for (int i = 0; i < starts.length; i++) {
      int start = starts[i];
      if (start >= 0) {
        int begin = begin(start, slotBefore);
        int length = end(start) - begin;
        data.setBytes(position, from, start + begin, length);
        position += length;
      }
      offsets.setInt((i + 1L) << 2, position);
    }
    return List.of(validity, offsets, data);
  }

  private ArrowBuf fixed(Slab slab) {
    ArrowBuf data = slab.take(dataBytes());
    int slot = layout.offset(column);
    int width = layout.width(column);
    boolean bits = type.kind() == SqlType.Kind.BOOLEAN;
    for (int i = 0; i < starts.length; i++) {
      if (starts[i] < 0) {
        continue;
      }
      int at = starts[i] + slot;
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
    return data;
  }
}
