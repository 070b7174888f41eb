package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.copyMemory;
import static org.apache.arrow.memory.util.MemoryUtil.getInt;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Values of 1 to 16 bytes. A page's values are first brought into Arrow's layout, where PLAIN
 * values of most types already are, then appended in bulk.
 */
final class FixedDecoder implements ValueDecoder {
  private static final int ID_BLOCK = 2048;

  private final Conversion conversion;
  private final PrimitiveTypeName physical;
  private final PageMemory memory;
  private final Field field;
  private final int width;
  private final ColumnBuffers rows;
  private final HybridDecoder ids = new HybridDecoder();
  private @Nullable ArrowBuf idBlock;
  private @Nullable ArrowBuf dictionary;
  private int dictionarySize;
  private @Nullable ArrowBuf converted;
  private @Nullable DataPage page;
  private int pageRow;
  private long next;
  private boolean trusted;
  private @Nullable ArrowBuf target;

  FixedDecoder(Conversion conversion, PrimitiveTypeName physical, PageMemory memory) {
    this.conversion = conversion;
    this.physical = physical;
    this.memory = memory;
    this.field = ColumnBuffers.field(conversion.target());
    this.width = conversion.targetWidth();
    this.rows = new ColumnBuffers(memory.allocator());
  }

  @Override
  public void dictionary(DataPage source) {
    ArrowBuf values = memory.take((long) source.values() * width);
    dictionary = values;
    dictionarySize = source.values();
    if (conversion.op() == Conversion.Op.BINARY_TO_DECIMAL) {
      binaryDecimals(source.start(), source.end(), source.values(), values.memoryAddress());
    } else {
      checkPlain(source);
      ConversionKernels.convert(
          conversion, source.start(), values.memoryAddress(), source.values());
    }
  }

  @Override
  public void page(DataPage source) {
    release();
    page = source;
    pageRow = 0;
    if (source.isDictionary()) {
      int bits = Ids.start(source, dictionary != null, ids);
      trusted = bits < 31 && 1L << bits <= dictionarySize;
      if (idBlock == null) {
        idBlock = memory.take(ID_BLOCK << 2);
      }
      return;
    }
    if (conversion.op() == Conversion.Op.BINARY_TO_DECIMAL) {
      next = decimals(source);
    } else {
      next = dense(source);
    }
  }

  /** Address of the page's values in Arrow's layout. */
  private long dense(DataPage source) {
    int count = source.values();
    int from = conversion.sourceWidth();
    switch (source.encoding()) {
      case PageHeader.PLAIN -> {
        checkPlain(source);
        return inLayout(source.start(), count);
      }
      case PageHeader.DELTA_BINARY_PACKED -> {
        if (physical != PrimitiveTypeName.INT32 && physical != PrimitiveTypeName.INT64) {
          throw unsupported(source);
        }
        ArrowBuf numbers = memory.take((long) count * from);
        converted = numbers;
        DeltaDecoder.numbers(source.start(), source.end(), numbers.memoryAddress(), from, count);
        return inLayout(numbers.memoryAddress(), count);
      }
      case PageHeader.BYTE_STREAM_SPLIT -> {
        if (physical == PrimitiveTypeName.INT96) {
          throw unsupported(source);
        }
        checkPlain(source);
        ArrowBuf joined = memory.take((long) count * from);
        converted = joined;
        StreamSplit.join(source.start(), from, joined.memoryAddress(), count);
        return inLayout(joined.memoryAddress(), count);
      }
      case PageHeader.DELTA_BYTE_ARRAY -> {
        if (physical != PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY) {
          throw unsupported(source);
        }
        DeltaDecoder.Strings strings = DeltaDecoder.prefixedStrings(source, memory);
        converted = strings.buffer();
        try {
          checkLengths(strings.lengths(), count, from);
        } finally {
          memory.give(strings.lengths());
        }
        return inLayout(strings.start(), count);
      }
      default -> throw unsupported(source);
    }
  }

  /** Converts {@code count} physical values where their layout is not Arrow's. */
  private long inLayout(long from, int count) {
    if (conversion.op() == Conversion.Op.COPY) {
      return from;
    }
    ArrowBuf values = memory.take((long) count * width);
    try {
      ConversionKernels.convert(conversion, from, values.memoryAddress(), count);
    } catch (RuntimeException | Error failure) {
      memory.give(values);
      throw failure;
    }
    release();
    converted = values;
    return values.memoryAddress();
  }

  /** Decimals whose bytes vary in number. */
  private long decimals(DataPage source) {
    int count = source.values();
    ArrowBuf values = memory.take((long) count << 4);
    converted = values;
    long to = values.memoryAddress();
    if (source.encoding() == PageHeader.PLAIN) {
      binaryDecimals(source.start(), source.end(), count, to);
      return to;
    }
    DeltaDecoder.Strings strings =
        switch (source.encoding()) {
          case PageHeader.DELTA_LENGTH_BYTE_ARRAY -> DeltaDecoder.lengthStrings(source, memory);
          case PageHeader.DELTA_BYTE_ARRAY -> DeltaDecoder.prefixedStrings(source, memory);
          default -> throw unsupported(source);
        };
    try {
      long from = strings.start();
      long lengths = strings.lengths().memoryAddress();
      for (int i = 0; i < count; i++) {
        int length = getInt(lengths + ((long) i << 2));
        ConversionKernels.bytesToDecimal(from, length, to + ((long) i << 4), conversion.factor());
        from += length;
      }
    } finally {
      memory.give(strings.lengths());
      memory.give(strings.buffer());
    }
    return to;
  }

  private void binaryDecimals(long start, long end, int count, long to) {
    long at = start;
    for (int i = 0; i < count; i++) {
      int length = end - at < 4 ? -1 : getInt(at);
      if (length < 0 || length > end - at - 4) {
        throw new CorruptPage("a decimal of " + length + " bytes at the end of a page");
      }
      ConversionKernels.bytesToDecimal(at + 4, length, to + ((long) i << 4), conversion.factor());
      at += 4 + length;
    }
  }

  private void checkPlain(DataPage source) {
    long bytes = (long) source.values() * conversion.sourceWidth();
    if (bytes > source.end() - source.start()) {
      throw new CorruptPage(
          source.values() + " values in " + (source.end() - source.start()) + " bytes");
    }
  }

  private static void checkLengths(ArrowBuf lengths, int count, int width) {
    for (int i = 0; i < count; i++) {
      int length = lengths.getInt((long) i << 2);
      if (length != width) {
        throw new CorruptPage("a value of " + length + " bytes where all have " + width);
      }
    }
  }

  private UnsupportedPage unsupported(DataPage source) {
    return Ids.unsupported(source, physical);
  }

  @Override
  public void begin(int maxRows) {
    closeTarget();
    rows.begin(maxRows);
    target = memory.allocator().buffer(Math.max(1L, (long) maxRows * width));
  }

  @Override
  public void append(int count) {
    DataPage source = Objects.requireNonNull(page);
    ArrowBuf out = Objects.requireNonNull(target);
    int row = rows.rows();
    long to = out.memoryAddress() + (long) row * width;
    int present = rows.append(source, pageRow, count);
    if (source.isDictionary()) {
      gather(to, present);
    } else {
      copyMemory(next, to, (long) present * width);
      next += (long) present * width;
    }
    if (present < count) {
      FixedKernels.spread(width, to, rows.validity(), row, count, present);
    }
    pageRow += count;
  }

  private void gather(long to, int count) {
    if (count == 0) {
      return;
    }
    ArrowBuf block = Objects.requireNonNull(idBlock);
    ArrowBuf values = Objects.requireNonNull(dictionary);
    long numbers = block.memoryAddress();
    for (int done = 0; done < count; ) {
      int step = Math.min(ID_BLOCK, count - done);
      ids.readInts(numbers, step);
      if (!trusted) {
        FixedKernels.checkIds(numbers, step, dictionarySize);
      }
      FixedKernels.gather(width, values.memoryAddress(), numbers, to + (long) done * width, step);
      done += step;
    }
  }

  @Override
  public void skip(int count) {
    DataPage source = Objects.requireNonNull(page);
    int present = count - source.nulls(pageRow, count);
    if (source.isDictionary()) {
      ids.skip(present);
    } else {
      next += (long) present * width;
    }
    pageRow += count;
  }

  @Override
  public Column finish() {
    ArrowBuf out = Objects.requireNonNull(target);
    Column column = new FlatColumn(conversion.target(), rows.vector(field, out));
    closeTarget();
    rows.close();
    return column;
  }

  private void release() {
    if (converted != null) {
      memory.give(converted);
      converted = null;
    }
  }

  private void closeTarget() {
    if (target != null) {
      target.close();
      target = null;
    }
  }

  @Override
  public void close() {
    release();
    closeTarget();
    rows.close();
    if (idBlock != null) {
      memory.give(idBlock);
      idBlock = null;
    }
    if (dictionary != null) {
      memory.give(dictionary);
      dictionary = null;
    }
  }
}
