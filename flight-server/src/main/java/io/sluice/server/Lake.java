package io.sluice.server;

import io.sluice.connectors.hazelcast.HazelcastStore;
import io.sluice.connectors.iceberg.EmbeddedLake;
import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.rest.References;
import io.sluice.connectors.iceberg.rest.RestCatalogs;
import io.sluice.connectors.iceberg.temporary.ScratchTables;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.engine.online.OnlineTables;
import io.sluice.planner.Session;
import io.sluice.server.config.ServerConfig;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The catalogs of a server: the embedded one with a folder for temporary tables beside it, and the
 * remote ones of its configuration and of earlier statements.
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
    IcebergCatalog lake = EmbeddedLake.open(config.dataDir(), allocator, Session.DEFAULT_CATALOG);
    catalogs.add(lake);
    try {
      OnlineTables online =
          new OnlineTables(
              OnlineCatalog.NAME,
              lake,
              new HazelcastStore(config.hazelcast()),
              allocator,
              new OnlineTables.Settings(config.onlinePollInterval(), config.engine().workers()));
      catalogs.add(new OnlineCatalog(online));
      online.findAll();
      catalogs.keepTemporaryTables(ScratchTables.below(config.dataDir(), allocator));
      RestCatalogs.addTo(
          catalogs, config.dataDir(), config.catalogs(), references(config), allocator);
    } catch (RuntimeException | Error failure) {
      catalogs.close();
      throw failure;
    }
    return catalogs;
  }

  /**
   * Who can use this machine alone may refer to what the server can see; others to what is listed.
   */
  private static References.Policy references(ServerConfig config) {
    return config.hasUsers() || !config.isLoopback()
        ? new References.Policy.Listed(config.catalogReferences())
        : new References.Policy.Any();
  }
}
