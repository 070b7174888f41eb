package io.sluice.engine.connector;

import org.apache.arrow.memory.BufferAllocator;

/** A planned scan of one snapshot. Safe for use by several threads. */
public interface TableScan extends AutoCloseable {
  /** In row order. */
  java.util.List<ScanSplit> splits();

  /** All rows of a split in file order, in batches of at most {@code batchRows}. */
  SplitReader open(ScanSplit split, BufferAllocator allocator, int batchRows);

  /**
   * The given rows of a split and no others, each once, in the given order; pages without a wanted
   * row are not decoded.
   *
   * @param rows ascending row numbers within the split, without repeats
   */
  SplitReader fetch(ScanSplit split, int[] rows, BufferAllocator allocator, int batchRows);

  ScanMetrics metrics();

  @Override
  void close();
}
