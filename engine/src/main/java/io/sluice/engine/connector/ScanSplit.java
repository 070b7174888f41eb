package io.sluice.engine.connector;

/**
 * A piece of a table that one worker reads, such as a row group. Its ordinal is its place in the
 * table's row order, by which ties are broken: of two rows with equal times the one with the
 * greater (ordinal, row) wins, whichever splits the filter has left out.
 *
 * @param ordinal ascending, not necessarily dense
 * @param path of the file, for messages
 * @param rows before any filter
 * @param bytes to be read, as an estimate
 */
public record ScanSplit(int ordinal, String path, long rows, long bytes) {}
