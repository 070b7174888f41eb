package io.sluice.connectors.iceberg.temporary;

import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.connectors.iceberg.io.NoReports;
import io.sluice.engine.connector.TemporaryTables;
import java.io.Closeable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.iceberg.BaseMetastoreCatalog;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Iceberg tables whose names are in this process's memory alone, in one namespace. Their files are
 * ordinary ones, in a folder that closing removes.
 */
final class SessionCatalog extends BaseMetastoreCatalog implements SupportsNamespaces, Closeable {
  private static final Namespace ONLY = Namespace.of(TemporaryTables.NAME);

  private final Supplier<String> folders;
  private final Runnable removal;
  private final FileIO io = new LocalFileIO();

  /** Where each table's current metadata is. */
  private final Map<TableIdentifier, String> tables = new ConcurrentHashMap<>();

  /** What is read there, by location. */
  private final Map<String, TableMetadata> current = new ConcurrentHashMap<>();

  /**
   * @param folders a new folder with each call
   * @param removal removes all of them
   */
  SessionCatalog(Supplier<String> folders, Runnable removal) {
    this.folders = folders;
    this.removal = removal;
  }

  @Override
  public String name() {
    return TemporaryTables.NAME;
  }

  @Override
  protected Map<String, String> properties() {
    return Map.of(CatalogProperties.METRICS_REPORTER_IMPL, NoReports.class.getName());
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier id) {
    return new Operations(id);
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier id) {
    return folders.get();
  }

  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    checkNamespace(namespace);
    return List.copyOf(tables.keySet());
  }

  @Override
  public boolean dropTable(TableIdentifier id, boolean purge) {
    String location = tables.remove(id);
    if (location == null) {
      return false;
    }
    TableMetadata last = read(location);
    current.remove(location);
    if (purge) {
      CatalogUtil.dropTableData(io, last);
    }
    return true;
  }

  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    checkNamespace(to.namespace());
    synchronized (tables) {
      String location = tables.get(from);
      if (location == null) {
        throw new NoSuchTableException("Table does not exist: %s", from);
      }
      if (tables.putIfAbsent(to, location) != null) {
        throw new AlreadyExistsException("Table already exists: %s", to);
      }
      tables.remove(from);
    }
  }

  private TableMetadata read(String location) {
    return current.computeIfAbsent(location, file -> TableMetadataParser.read(io, file));
  }

  private static void checkNamespace(Namespace namespace) {
    if (!namespace.equals(ONLY)) {
      throw new NoSuchNamespaceException("Namespace does not exist: %s", namespace);
    }
  }

  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    throw fixed();
  }

  @Override
  public List<Namespace> listNamespaces(Namespace parent) {
    return parent.isEmpty() ? List.of(ONLY) : List.of();
  }

  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    checkNamespace(namespace);
    return Map.of();
  }

  @Override
  public boolean dropNamespace(Namespace namespace) {
    throw fixed();
  }

  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> changes) {
    throw fixed();
  }

  @Override
  public boolean removeProperties(Namespace namespace, Set<String> names) {
    throw fixed();
  }

  private static UnsupportedOperationException fixed() {
    return new UnsupportedOperationException(
        "temporary tables are in the one schema " + TemporaryTables.NAME);
  }

  @Override
  public void close() {
    tables.clear();
    current.clear();
    removal.run();
  }

  private final class Operations extends BaseMetastoreTableOperations {
    private final TableIdentifier id;

    Operations(TableIdentifier id) {
      this.id = id;
    }

    @Override
    protected String tableName() {
      return id.toString();
    }

    @Override
    public FileIO io() {
      return io;
    }

    @Override
    protected void doRefresh() {
      String location = tables.get(id);
      if (location != null) {
        refreshFromMetadataLocation(location, null, 0, SessionCatalog.this::read);
      } else if (currentMetadataLocation() == null) {
        disableRefresh();
      } else {
        throw new NoSuchTableException("Table does not exist: %s", id);
      }
    }

    @Override
    protected void doCommit(@Nullable TableMetadata base, TableMetadata metadata) {
      checkNamespace(id.namespace());
      String before = base == null ? null : base.metadataFileLocation();
      String after = writeNewMetadataIfRequired(base == null, metadata);
      synchronized (tables) {
        if (Objects.equals(tables.get(id), before)) {
          tables.put(id, after);
          if (before != null) {
            current.remove(before);
          }
          return;
        }
      }
      io.deleteFile(after);
      if (base == null) {
        throw new AlreadyExistsException("Table already exists: %s", id);
      }
      throw new CommitFailedException("Table %s was changed or dropped meanwhile", id);
    }
  }
}
