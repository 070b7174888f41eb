package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Column;

/**
 * Walks forward through one column of a row group: {@code begin}, any number of {@code append} and
 * {@code skip}, {@code finish}, and again. Used by one thread.
 */
interface ColumnReader extends AutoCloseable {
  /** Starts a column that will have at most {@code rows} rows. */
  void begin(int rows);

  /** Adds the next {@code rows} rows to the column. */
  void append(int rows);

  /** Passes over the next {@code rows} rows; pages that lie within are not decompressed. */
  void skip(int rows);

  /** The rows appended since {@link #begin}; the caller closes them. */
  Column finish();

  @Override
  void close();
}
