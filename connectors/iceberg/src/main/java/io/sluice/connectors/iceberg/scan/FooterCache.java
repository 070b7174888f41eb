package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetInput;
import io.sluice.connectors.parquet.ParquetMetadata;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Footers of data files, which never change under one name. What one user has read, another does
 * not see: scopes have nothing in common but the limit. Safe for use by several threads.
 */
public final class FooterCache {
  // Estimates of what the heap holds for each.
  private static final long BYTES_PER_FILE = 2_000;
  private static final long BYTES_PER_COLUMN = 400;
  private static final long BYTES_PER_CHUNK = 500;

  private final LeastRecentlyUsed<Key, ParquetMetadata> footers;

  private record Key(String scope, String path, long length) {}

  /**
   * @param maxBytes of all footers together, about
   */
  public FooterCache(long maxBytes) {
    footers = new LeastRecentlyUsed<>(maxBytes, FooterCache::bytes);
  }

  private static long bytes(ParquetMetadata footer) {
    long columns = footer.columns().size();
    return BYTES_PER_FILE
        + columns * BYTES_PER_COLUMN
        + columns * footer.rowGroups().size() * BYTES_PER_CHUNK;
  }

  /**
   * Takes ownership of the input, also where this fails.
   *
   * @param scope of the credentials with which the file is read
   */
  ParquetFile open(String scope, ParquetInput input, BufferAllocator allocator) {
    Key key = new Key(scope, input.path(), input.length());
    ParquetMetadata known = footers.get(key);
    if (known != null) {
      return new ParquetFile(input, known);
    }
    ParquetFile file = ParquetFile.open(input, allocator);
    footers.put(key, file.metadata());
    return file;
  }

  long weight() {
    return footers.weight();
  }

  void clear(String scope) {
    footers.removeIf(key -> key.scope().equals(scope));
  }
}
