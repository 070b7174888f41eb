package io.sluice.engine.batch;

import org.apache.arrow.memory.ArrowBuf;

/**
 * int32 row numbers. As a batch's selection they ascend; as indices for {@link Take} they come in
 * any order, and -1 stands for a NULL row. Owns its buffer.
 */
public final class Selection implements AutoCloseable {
  private final ArrowBuf rows;
  private final int count;
  private boolean closed;

  /** Takes ownership of one reference to {@code rows}, which holds at least {@code count} ints. */
  public Selection(ArrowBuf rows, int count) {
    this.rows = rows;
    this.count = count;
  }

  public int count() {
    return count;
  }

  public int get(int i) {
    return rows.getInt((long) i << 2);
  }

  public ArrowBuf rows() {
    return rows;
  }

  /** Another owner of the same row numbers. */
  public Selection share() {
    rows.getReferenceManager().retain();
    return new Selection(rows, count);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      rows.getReferenceManager().release();
    }
  }
}
