package io.sluice.engine.operator.join;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.StringCopy;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.operator.hash.GrowingBuffer;
import io.sluice.engine.operator.hash.StringCells;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;

/**
 * Strings and binaries. As long as all come encoded and their dictionaries are small beside the
 * rows, they stay so: as codes that count through all dictionaries. From then on, plain: an end of
 * bytes per row.
 */
final class StringStore implements ColumnStore {
  /** Dictionaries of fewer values in all are kept whatever the rows. */
  private static final int FEW_VALUES = 1024;

  private final SqlType type;
  private final BufferAllocator allocator;
  private final StringCells cells;

  /** Codes while encoded, then the end of each row's bytes; with each row's validity. */
  private FixedStore numbers;

  private final List<GrowingBuffer> bytes = new ArrayList<>();
  private final List<SharedDictionary> dictionaries = new ArrayList<>();
  private final List<Integer> bases = new ArrayList<>();
  private int dictionaryValues;
  private boolean encoded = true;
  private int rowCount;
  private int[] identity = new int[0];

  StringStore(SqlType type, BufferAllocator allocator) {
    this.type = type;
    this.allocator = allocator;
    this.cells = new StringCells(allocator);
    this.numbers = new FixedStore(SqlType.INTEGER, allocator);
  }

  /** Whether values are codes. */
  boolean isEncoded() {
    return encoded;
  }

  FixedStore numbers() {
    return numbers;
  }

  /** The dictionaries, in the order in which codes count through them. */
  List<SharedDictionary> dictionaries() {
    return dictionaries;
  }

  int segments() {
    return numbers.segments();
  }

  /** The bytes of a segment of plain values. */
  ArrowBuf bytes(int segment) {
    return bytes.get(segment).buffer();
  }

  @Override
  public void append(Column column, int[] rows, int count, int first) {
    if (encoded) {
      if (column instanceof DictionaryColumn dictionary
          && fits(dictionary.dictionary(), first + count)) {
        appendCodes(dictionary, rows, count, first);
        rowCount = first + count;
        return;
      }
      decode();
    }
    appendPlain(column, rows, count, first);
    rowCount = first + count;
  }

  private boolean fits(SharedDictionary dictionary, int rowsAfter) {
    if (indexOf(dictionary) >= 0) {
      return true;
    }
    long after = (long) dictionaryValues + dictionary.size();
    return after <= Math.max(FEW_VALUES, rowsAfter / 2);
  }

  private int indexOf(SharedDictionary dictionary) {
    // mostly the one that came last
    for (int d = dictionaries.size() - 1; d >= 0; d--) {
      if (dictionaries.get(d).equals(dictionary)) {
        return d;
      }
    }
    return -1;
  }

  private void appendCodes(DictionaryColumn column, int[] rows, int count, int first) {
    int d = indexOf(column.dictionary());
    if (d < 0) {
      d = dictionaries.size();
      dictionaries.add(column.dictionary().retain());
      bases.add(dictionaryValues);
      dictionaryValues += column.dictionary().size();
    }
    IntVector indices = column.indices();
    numbers.append(indices, rows, count, first);
    int base = bases.get(d);
    for (int i = 0; base > 0 && i < count; i++) {
      int row = first + i;
      ArrowBuf segment = numbers.values(row >>> Segments.LOG);
      long at = (long) (row & Segments.MASK) << 2;
      segment.setInt(at, segment.getInt(at) + base);
    }
  }

  private void appendPlain(Column column, int[] rows, int count, int first) {
    cells.read(column, column.length());
    ArrowBuf source = cells.bytes();
    int[] starts = cells.starts();
    int[] lengths = cells.lengths();
    try (IntVector ends = new IntVector("", allocator)) {
      ends.allocateNew(Math.max(1, count));
      if (identity.length < count) {
        identity = new int[count];
        for (int i = 0; i < count; i++) {
          identity[i] = i;
        }
      }
      for (int i = 0; i < count; i++) {
        int segment = (first + i) >>> Segments.LOG;
        int offset = (first + i) & Segments.MASK;
        if (segment == bytes.size()) {
          bytes.add(new GrowingBuffer(allocator));
        }
        int start =
            offset == 0
                ? 0
                : i > 0 ? ends.getDataBuffer().getInt((i - 1L) << 2) : end(segment, offset - 1);
        boolean isNull = column.isNull(rows[i]);
        int length = isNull ? 0 : lengths[rows[i]];
        long end = (long) start + length;
        if (end > Integer.MAX_VALUE) {
          throw new EngineException(
              ErrorCode.MEMORY_LIMIT,
              Segments.ROWS + " rows of a join have more than 2 GiB of text in one column");
        }
        if (length > 0) {
          ArrowBuf target = bytes.get(segment).ensure(end);
          StringCopy.copy(source, starts[rows[i]], target, start, length);
        }
        ends.getDataBuffer().setInt((long) i << 2, (int) end);
        BitVectorHelper.setValidityBit(ends.getValidityBuffer(), i, isNull ? 0 : 1);
      }
      ends.setValueCount(count);
      numbers.append(ends, identity, count, first);
    }
  }

  private int end(int segment, int offset) {
    return numbers.values(segment).getInt((long) offset << 2);
  }

  /** Turns codes into plain values. */
  void decode() {
    if (!encoded) {
      return;
    }
    encoded = false;
    FixedStore codes = numbers;
    numbers = new FixedStore(SqlType.INTEGER, allocator);
    try (codes) {
      int[] rows = new int[Math.min(rowCount, Segments.ROWS)];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = i;
      }
      for (int segment = 0; segment < codes.segments(); segment++) {
        int first = segment << Segments.LOG;
        int count = Math.min(Segments.ROWS, rowCount - first);
        try (FieldVector plain = decode(codes, segment, count)) {
          Column column = new FlatColumn(type, plain);
          appendPlain(column, rows, count, first);
        }
      }
    } finally {
      releaseDictionaries();
    }
  }

  private FieldVector decode(FixedStore codes, int segment, int count) {
    FieldVector plain = Vectors.create(type, allocator);
    try {
      plain.setInitialCapacity(Math.max(1, count));
      plain.allocateNew();
      BaseVariableWidthVector target = (BaseVariableWidthVector) plain;
      int d = 0;
      for (int i = 0; i < count; i++) {
        if (codes.validity(segment).getByte(i) == 0) {
          while (target.getValueCapacity() <= i) {
            target.reAlloc();
          }
          target.setNull(i);
          continue;
        }
        int code = codes.values(segment).getInt((long) i << 2);
        while (code < bases.get(d)) {
          d--;
        }
        while (d + 1 < bases.size() && code >= bases.get(d + 1)) {
          d++;
        }
        target.copyFromSafe(code - bases.get(d), i, dictionaries.get(d).values());
      }
      plain.setValueCount(count);
      return plain;
    } catch (RuntimeException | Error failure) {
      plain.close();
      throw failure;
    }
  }

  private void releaseDictionaries() {
    dictionaries.forEach(SharedDictionary::release);
    dictionaries.clear();
    bases.clear();
  }

  @Override
  public void close() {
    cells.close();
    numbers.close();
    bytes.forEach(GrowingBuffer::close);
    releaseDictionaries();
  }
}
