package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.connectors.parquet.LocalParquetInput;
import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetInput;
import io.sluice.engine.connector.TableStatistics;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;

/** What the scans of one catalog share. Safe for use by several threads. */
public final class ScanContext implements AutoCloseable {
  private static final long FOOTER_CACHE_BYTES = 64L << 20;
  private static final int STATISTICS_CACHE_SNAPSHOTS = 256;

  private final BufferAllocator allocator;
  private final FooterCache footers = new FooterCache(FOOTER_CACHE_BYTES);
  private final LeastRecentlyUsed<StatisticsKey, TableStatistics> statistics =
      new LeastRecentlyUsed<>(STATISTICS_CACHE_SNAPSHOTS, key -> 1);

  /** Statistics depend on the schema, too: a snapshot may be read with a later one. */
  record StatisticsKey(String tableUuid, long snapshotId, int schemaId) {}

  /**
   * @param allocator for footers while they are parsed; stays the caller's
   */
  public ScanContext(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /**
   * Opens a data file; its footer is remembered. The caller closes the file.
   *
   * @throws io.sluice.engine.EngineException STORAGE_ERROR where it is not there
   */
  public ParquetFile open(String location) {
    ParquetInput input = LocalParquetInput.open(LocalFileIO.path(location));
    return footers.open(input, allocator);
  }

  TableStatistics statistics(StatisticsKey key, Supplier<TableStatistics> compute) {
    TableStatistics known = statistics.get(key);
    if (known == null) {
      known = compute.get();
      statistics.put(key, known);
    }
    return known;
  }

  @Override
  public void close() {
    footers.clear();
    statistics.clear();
  }
}
