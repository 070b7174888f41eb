package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Strings and binaries. Appending a page's rows notes their lengths, or their dictionary ids, and
 * keeps hold of the page; only {@link #finish} knows how many bytes there are and copies each
 * string once.
 */
final class BinaryDecoder implements ValueDecoder {
  private static final Field INT = ColumnBuffers.field(SqlType.INTEGER);

  /**
   * Rows of one page.
   *
   * @param buffer that keeps the strings, a reference; null where they are in the dictionary
   * @param start address of the first string
   * @param plain whether a length stands before each string
   */
  private record Segment(
      @Nullable ArrowBuf buffer, long start, boolean plain, int row, int rows, boolean nulls) {}

  private final Conversion conversion;
  private final PrimitiveTypeName physical;
  private final PageMemory memory;
  private final Field field;
  private final long groupRows;
  private final ColumnBuffers rows;
  private final HybridDecoder idRuns = new HybridDecoder();
  private final List<Segment> segments = new ArrayList<>();
  private @Nullable BinaryDictionary dictionary;

  private @Nullable DataPage page;
  private int pageRow;
  private boolean trusted;
  // Where the page's next string is, in which buffer, and its length where lengths lie apart.
  private @Nullable ArrowBuf bytes;
  private @Nullable ArrowBuf pageLengths;
  private long next;
  private long nextLength;

  private int capacity;
  private @Nullable ArrowBuf lengths;
  private @Nullable ArrowBuf ids;

  BinaryDecoder(
      Conversion conversion, PrimitiveTypeName physical, long groupRows, PageMemory memory) {
    this.conversion = conversion;
    this.physical = physical;
    this.groupRows = groupRows;
    this.memory = memory;
    this.field = ColumnBuffers.field(conversion.target());
    this.rows = new ColumnBuffers(memory.allocator());
  }

  @Override
  public void dictionary(DataPage source) {
    dictionary =
        BinaryDictionary.read(
            source, conversion.sourceWidth(), conversion.target(), groupRows, memory.allocator());
  }

  @Override
  public void page(DataPage source) {
    releasePage();
    page = source;
    pageRow = 0;
    if (source.isDictionary()) {
      BinaryDictionary entries = dictionary;
      int bits = Ids.start(source, entries != null, idRuns);
      trusted = entries != null && bits < 31 && 1L << bits <= entries.size();
      return;
    }
    DeltaDecoder.Strings strings =
        switch (source.encoding()) {
          case PageHeader.PLAIN ->
              conversion.op() == Conversion.Op.BINARY ? null : fixed(source, source.start());
          case PageHeader.DELTA_LENGTH_BYTE_ARRAY -> {
            if (conversion.op() != Conversion.Op.BINARY) {
              throw Ids.unsupported(source, physical);
            }
            yield DeltaDecoder.lengthStrings(source, memory);
          }
          case PageHeader.DELTA_BYTE_ARRAY -> DeltaDecoder.prefixedStrings(source, memory);
          case PageHeader.BYTE_STREAM_SPLIT -> split(source);
          default -> throw Ids.unsupported(source, physical);
        };
    if (strings == null) {
      source.buffer().getReferenceManager().retain();
      bytes = source.buffer();
      next = source.start();
    } else {
      bytes = strings.buffer();
      pageLengths = strings.lengths();
      next = strings.start();
      nextLength = strings.lengths().memoryAddress();
    }
  }

  /** Values of one width, where they lie. */
  private DeltaDecoder.Strings fixed(DataPage source, long start) {
    int width = conversion.sourceWidth();
    int count = source.values();
    if ((long) count * width > source.end() - source.start()) {
      throw new CorruptPage(count + " values in " + (source.end() - source.start()) + " bytes");
    }
    ArrowBuf all = memory.take((long) count << 2);
    for (int i = 0; i < count; i++) {
      all.setInt((long) i << 2, width);
    }
    source.buffer().getReferenceManager().retain();
    return new DeltaDecoder.Strings(all, source.buffer(), start);
  }

  private DeltaDecoder.Strings split(DataPage source) {
    if (conversion.op() != Conversion.Op.FIXED_BINARY) {
      throw Ids.unsupported(source, physical);
    }
    DeltaDecoder.Strings apart = fixed(source, source.start());
    memory.give(apart.buffer());
    try {
      int width = conversion.sourceWidth();
      ArrowBuf joined = memory.take((long) source.values() * width);
      StreamSplit.join(source.start(), width, joined.memoryAddress(), source.values());
      return new DeltaDecoder.Strings(apart.lengths(), joined, joined.memoryAddress());
    } catch (RuntimeException | Error failure) {
      memory.give(apart.lengths());
      throw failure;
    }
  }

  @Override
  public void begin(int maxRows) {
    releaseBatch();
    capacity = maxRows;
    rows.begin(maxRows);
  }

  @Override
  public void append(int count) {
    DataPage source = Objects.requireNonNull(page);
    int row = rows.rows();
    int present = rows.append(source, pageRow, count);
    boolean nulls = present < count;
    long validity = nulls ? rows.validity() : 0;
    pageRow += count;
    if (source.isDictionary()) {
      appendIds(row, count, present, validity);
      segments.add(new Segment(null, 0, false, row, count, nulls));
      return;
    }
    ArrowBuf kept = Objects.requireNonNull(bytes);
    long to = lengths().memoryAddress() + ((row + 1L) << 2);
    long start = next;
    ArrowBuf apart = pageLengths;
    if (apart == null) {
      next = BinaryKernels.lengths(start, source.end(), to, count, validity, row);
    } else {
      BinaryKernels.spreadLengths(nextLength, to, count, validity, row);
      next += BinaryKernels.sum(nextLength, present);
      nextLength += (long) present << 2;
    }
    kept.getReferenceManager().retain();
    segments.add(new Segment(kept, start, apart == null, row, count, nulls));
  }

  private void appendIds(int row, int count, int present, long validity) {
    ArrowBuf out = ids;
    if (out == null) {
      out = memory.allocator().buffer((long) capacity << 2);
      ids = out;
    }
    long to = out.memoryAddress() + ((long) row << 2);
    if (present == 0) {
      MemoryUtil.setMemory(to, (long) count << 2, (byte) 0);
      return;
    }
    BinaryDictionary entries = Objects.requireNonNull(dictionary);
    idRuns.readInts(to, present);
    if (!trusted) {
      FixedKernels.checkIds(to, present, entries.size());
    }
    if (present < count) {
      FixedKernels.spread(4, to, validity, row, count, present);
    }
  }

  private ArrowBuf lengths() {
    ArrowBuf present = lengths;
    if (present == null) {
      present = memory.allocator().buffer((capacity + 1L) << 2);
      lengths = present;
    }
    return present;
  }

  @Override
  public void skip(int count) {
    DataPage source = Objects.requireNonNull(page);
    int present = count - source.nulls(pageRow, count);
    pageRow += count;
    if (source.isDictionary()) {
      idRuns.skip(present);
    } else if (pageLengths == null) {
      next = BinaryKernels.skip(next, source.end(), present);
    } else {
      next += BinaryKernels.sum(nextLength, present);
      nextLength += (long) present << 2;
    }
  }

  @Override
  public Column finish() {
    try {
      return column();
    } finally {
      releaseBatch();
      rows.close();
    }
  }

  private Column column() {
    BinaryDictionary entries = dictionary;
    boolean allIds = segments.stream().allMatch(segment -> segment.buffer() == null);
    ArrowBuf numbers = ids;
    if (allIds && numbers != null && entries != null && entries.kept()) {
      IntVector indices = (IntVector) rows.vector(INT, numbers);
      try {
        return new DictionaryColumn(indices, entries.share());
      } catch (RuntimeException | Error failure) {
        indices.close();
        throw failure;
      }
    }
    return flat(entries);
  }

  private Column flat(@Nullable BinaryDictionary entries) {
    ArrowBuf offsets = lengths();
    long base = offsets.memoryAddress();
    long numbers = ids == null ? 0 : ids.memoryAddress();
    for (Segment segment : segments) {
      if (segment.buffer() == null) {
        int row = segment.row();
        // Without a dictionary all rows are NULL.
        long entryOffsets = entries == null ? 0 : entries.offsets();
        BinaryKernels.dictionaryLengths(
            numbers + ((long) row << 2),
            entryOffsets,
            base + ((row + 1L) << 2),
            segment.rows(),
            segment.nulls() ? rows.validity() : 0,
            row);
      }
    }
    int count = rows.rows();
    long total = BinaryKernels.offsets(base, count);
    if (total > Integer.MAX_VALUE) {
      throw new UnsupportedPage(total + " bytes of strings in " + count + " rows; ask for fewer");
    }
    try (ArrowBuf data = memory.allocator().buffer(total + PageMemory.SLACK)) {
      for (Segment segment : segments) {
        copy(segment, entries, numbers, base, data.memoryAddress());
      }
      return new FlatColumn(conversion.target(), rows.vector(field, offsets, data));
    }
  }

  private void copy(
      Segment segment, @Nullable BinaryDictionary entries, long numbers, long base, long data) {
    int row = segment.row();
    long offsets = base + ((long) row << 2);
    if (segment.buffer() == null) {
      if (entries != null) {
        BinaryKernels.copyEntries(
            numbers + ((long) row << 2),
            entries.offsets(),
            entries.data(),
            data,
            offsets,
            segment.rows());
      }
    } else if (segment.plain()) {
      long validity = segment.nulls() ? rows.validity() : 0;
      BinaryKernels.copyPlain(segment.start(), data, offsets, segment.rows(), validity, row);
    } else {
      int from = MemoryUtil.getInt(offsets);
      int to = MemoryUtil.getInt(offsets + ((long) segment.rows() << 2));
      MemoryUtil.copyMemory(segment.start(), data + from, to - from);
    }
  }

  private void releasePage() {
    if (bytes != null) {
      memory.give(bytes);
      bytes = null;
    }
    if (pageLengths != null) {
      memory.give(pageLengths);
      pageLengths = null;
    }
  }

  private void releaseBatch() {
    for (Segment segment : segments) {
      if (segment.buffer() != null) {
        memory.give(segment.buffer());
      }
    }
    segments.clear();
    if (lengths != null) {
      lengths.close();
      lengths = null;
    }
    if (ids != null) {
      ids.close();
      ids = null;
    }
  }

  @Override
  public void close() {
    releasePage();
    releaseBatch();
    rows.close();
    if (dictionary != null) {
      dictionary.close();
      dictionary = null;
    }
  }
}
