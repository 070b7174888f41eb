package io.sluice.engine.connector;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/** A planned scan of one snapshot. Safe for use by several threads. */
public interface TableScan extends AutoCloseable {
  /** In row order. */
  List<ScanSplit> splits();

  /**
   * The columns, all BIGINT, by which rows are in row order where their places are not: after a
   * rewrite that has kept the rows' identity. Compared from first to last, NULL lowest, then by
   * place. Empty where places are in row order.
   */
  List<HiddenColumn> rowOrder();

  /**
   * The same splits with the same ordinals, for other columns. Another scan with another filter
   * counts its splits differently. The caller closes both.
   *
   * @param columns named as in a request
   */
  TableScan reading(List<String> columns);

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
