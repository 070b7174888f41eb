package io.sluice.connectors.iceberg.write;

import org.apache.arrow.vector.FieldVector;

/**
 * Writes values of one field, with all that is nested in it, as Parquet levels and values. Follows
 * the levels of Dremel: a NULL is written at the level up to which its ancestors are there.
 */
interface ValueSink {
  /**
   * Writes one value that is there.
   *
   * @param repetition level at which the value repeats
   */
  void write(FieldVector vector, int position, int repetition);

  /** Writes that nothing is there below {@code definition}. */
  void writeNull(int repetition, int definition);
}
