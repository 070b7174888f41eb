package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import java.util.zip.CRC32;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Walks through the pages of one column chunk; only pages that are asked for are decompressed. */
final class PageStream implements AutoCloseable {
  private static final int HEADER_READ = 256;
  // A page may be larger than what the footer says of the chunk, but not by orders.
  private static final long PLAUSIBLE_PAGE = 64L << 20;

  private final ColumnChunk chunk;
  private final boolean optional;
  private final PageMemory memory;
  private final ChunkWindow window;
  private final Decompressor decompressor;
  private final PageHeader header = new PageHeader();
  private final HybridDecoder levels = new HybridDecoder();
  private final ParquetInput input;
  private final boolean sparse;
  private @Nullable PageIndex index;
  private boolean indexed;
  private long position;
  private final long end;
  private long rowsBefore;
  private @Nullable DataPage page;

  PageStream(
      ParquetInput input,
      ParquetColumn column,
      ColumnChunk chunk,
      PageMemory memory,
      boolean sparse) {
    this.chunk = chunk;
    this.optional = column.maxDefinitionLevel() > 0;
    this.memory = memory;
    this.position = chunk.offset();
    this.end = chunk.offset() + chunk.compressedBytes();
    this.window = new ChunkWindow(input, memory, end, sparse);
    this.decompressor = new Decompressor(chunk.codec());
    this.input = input;
    this.sparse = sparse;
  }

  /**
   * The dictionary, if the chunk begins with one. To be called first.
   *
   * @return a page whose {@code values} is the number of entries, PLAIN; it stays valid until the
   *     next page is loaded
   */
  @Nullable DataPage dictionary() {
    if (position >= end) {
      return null;
    }
    int headerBytes = readHeader();
    if (header.type != PageHeader.DICTIONARY) {
      return null;
    }
    if (header.encoding != PageHeader.PLAIN && header.encoding != PageHeader.PLAIN_DICTIONARY) {
      throw new CorruptPage("dictionary page of encoding " + header.encoding);
    }
    long body = body(headerBytes);
    ArrowBuf buffer = decompress(body, 0);
    long start = start(buffer, body, 0);
    DataPage dictionary =
        new DataPage(
            buffer,
            start,
            start + header.uncompressedSize,
            PageHeader.PLAIN,
            header.values,
            header.values,
            null);
    position = body + header.compressedSize;
    page = dictionary;
    window.trim();
    return dictionary;
  }

  /** Rows before the page that {@link #nextPage} finds; in nested columns levels. */
  long rowsBefore() {
    return rowsBefore;
  }

  /**
   * Finds the next data page that may hold row {@code row} or, without an index, just the next one.
   *
   * @return its rows
   * @throws CorruptPage where there is none
   */
  int nextPage(long row) {
    PageIndex places = index();
    if (places != null) {
      int target = places.pageOf(row);
      if (places.firstRow(target) > rowsBefore) {
        rowsBefore = places.firstRow(target);
        position = places.offset(target);
      }
    }
    while (true) {
      if (position >= end) {
        throw new CorruptPage(
            "its pages end after " + rowsBefore + " of " + chunk.valueCount() + " rows");
      }
      int headerBytes = readHeader();
      long body = body(headerBytes);
      switch (header.type) {
        case PageHeader.DATA, PageHeader.DATA_V2 -> {
          if (header.values > chunk.valueCount() - rowsBefore) {
            throw new CorruptPage(
                "its pages have more than the " + chunk.valueCount() + " rows of the row group");
          }
          position = body;
          return header.values;
        }
        case PageHeader.DICTIONARY -> throw new CorruptPage("a second dictionary page");
        default -> position = body + header.compressedSize;
      }
    }
  }

  /** Read when it is first needed: opening a reader reads nothing. */
  private @Nullable PageIndex index() {
    if (sparse && !indexed) {
      indexed = true;
      index = PageIndex.read(input, chunk, memory);
    }
    return index;
  }

  /** Whether all pages have been passed. */
  boolean atEnd() {
    return rowsBefore == chunk.valueCount();
  }

  /** Passes over the page that {@link #nextPage} found. */
  void skipPage() {
    position += header.compressedSize;
    rowsBefore += header.values;
  }

  /** Reads and decompresses the page that {@link #nextPage} found; valid until the next one. */
  DataPage loadPage() {
    release();
    int levelBytes = levelBytes();
    ArrowBuf buffer = decompress(position, levelBytes);
    ArrowBuf validity = null;
    try {
      long start = start(buffer, position, levelBytes);
      long limit = start + header.uncompressedSize - levelBytes;
      int rows = header.values;
      int nulls = 0;
      if (optional) {
        validity = memory.take((rows + 7L) >>> 3);
        if (header.type == PageHeader.DATA_V2) {
          long from = secondVersionLevels() + header.repetitionBytes;
          levels.reset(from, from + header.definitionBytes, 1);
          nulls = readLevels(validity, rows);
        } else {
          long levelEnd = levelEnd(start, limit, rows);
          if (header.definitionEncoding == PageHeader.BIT_PACKED) {
            Bits.reverseBytes(start, validity.memoryAddress(), levelEnd - start);
            nulls = rows - Bits.count(validity.memoryAddress(), 0, rows);
          } else {
            levels.reset(start + 4, levelEnd, 1);
            nulls = readLevels(validity, rows);
          }
          start = levelEnd;
        }
        if (nulls == 0) {
          memory.give(validity);
          validity = null;
        }
      }
      return loaded(
          new DataPage(buffer, start, limit, header.encoding, rows, rows - nulls, validity));
    } catch (RuntimeException | Error failure) {
      memory.give(buffer);
      if (validity != null) {
        memory.give(validity);
      }
      throw failure;
    }
  }

  /**
   * The same for a leaf of a nested column.
   *
   * @param nested receives the page's levels
   * @return a page whose rows are the leaf's values and NULLs, without what is missing because a
   *     list above is empty or NULL
   */
  DataPage loadPage(PageLevels nested) {
    release();
    int levelBytes = levelBytes();
    ArrowBuf buffer = decompress(position, levelBytes);
    try {
      long start = start(buffer, position, levelBytes);
      long limit = start + header.uncompressedSize - levelBytes;
      if (header.type == PageHeader.DATA_V2) {
        nested.readSecondVersion(header, secondVersionLevels());
      } else {
        start = nested.readFirstVersion(header, start, limit);
      }
      return loaded(
          new DataPage(
              buffer,
              start,
              limit,
              header.encoding,
              nested.slots(),
              nested.values(),
              nested.takeValidity()));
    } catch (RuntimeException | Error failure) {
      memory.give(buffer);
      throw failure;
    }
  }

  /** Bytes of levels that stand before the compressed part. */
  private int levelBytes() {
    int bytes =
        header.type == PageHeader.DATA_V2 ? header.definitionBytes + header.repetitionBytes : 0;
    if (bytes < 0 || bytes > header.compressedSize || bytes > header.uncompressedSize) {
      throw new CorruptPage("page levels of " + bytes + " bytes");
    }
    return bytes;
  }

  private long secondVersionLevels() {
    long at = window.require(position, header.compressedSize);
    return window.buffer().memoryAddress() + at;
  }

  private DataPage loaded(DataPage fresh) {
    position += header.compressedSize;
    rowsBefore += header.values;
    page = fresh;
    window.trim();
    return fresh;
  }

  /** Where a first-version page's definition levels end. */
  private long levelEnd(long start, long limit, int rows) {
    long bytes;
    long from;
    switch (header.definitionEncoding) {
      case PageHeader.RLE -> {
        if (limit - start < 4) {
          throw new CorruptPage("page of " + (limit - start) + " bytes has no levels");
        }
        bytes = org.apache.arrow.memory.util.MemoryUtil.getInt(start);
        from = start + 4;
      }
      case PageHeader.BIT_PACKED -> {
        bytes = (rows + 7L) >>> 3;
        from = start;
      }
      default ->
          throw new CorruptPage("definition levels of encoding " + header.definitionEncoding);
    }
    if (bytes < 0 || bytes > limit - from) {
      throw new CorruptPage(
          "definition levels of " + bytes + " bytes in a page of " + (limit - start));
    }
    return from + bytes;
  }

  /** Fills validity bits and gives the NULLs; bits are left alone where there is none. */
  private int readLevels(ArrowBuf validity, int rows) {
    if (rows == 0 || levels.startsWithOnes(rows)) {
      return 0;
    }
    levels.readBits(validity.memoryAddress(), 0, rows);
    return rows - Bits.count(validity.memoryAddress(), 0, rows);
  }

  private int readHeader() {
    for (long size = HEADER_READ; ; size *= 4) {
      long bytes = Math.min(size, end - position);
      long at = window.require(position, bytes);
      long address = window.buffer().memoryAddress() + at;
      try {
        return header.parse(address, address + bytes);
      } catch (PageHeader.Truncated e) {
        if (bytes == end - position) {
          throw new CorruptPage("page header at byte " + position + " does not end", e);
        }
      }
    }
  }

  /** File offset of the page's body, checked to lie in the chunk. */
  private long body(int headerBytes) {
    long body = position + headerBytes;
    if (header.compressedSize > end - body) {
      throw new CorruptPage(
          "page at byte "
              + position
              + " has "
              + header.compressedSize
              + " bytes, its column chunk ends before");
    }
    if (header.uncompressedSize > Math.max(PLAUSIBLE_PAGE, chunk.uncompressedBytes())) {
      throw new CorruptPage(
          "page at byte "
              + position
              + " has "
              + header.uncompressedSize
              + " bytes, its whole column chunk "
              + chunk.uncompressedBytes());
    }
    return body;
  }

  private boolean isPlain() {
    return decompressor.isIdentity() || (header.type == PageHeader.DATA_V2 && !header.compressed);
  }

  /** The page's values in a buffer with a reference for the caller; see {@link #start}. */
  private ArrowBuf decompress(long body, int levelBytes) {
    long at = window.require(body, header.compressedSize);
    ArrowBuf source = window.buffer();
    if (header.hasCrc) {
      CRC32 crc = new CRC32();
      crc.update(source.nioBuffer(at, header.compressedSize));
      if ((int) crc.getValue() != header.crc) {
        throw new CorruptPage("page at byte " + body + " has a wrong checksum");
      }
    }
    if (isPlain()) {
      if (header.compressedSize != header.uncompressedSize) {
        throw new CorruptPage(
            "uncompressed page has "
                + header.compressedSize
                + " bytes, its header says "
                + header.uncompressedSize);
      }
      source.getReferenceManager().retain();
      return source;
    }
    int size = header.uncompressedSize - levelBytes;
    ArrowBuf target = memory.take(size);
    try {
      decompressor.decompress(
          source, at + levelBytes, header.compressedSize - levelBytes, target, 0, size);
      return target;
    } catch (RuntimeException | Error failure) {
      memory.give(target);
      throw failure;
    }
  }

  private long start(ArrowBuf buffer, long body, int levelBytes) {
    return isPlain()
        ? buffer.memoryAddress() + window.require(body, header.compressedSize) + levelBytes
        : buffer.memoryAddress();
  }

  private void release() {
    DataPage old = page;
    if (old != null) {
      page = null;
      memory.give(old.buffer());
      if (old.validity() != null) {
        memory.give(old.validity());
      }
    }
  }

  @Override
  public void close() {
    release();
    window.close();
    decompressor.close();
  }
}
