package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.connectors.iceberg.remote.ReadPool;
import io.sluice.connectors.iceberg.remote.RemoteParquetInput;
import io.sluice.connectors.parquet.LocalParquetInput;
import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetInput;
import io.sluice.engine.connector.TableStatistics;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the scans of one catalog share. Safe for use by several threads. */
public final class ScanContext implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScanContext.class);
  private static final long FOOTER_CACHE_BYTES = 64L << 20;
  private static final int STATISTICS_CACHE_SNAPSHOTS = 256;
  private static final int CACHED_COMMITS = 1 << 18;

  private final BufferAllocator allocator;
  private final FooterCache footers;
  private final String scope;
  private final @Nullable ReadPool reads;
  private final LeastRecentlyUsed<StatisticsKey, TableStatistics> statistics =
      new LeastRecentlyUsed<>(STATISTICS_CACHE_SNAPSHOTS, key -> 1);

  private final CommitArchive archive;
  private final LeastRecentlyUsed<SnapshotKey, CommitLog> logs =
      new LeastRecentlyUsed<>(CACHED_COMMITS, CommitLog::size);
  private final Set<String> incomplete = ConcurrentHashMap.newKeySet();

  private record SnapshotKey(String tableUuid, long snapshotId) {}

  /** Statistics depend on the schema, too: a snapshot may be read with a later one. */
  record StatisticsKey(String tableUuid, long snapshotId, int schemaId) {}

  /**
   * Takes ownership of the archive.
   *
   * @param allocator for footers while they are parsed; stays the caller's
   */
  public ScanContext(BufferAllocator allocator, CommitArchive archive) {
    this(allocator, archive, new FooterCache(FOOTER_CACHE_BYTES), "", null);
  }

  /**
   * Of files on other machines.
   *
   * @param footers of several contexts; stay the caller's
   * @param scope of the credentials with which files are read: no other context has it
   * @param reads the threads that wait for other machines; stay the caller's
   */
  public ScanContext(
      BufferAllocator allocator,
      CommitArchive archive,
      FooterCache footers,
      String scope,
      @Nullable ReadPool reads) {
    this.allocator = allocator;
    this.archive = archive;
    this.footers = footers;
    this.scope = scope;
    this.reads = reads;
  }

  /** Where commits are known whose snapshots have expired. */
  public CommitArchive archive() {
    return archive;
  }

  /** The commits that led to a snapshot that the table has. */
  CommitLog commits(Table table, long snapshotId) {
    SnapshotKey key = new SnapshotKey(table.uuid().toString(), snapshotId);
    CommitLog known = logs.get(key);
    if (known != null) {
      return known;
    }
    CommitLog log = CommitLog.of(table, snapshotId, archive);
    if (log.isComplete()) {
      logs.put(key, log);
    } else if (incomplete.add(key.tableUuid())) {
      LOG.warn(
          "snapshots of table {} expired before their commit times were known here: older rows"
              + " count as committed with the oldest commit that is known",
          table.name());
    }
    return log;
  }

  /**
   * Opens a local file; its footer is remembered. The caller closes the file.
   *
   * @throws io.sluice.engine.EngineException STORAGE_ERROR where it is not there
   */
  public ParquetFile open(String location) {
    ParquetInput input = LocalParquetInput.open(LocalFileIO.path(location));
    return footers.open(scope, input, allocator);
  }

  /** Opens a file of a table; its footer is remembered. The caller closes the file. */
  public ParquetFile open(Table table, ContentFile<?> file) {
    return footers.open(scope, input(table, file), allocator);
  }

  /** The bytes of a file of a table. The caller closes them. */
  ParquetInput input(Table table, ContentFile<?> file) {
    ReadPool pool = reads;
    if (pool == null || table.io() instanceof LocalFileIO) {
      return LocalParquetInput.open(LocalFileIO.path(file.location()));
    }
    long length = file.fileSizeInBytes();
    return new RemoteParquetInput(
        table.io().newInputFile(file.location(), length), length, pool, table);
  }

  /** Reads footers that are not known yet, those of remote files side by side. */
  void learn(Table table, List<? extends ContentFile<?>> files) {
    ReadPool pool = reads;
    if (pool != null) {
      pool.forEach(files, file -> open(table, file).close());
    }
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
    footers.clear(scope);
    statistics.clear();
    logs.clear();
    archive.close();
  }
}
