package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.parquet.format.OffsetIndex;
import org.apache.parquet.format.PageLocation;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/** Where the data pages of a chunk lie, from the file's offset index. */
final class PageIndex {
  private static final int MAX_BYTES = 16 << 20;

  private final long[] offsets;
  private final long[] firstRows;

  private PageIndex(long[] offsets, long[] firstRows) {
    this.offsets = offsets;
    this.firstRows = firstRows;
  }

  /** The chunk's index, or null where it has none that makes sense: pages are then walked. */
  static @Nullable PageIndex read(ParquetInput input, ColumnChunk chunk, PageMemory memory) {
    ParquetInput.Range range = chunk.offsetIndex();
    if (range == null || range.length() > MAX_BYTES) {
      return null;
    }
    byte[] bytes = new byte[(int) range.length()];
    ArrowBuf buffer = memory.take(bytes.length);
    try {
      input.readFully(range.offset(), bytes.length, buffer, 0);
      buffer.getBytes(0, bytes);
    } finally {
      memory.give(buffer);
    }
    List<PageLocation> pages;
    try {
      OffsetIndex index = Util.readOffsetIndex(new ByteArrayInputStream(bytes));
      pages = index.getPage_locations();
    } catch (IOException | RuntimeException e) {
      throw new CorruptPage("its offset index cannot be parsed: " + e.getMessage(), e);
    }
    long[] offsets = new long[pages.size()];
    long[] firstRows = new long[pages.size()];
    long end = chunk.offset() + chunk.compressedBytes();
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = pages.get(i).getOffset();
      firstRows[i] = pages.get(i).getFirst_row_index();
      boolean ascends =
          i == 0
              ? firstRows[i] == 0 && offsets[i] >= chunk.offset()
              : firstRows[i] >= firstRows[i - 1] && offsets[i] > offsets[i - 1];
      if (!ascends || offsets[i] >= end || firstRows[i] > chunk.valueCount()) {
        throw new CorruptPage("its offset index makes no sense");
      }
    }
    return offsets.length == 0 ? null : new PageIndex(offsets, firstRows);
  }

  /** The page with that row. */
  int pageOf(long row) {
    int low = 0;
    int high = firstRows.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstRows[middle] <= row) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  int pages() {
    return offsets.length;
  }

  long firstRow(int page) {
    return firstRows[page];
  }

  long offset(int page) {
    return offsets[page];
  }
}
