package io.sluice.connectors.iceberg.rest;

import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.Locations;
import io.sluice.connectors.iceberg.Reach;
import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.io.NoReports;
import io.sluice.connectors.iceberg.s3.VendedFileIO.Access;
import io.sluice.connectors.iceberg.scan.ScanContext;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;

/**
 * One user's connection to a REST catalog: its own token, its own credentials for files, nothing
 * cached that another connection sees.
 */
final class Connection implements AutoCloseable {
  private final IcebergCatalog catalog;
  private volatile long usedNanos = System.nanoTime();

  private Connection(IcebergCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Connects; the catalog has to answer.
   *
   * @param name of the catalog
   * @param user what sets this connection apart from others to the same catalog
   * @param properties for Iceberg, secrets looked up
   */
  static Connection open(
      String name,
      String user,
      CatalogOptions.Delegation delegation,
      Map<String, String> properties,
      SharedParts shared,
      CommitArchive archive) {
    Access access = delegation == CatalogOptions.Delegation.NONE ? Access.AMBIENT : Access.VENDED;
    VendingCatalog catalog = new VendingCatalog(shared.clients(), access);
    try {
      Map<String, String> all = new HashMap<>(properties);
      all.put(CatalogProperties.METRICS_REPORTER_IMPL, NoReports.class.getName());
      Failures.translated("catalog " + name, () -> catalog.initialize(name, all));
      ScanContext context =
          new ScanContext(
              shared.allocator(),
              new SharedArchive(archive),
              shared.footers(),
              name + " " + user,
              shared.reads());
      return new Connection(
          new IcebergCatalog(name, catalog, new Locations.ByCatalog(), context, Reach.REMOTE));
    } catch (RuntimeException | Error failure) {
      try {
        catalog.close();
      } catch (java.io.IOException | RuntimeException onClose) {
        failure.addSuppressed(onClose);
      }
      throw failure;
    }
  }

  IcebergCatalog catalog() {
    usedNanos = System.nanoTime();
    return catalog;
  }

  boolean unusedFor(long nanos) {
    return System.nanoTime() - usedNanos > nanos;
  }

  @Override
  public void close() {
    catalog.close();
  }

  /** The catalog's archive of commits, which outlives its connections. */
  private record SharedArchive(CommitArchive archive) implements CommitArchive {
    @Override
    public void remember(org.apache.iceberg.Table table) {
      archive.remember(table);
    }

    @Override
    public Map<Long, ArchivedCommit> commits(String tableUuid) {
      return archive.commits(tableUuid);
    }

    @Override
    public void forget(String tableUuid) {
      archive.forget(tableUuid);
    }

    @Override
    public void close() {}
  }
}
