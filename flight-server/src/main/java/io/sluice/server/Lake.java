package io.sluice.server;

import io.sluice.connectors.iceberg.EmbeddedLake;
import io.sluice.connectors.iceberg.temporary.ScratchTables;
import io.sluice.engine.connector.Catalogs;
import io.sluice.planner.Session;
import io.sluice.server.config.ServerConfig;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The catalogs that a configuration names: at first the embedded one alone, and beside it a folder
 * for temporary tables.
 */
public final class Lake {
  private Lake() {}

  /**
   * Opens them. The caller closes them.
   *
   * @param allocator of what they write
   */
  public static Catalogs open(ServerConfig config, BufferAllocator allocator) {
    Catalogs catalogs = new Catalogs();
    catalogs.add(EmbeddedLake.open(config.dataDir(), allocator, Session.DEFAULT_CATALOG));
    try {
      catalogs.keepTemporaryTables(ScratchTables.below(config.dataDir(), allocator));
    } catch (RuntimeException | Error failure) {
      catalogs.close();
      throw failure;
    }
    return catalogs;
  }
}
