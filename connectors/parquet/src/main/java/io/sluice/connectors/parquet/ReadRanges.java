package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Which bytes of a row group a reader will read. */
final class ReadRanges {
  // Gaps between wanted chunks that are cheaper to read than to skip.
  private static final long COALESCE_GAP = 64L << 10;

  private ReadRanges() {}

  /** Whole chunks. */
  static List<ParquetInput.Range> ofChunks(List<ColumnChunk> chunks) {
    List<ParquetInput.Range> ranges = new ArrayList<>();
    for (ColumnChunk chunk : chunks) {
      ranges.add(new ParquetInput.Range(chunk.offset(), chunk.compressedBytes()));
    }
    return joined(ranges);
  }

  /** Where the chunks' pages are listed. */
  static List<ParquetInput.Range> ofIndexes(List<ColumnChunk> chunks) {
    List<ParquetInput.Range> ranges = new ArrayList<>();
    for (ColumnChunk chunk : chunks) {
      ParquetInput.Range index = chunk.offsetIndex();
      if (index != null) {
        ranges.add(index);
      }
    }
    return joined(ranges);
  }

  /**
   * Dictionaries, and the pages with a wanted row; whole chunks where pages are not listed.
   *
   * @param input which has the indexes
   * @param rows at least one
   */
  static List<ParquetInput.Range> ofPages(
      ParquetInput input, List<ColumnChunk> chunks, RowRanges rows, PageMemory memory) {
    List<ParquetInput.Range> ranges = new ArrayList<>();
    for (ColumnChunk chunk : chunks) {
      PageIndex index = PageIndex.read(input, chunk, memory);
      if (index == null || rows.count() == 0) {
        ranges.add(new ParquetInput.Range(chunk.offset(), chunk.compressedBytes()));
        continue;
      }
      ranges.add(new ParquetInput.Range(chunk.offset(), index.offset(0) - chunk.offset()));
      long end = chunk.offset() + chunk.compressedBytes();
      int next = 0;
      for (int range = 0; range < rows.count(); range++) {
        int last = index.pageOf(rows.end(range) - 1);
        for (int page = Math.max(next, index.pageOf(rows.start(range))); page <= last; page++) {
          long until = page + 1 < index.pages() ? index.offset(page + 1) : end;
          ranges.add(new ParquetInput.Range(index.offset(page), until - index.offset(page)));
        }
        next = Math.max(next, last + 1);
      }
    }
    return joined(ranges);
  }

  /** Ascending; those that lie close together as one. */
  private static List<ParquetInput.Range> joined(List<ParquetInput.Range> wanted) {
    wanted.sort(Comparator.comparingLong(ParquetInput.Range::offset));
    List<ParquetInput.Range> ranges = new ArrayList<>();
    for (ParquetInput.Range each : wanted) {
      ParquetInput.Range last = ranges.isEmpty() ? null : ranges.getLast();
      if (last != null && each.offset() - (last.offset() + last.length()) <= COALESCE_GAP) {
        long end = Math.max(last.offset() + last.length(), each.offset() + each.length());
        ranges.set(ranges.size() - 1, new ParquetInput.Range(last.offset(), end - last.offset()));
      } else {
        ranges.add(each);
      }
    }
    return ranges;
  }
}
