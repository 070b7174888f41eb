package io.sluice.engine.operator.join;

/**
 * How stored rows are numbered: each task fills segments of a fixed number of rows, the last one in
 * part; the segments of all tasks are numbered in turn, so that no row is moved when tasks' rows
 * become one.
 */
final class Segments {
  static final int LOG = 14;
  static final int ROWS = 1 << LOG;
  static final int MASK = ROWS - 1;

  private Segments() {}

  /** Segments that so many rows of one task take. */
  static int count(int rows) {
    return (rows + MASK) >>> LOG;
  }
}
