package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.type.SqlType;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/** Booleans, bit-packed or in runs. */
final class BooleanDecoder implements ValueDecoder {
  private final PageMemory memory;
  private final Field field = ColumnBuffers.field(SqlType.BOOLEAN);
  private final ColumnBuffers rows;
  private final HybridDecoder runs = new HybridDecoder();
  private @Nullable DataPage page;
  private int pageRow;
  private long nextBit;
  private @Nullable ArrowBuf target;

  BooleanDecoder(PageMemory memory) {
    this.memory = memory;
    this.rows = new ColumnBuffers(memory.allocator());
  }

  @Override
  public void dictionary(DataPage dictionary) {
    throw new CorruptPage("a dictionary of booleans");
  }

  @Override
  public void page(DataPage source) {
    page = source;
    pageRow = 0;
    nextBit = 0;
    long bytes = source.end() - source.start();
    switch (source.encoding()) {
      case PageHeader.PLAIN -> {
        if (source.values() > bytes << 3) {
          throw new CorruptPage(source.values() + " booleans in " + bytes + " bytes");
        }
      }
      case PageHeader.RLE -> {
        if (source.values() > 0) {
          long size = bytes < 4 ? -1 : MemoryUtil.getInt(source.start());
          if (size < 0 || size > bytes - 4) {
            throw new CorruptPage("runs of " + size + " bytes in a page of " + bytes);
          }
          runs.reset(source.start() + 4, source.start() + 4 + size, 1);
        }
      }
      default -> throw Ids.unsupported(source, PrimitiveTypeName.BOOLEAN);
    }
  }

  @Override
  public void begin(int maxRows) {
    closeTarget();
    rows.begin(maxRows);
    target = memory.allocator().buffer(Math.max(1L, (maxRows + 7L) >>> 3));
  }

  @Override
  public void append(int count) {
    DataPage source = Objects.requireNonNull(page);
    ArrowBuf out = Objects.requireNonNull(target);
    int row = rows.rows();
    int present = rows.append(source, pageRow, count);
    long to = out.memoryAddress();
    if (source.encoding() == PageHeader.RLE) {
      runs.readBits(to, row, present);
    } else {
      Bits.copy(source.start(), nextBit, to, row, present);
      nextBit += present;
    }
    if (present < count) {
      spread(to, rows.validity(), row, count, present);
    }
    pageRow += count;
  }

  private static void spread(long target, long validity, long row, int count, int values) {
    int k = values;
    for (int i = count - 1; k <= i; i--) {
      int bit = Bits.get(validity, row + i);
      int value = bit == 0 ? 0 : Bits.get(target, row + --k);
      Bits.put(target, row + i, value);
    }
  }

  @Override
  public void skip(int count) {
    DataPage source = Objects.requireNonNull(page);
    int present = count - source.nulls(pageRow, count);
    if (source.encoding() == PageHeader.RLE) {
      runs.skip(present);
    } else {
      nextBit += present;
    }
    pageRow += count;
  }

  @Override
  public Column finish() {
    ArrowBuf out = Objects.requireNonNull(target);
    Column column = new FlatColumn(SqlType.BOOLEAN, rows.vector(field, out));
    closeTarget();
    rows.close();
    return column;
  }

  private void closeTarget() {
    if (target != null) {
      target.close();
      target = null;
    }
  }

  @Override
  public void close() {
    closeTarget();
    rows.close();
  }
}
