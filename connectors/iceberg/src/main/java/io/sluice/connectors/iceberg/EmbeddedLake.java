package io.sluice.connectors.iceberg;

import io.sluice.connectors.iceberg.history.CommitDatabase;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.connectors.iceberg.io.NoReports;
import io.sluice.connectors.iceberg.scan.ScanContext;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.jdbc.JdbcCatalog;

/**
 * The lake that needs nothing installed: an Iceberg JDBC catalog in one SQLite file, a warehouse
 * folder beside it, and a second SQLite file that knows commits longer than the tables do. Several
 * processes may have the same lake open.
 */
public final class EmbeddedLake {
  /** The catalog's usual name in SQL. */
  public static final String CATALOG = "lake";

  /** The schema that is always there. */
  public static final String SCHEMA = "main";

  private static final String DATABASE = "catalog.db";
  private static final String COMMITS = "commits.db";
  private static final String LOCK = "catalog.lock";
  private static final String WAREHOUSE = "warehouse";
  private static final int CONNECTIONS = 4;
  private static final int BUSY_TIMEOUT_MILLIS = 60_000;

  private EmbeddedLake() {}

  /**
   * Opens a lake, making it where there is none.
   *
   * @param allocator for footers while they are parsed; stays the caller's
   * @param name of the catalog in SQL
   * @throws EngineException STORAGE_ERROR where the folder cannot be used
   */
  public static IcebergCatalog open(Path dataDir, BufferAllocator allocator, String name) {
    Path root = dataDir.toAbsolutePath().normalize();
    Path warehouse = root.resolve(WAREHOUSE);
    try {
      Files.createDirectories(warehouse);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.STORAGE_ERROR, "data folder " + root + " cannot be made: " + e, e);
    }
    return Failures.translated(
        "data folder " + root, () -> open(root, warehouse.toString(), allocator, name));
  }

  private static IcebergCatalog open(
      Path root, String warehouse, BufferAllocator allocator, String name) {
    JdbcCatalog catalog = new JdbcCatalog(properties -> new LocalFileIO(), null, true);
    try {
      CommitDatabase commits = initialize(catalog, root, warehouse);
      return new IcebergCatalog(
          name,
          catalog,
          new Locations.Warehouse(warehouse),
          new ScanContext(allocator, commits),
          Reach.LOCAL);
    } catch (RuntimeException | Error failure) {
      catalog.close();
      throw failure;
    }
  }

  /**
   * Makes what is missing, one process and thread at a time: the catalog looks for its tables and
   * then makes them, so that of two who look at once one would fail.
   */
  private static synchronized CommitDatabase initialize(
      JdbcCatalog catalog, Path root, String warehouse) {
    try (FileChannel file =
            FileChannel.open(
                root.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      catalog.initialize(
          CATALOG,
          Map.of(
              CatalogProperties.URI,
              "jdbc:sqlite:" + root.resolve(DATABASE),
              CatalogProperties.WAREHOUSE_LOCATION,
              warehouse,
              CatalogProperties.CLIENT_POOL_SIZE,
              Integer.toString(CONNECTIONS),
              CatalogProperties.METRICS_REPORTER_IMPL,
              NoReports.class.getName(),
              // views need the second version of the catalog's tables
              JdbcCatalog.PROPERTY_PREFIX + "schema-version",
              "V1",
              // pragmas of SQLite: readers and a writer of several processes do not lock each other
              // out, and who has to wait does so
              JdbcCatalog.PROPERTY_PREFIX + "journal_mode",
              "WAL",
              JdbcCatalog.PROPERTY_PREFIX + "synchronous",
              "FULL",
              JdbcCatalog.PROPERTY_PREFIX + "busy_timeout",
              Integer.toString(BUSY_TIMEOUT_MILLIS)));
      Namespace main = Namespace.of(SCHEMA);
      if (!catalog.namespaceExists(main)) {
        catalog.createNamespace(main, Map.of());
      }
      return CommitDatabase.open(root.resolve(COMMITS));
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.STORAGE_ERROR, "data folder " + root + " cannot be locked: " + e, e);
    }
  }
}
