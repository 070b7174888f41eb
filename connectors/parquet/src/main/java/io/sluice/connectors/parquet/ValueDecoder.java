package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Column;

/** Turns the values of pages into columns; {@link PageColumnReader} says which and when. */
sealed interface ValueDecoder extends AutoCloseable
    permits FixedDecoder, BooleanDecoder, BinaryDecoder {
  /** The dictionary of the pages to come; its memory is not kept. */
  void dictionary(DataPage dictionary);

  /** The page that the next rows are from. Its memory is kept only with a reference. */
  void page(DataPage page);

  void begin(int rows);

  /** Adds rows of the page. */
  void append(int rows);

  /** Passes over rows of the page. */
  void skip(int rows);

  Column finish();

  @Override
  void close();
}
