package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetInput;
import io.sluice.connectors.parquet.ParquetMetadata;
import org.apache.arrow.memory.BufferAllocator;

/** Footers of data files, which never change under one name. */
final class FooterCache {
  // Estimates of what the heap holds for each.
  private static final long BYTES_PER_FILE = 2_000;
  private static final long BYTES_PER_COLUMN = 400;
  private static final long BYTES_PER_CHUNK = 500;

  private final LeastRecentlyUsed<Key, ParquetMetadata> footers;

  private record Key(String path, long length) {}

  FooterCache(long maxBytes) {
    footers = new LeastRecentlyUsed<>(maxBytes, FooterCache::bytes);
  }

  private static long bytes(ParquetMetadata footer) {
    long columns = footer.columns().size();
    return BYTES_PER_FILE
        + columns * BYTES_PER_COLUMN
        + columns * footer.rowGroups().size() * BYTES_PER_CHUNK;
  }

  /** Takes ownership of the input, also where this fails. */
  ParquetFile open(ParquetInput input, BufferAllocator allocator) {
    Key key = new Key(input.path(), input.length());
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

  void clear() {
    footers.clear();
  }
}
