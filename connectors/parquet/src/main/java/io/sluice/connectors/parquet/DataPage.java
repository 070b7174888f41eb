package io.sluice.connectors.parquet;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A decompressed data page of a column that is not nested.
 *
 * @param buffer the page's; whoever keeps addresses retains it
 * @param start address of the encoded values
 * @param end address behind them; {@link PageMemory#SLACK} more bytes are readable
 * @param encoding one of {@link PageHeader}'s
 * @param rows with NULLs
 * @param values without NULLs
 * @param validity a bit per row, or null where no row is NULL; the page's
 */
record DataPage(
    ArrowBuf buffer,
    long start,
    long end,
    int encoding,
    int rows,
    int values,
    @Nullable ArrowBuf validity) {
  /** Whether the values are ids of the dictionary. */
  boolean isDictionary() {
    return encoding == PageHeader.RLE_DICTIONARY || encoding == PageHeader.PLAIN_DICTIONARY;
  }

  /** NULLs among {@code count} rows from {@code row} on. */
  int nulls(int row, int count) {
    ArrowBuf bits = validity;
    return bits == null ? 0 : count - Bits.count(bits.memoryAddress(), row, count);
  }
}
