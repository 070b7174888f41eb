package io.sluice.engine.connector;

/**
 * A piece of a table that one worker reads, such as a row group. Ties are broken by place: of two
 * rows with equal times the one with the greater (ordinal, row) wins, except where {@link
 * TableScan#rowOrder} says otherwise.
 *
 * @param ordinal of the split within its scan, ascending, not necessarily dense; another scan of
 *     the same table counts differently
 * @param path of the file, for messages
 * @param rows before any filter
 * @param bytes to be read, as an estimate
 */
public record ScanSplit(int ordinal, String path, long rows, long bytes) {}
