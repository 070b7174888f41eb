package io.sluice.connectors.parquet;

import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** What decoders share about pages of dictionary ids, and about pages that they cannot read. */
final class Ids {
  private Ids() {}

  /**
   * Starts to read a page's ids.
   *
   * @return the bits of each
   */
  static int start(DataPage page, boolean hasDictionary, HybridDecoder ids) {
    if (page.values() == 0) {
      ids.reset(page.start(), page.end(), 0);
      return 0;
    }
    if (!hasDictionary) {
      throw new CorruptPage("a page of dictionary ids without a dictionary");
    }
    if (page.start() >= page.end()) {
      throw new CorruptPage("an empty page for " + page.values() + " dictionary ids");
    }
    int bits = MemoryUtil.getByte(page.start());
    ids.reset(page.start() + 1, page.end(), bits);
    return bits;
  }

  static UnsupportedPage unsupported(DataPage page, PrimitiveTypeName physical) {
    String name =
        switch (page.encoding()) {
          case PageHeader.PLAIN -> "PLAIN";
          case PageHeader.RLE -> "RLE";
          case PageHeader.BIT_PACKED -> "BIT_PACKED";
          case PageHeader.DELTA_BINARY_PACKED -> "DELTA_BINARY_PACKED";
          case PageHeader.DELTA_LENGTH_BYTE_ARRAY -> "DELTA_LENGTH_BYTE_ARRAY";
          case PageHeader.DELTA_BYTE_ARRAY -> "DELTA_BYTE_ARRAY";
          case PageHeader.BYTE_STREAM_SPLIT -> "BYTE_STREAM_SPLIT";
          case PageHeader.RLE_DICTIONARY, PageHeader.PLAIN_DICTIONARY -> "dictionary";
          default -> "unknown (" + page.encoding() + ")";
        };
    return new UnsupportedPage("encoding " + name + " of " + physical + " values");
  }
}
