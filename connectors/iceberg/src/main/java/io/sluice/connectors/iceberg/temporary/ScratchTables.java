package io.sluice.connectors.iceberg.temporary;

import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.Locations;
import io.sluice.connectors.iceberg.Reach;
import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.connectors.iceberg.scan.ScanContext;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.TemporaryTables;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Temporary tables as Iceberg tables in a folder of this process, which is made with the first of
 * them. Rows are in files, not in memory.
 */
public final class ScratchTables implements TemporaryTables {
  private static final String FOLDER = "temporary";

  private final Path parent;
  private final BufferAllocator allocator;
  private final AtomicLong sessions = new AtomicLong();

  // Guarded by this.
  private @Nullable ScratchFolder folder;
  private boolean closed;

  private ScratchTables(Path parent, BufferAllocator allocator) {
    this.parent = parent;
    this.allocator = allocator;
  }

  /**
   * Temporary tables below a data folder. Removes those of processes that were killed.
   *
   * @param allocator for footers while they are parsed; stays the caller's
   */
  public static ScratchTables below(Path dataDir, BufferAllocator allocator) {
    Path parent = dataDir.toAbsolutePath().normalize().resolve(FOLDER);
    ScratchFolder.removeStale(parent);
    return new ScratchTables(parent, allocator);
  }

  private synchronized Path folder() {
    if (closed) {
      throw new IllegalStateException("the server has stopped");
    }
    ScratchFolder known = folder;
    if (known == null) {
      known = ScratchFolder.claim(parent);
      folder = known;
    }
    return known.path();
  }

  private synchronized void remove(String session) {
    ScratchFolder known = folder;
    if (known != null) {
      ScratchFolder.removeAll(known.path().resolve(session));
    }
  }

  @Override
  public Catalog open() {
    String session = "session-" + sessions.incrementAndGet();
    AtomicLong tables = new AtomicLong();
    SessionCatalog catalog =
        new SessionCatalog(
            () -> folder().resolve(session).resolve("table-" + tables.incrementAndGet()).toString(),
            () -> remove(session));
    return new IcebergCatalog(
        NAME,
        catalog,
        new Locations.ByCatalog(),
        new ScanContext(allocator, CommitArchive.NONE),
        Reach.LOCAL);
  }

  @Override
  public synchronized void close() {
    closed = true;
    ScratchFolder known = folder;
    folder = null;
    if (known != null) {
      known.close();
    }
  }
}
