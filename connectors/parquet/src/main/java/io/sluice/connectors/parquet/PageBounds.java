package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ChunkStatistics.Bounds;
import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/** What a file's column index says about the pages of one column of a row group. */
final class PageBounds {
  private static final int MAX_BYTES = 16 << 20;

  private final PageIndex places;
  private final ColumnIndex index;
  private final PrimitiveType type;
  private final Conversion conversion;
  private final long rows;

  private PageBounds(
      PageIndex places, ColumnIndex index, PrimitiveType type, Conversion conversion, long rows) {
    this.places = places;
    this.index = index;
    this.type = type;
    this.conversion = conversion;
    this.rows = rows;
  }

  /** The bounds, or null where the file has none that can be used. */
  static @Nullable PageBounds read(
      ParquetFile file, RowGroup group, ColumnRequest request, PageMemory memory) {
    ParquetColumn column = request.column();
    if (column == null || !column.isFlat()) {
      return null;
    }
    ColumnChunk chunk = group.chunks().get(column.index());
    ParquetInput.Range range = chunk.columnIndex();
    Conversion conversion = chunk.encrypted() ? null : Conversion.of(column.type(), request.type());
    if (range == null
        || range.length() > MAX_BYTES
        || conversion == null
        || conversion.op() == Conversion.Op.ALL_NULL) {
      return null;
    }
    try {
      PageIndex places = PageIndex.read(file.input(), chunk, memory);
      ColumnIndex index = index(file.input(), range, column.type(), memory);
      boolean usable =
          places != null
              && index != null
              && index.getNullPages().size() == places.pages()
              && index.getMinValues().size() == places.pages()
              && index.getMaxValues().size() == places.pages();
      return usable
          ? new PageBounds(places, index, column.type(), conversion, group.rowCount())
          : null;
    } catch (CorruptPage e) {
      // an index is no more than a hint
      return null;
    }
  }

  private static @Nullable ColumnIndex index(
      ParquetInput input, ParquetInput.Range range, PrimitiveType type, PageMemory memory) {
    byte[] bytes = new byte[(int) range.length()];
    ArrowBuf buffer = memory.take(bytes.length);
    try {
      input.readFully(range.offset(), bytes.length, buffer, 0);
      buffer.getBytes(0, bytes);
    } finally {
      memory.give(buffer);
    }
    try {
      return ParquetMetadataConverter.fromParquetColumnIndex(
          type, Util.readColumnIndex(new ByteArrayInputStream(bytes)));
    } catch (IOException | RuntimeException e) {
      throw new CorruptPage("its column index cannot be parsed: " + e.getMessage(), e);
    }
  }

  /** Adds the first row of every page. */
  void addStarts(Set<Long> starts) {
    for (int page = 0; page < places.pages(); page++) {
      starts.add(places.firstRow(page));
    }
  }

  private long end(int page) {
    return page + 1 < places.pages() ? places.firstRow(page + 1) : rows;
  }

  /** Of the page with that row. */
  Bounds at(long row) {
    int page = places.pageOf(row);
    long count = end(page) - places.firstRow(page);
    long nulls = count(index.getNullCounts(), page);
    if (index.getNullPages().get(page)) {
      return new Bounds(null, null, count, count, false, false);
    }
    boolean nan = conversion.target().isFloating() && count(index.getNanCounts(), page) != 0;
    Object least = value(index.getMinValues().get(page));
    Object greatest = value(index.getMaxValues().get(page));
    if (least == null || greatest == null) {
      return new Bounds(null, null, nulls, count, false, nan);
    }
    // bounds in an index may be cut
    Bounds bounds = ChunkStatistics.bounds(conversion, least, greatest, nulls, count, nan);
    return new Bounds(bounds.min(), bounds.max(), nulls, count, false, nan);
  }

  private @Nullable Object value(ByteBuffer bytes) {
    return RawValues.whole(type, bytes);
  }

  private static long count(@Nullable List<Long> counts, int page) {
    return counts == null || page >= counts.size() ? -1 : counts.get(page);
  }

  /** How many pages have no row in the ranges. */
  long unread(RowRanges ranges) {
    long unread = 0;
    int range = 0;
    for (int page = 0; page < places.pages(); page++) {
      while (range < ranges.count() && ranges.end(range) <= places.firstRow(page)) {
        range++;
      }
      if (range == ranges.count() || ranges.start(range) >= end(page)) {
        unread++;
      }
    }
    return unread;
  }
}
