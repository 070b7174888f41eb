package io.sluice.engine.operator.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The rows {@code offset} to {@code offset + limit} of those that all tasks bring, as they come.
 */
final class RowRange {
  private final long start;
  private final long end;
  private final AtomicLong seen = new AtomicLong();

  /**
   * @param limit -1 for all rows
   */
  RowRange(long offset, long limit) {
    this.start = offset;
    this.end = limit < 0 || offset + limit < 0 ? Long.MAX_VALUE : offset + limit;
  }

  /** Numbers the next {@code rows} rows; returns the number of the first. */
  long claim(int rows) {
    // Once the end is reached, further tasks must not push the counter to an overflow.
    return seen.get() >= end ? end : seen.getAndAdd(rows);
  }

  /** Row {@code number} or, where it lies outside, the nearest border. */
  long clamp(long number) {
    return Math.clamp(number, start, end);
  }

  boolean ends(long number) {
    return number >= end;
  }
}
