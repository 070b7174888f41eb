package io.sluice.connectors.iceberg.training;

import io.sluice.connectors.iceberg.Namespaces;
import io.sluice.connectors.iceberg.Reach;
import io.sluice.connectors.iceberg.TableChanges;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.scan.IcebergSnapshot;
import io.sluice.connectors.iceberg.scan.IcebergTable;
import io.sluice.connectors.iceberg.scan.ScanContext;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.StoredDataset.State;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TrainingDatasetStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * Training datasets in an Iceberg catalog. A remote one keeps none, but the snapshots that those of
 * other catalogs read.
 */
public final class IcebergTrainingDatasets implements TrainingDatasetStore {
  /** The namespace that holds the versions; not shown to users. */
  public static final String NAMESPACE = VersionTable.NAMESPACE;

  private static final Namespace RESERVED = Namespace.of(NAMESPACE);

  /** The namespace's property that tells this catalog's datasets from others'. */
  private static final String ID = "sluice.id";

  private final String catalogName;
  private final Catalog catalog;
  private final Namespaces names;
  private final SupportsNamespaces namespaces;
  private final TableChanges tables;
  private final ScanContext context;

  public IcebergTrainingDatasets(
      String catalogName,
      Catalog catalog,
      Namespaces names,
      TableChanges tables,
      ScanContext context) {
    this.catalogName = catalogName;
    this.catalog = catalog;
    this.names = names;
    this.namespaces = names.catalog();
    this.tables = tables;
    this.context = context;
  }

  private static <T> T translated(java.util.function.Supplier<T> action) {
    return Failures.translated("training datasets", action);
  }

  private TableName name(String table) {
    return new TableName(catalogName, NAMESPACE, table);
  }

  private TableName name(StoredDataset version) {
    return name(
        VersionTable.tableName(
            version.dataset().schema(), version.dataset().table(), version.version()));
  }

  @Override
  public List<StoredDataset> list(@Nullable String schema) {
    return listed(schema == null ? "" : VersionTable.prefix(schema));
  }

  /** Versions whose tables' names begin so. */
  private List<StoredDataset> listed(String prefix) {
    if (names.reach() == Reach.REMOTE) {
      return List.of();
    }
    return translated(
        () -> {
          if (!namespaces.namespaceExists(RESERVED)) {
            return List.of();
          }
          List<StoredDataset> found = new ArrayList<>();
          for (TableIdentifier id : catalog.listTables(RESERVED)) {
            Table table = id.name().startsWith(prefix) ? tables.find(id) : null;
            if (table != null) {
              read(id.name(), table).ifPresent(found::add);
            }
          }
          found.sort(
              Comparator.comparing((StoredDataset version) -> version.dataset().schema())
                  .thenComparing(version -> version.dataset().table())
                  .thenComparing(StoredDataset::version));
          return List.copyOf(found);
        });
  }

  @Override
  public Optional<StoredDataset> find(String schema, String dataset, int version) {
    if (names.reach() == Reach.REMOTE) {
      return Optional.empty();
    }
    return translated(
        () -> {
          String table = VersionTable.tableName(schema, dataset, version);
          Table found = tables.find(TableIdentifier.of(RESERVED, table));
          return found == null ? Optional.empty() : read(table, found);
        });
  }

  /** What a name stands for: a dataset with at least one complete version, or nothing. */
  public Optional<Relation> load(TableName name) {
    List<StoredDataset> versions =
        listed(VersionTable.prefix(name.schema(), name.table())).stream()
            .filter(version -> version.state() == State.COMPLETE)
            .toList();
    return versions.isEmpty()
        ? Optional.empty()
        : Optional.of(new Relation.Dataset(name, versions));
  }

  /** A schema's datasets. */
  public List<RelationEntry> entries(String schema) {
    return list(schema).stream()
        .filter(version -> version.state() == State.COMPLETE)
        .map(version -> version.dataset().table())
        .distinct()
        .map(name -> new RelationEntry(name, RelationEntry.Kind.TRAINING_DATASET, null))
        .toList();
  }

  /** Fails where a name is a dataset's. */
  public void checkNone(TableName name) {
    if (load(name).isPresent()) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, name + " is a training dataset");
    }
  }

  /** Fails where a schema has datasets. */
  public void checkNone(String schema) {
    List<RelationEntry> entries = entries(schema);
    if (!entries.isEmpty()) {
      throw new EngineException(
          ErrorCode.SCHEMA_NOT_EMPTY,
          "schema "
              + schema
              + " holds the training dataset "
              + entries.getFirst().name()
              + "; drop its versions first");
    }
  }

  private Optional<StoredDataset> read(String id, Table table) {
    Map<String, String> properties = table.properties();
    String schema = properties.get(VersionTable.SCHEMA);
    String dataset = properties.get(VersionTable.DATASET);
    String version = properties.get(VersionTable.VERSION);
    if (schema == null || dataset == null || version == null) {
      return Optional.empty();
    }
    boolean kept = VersionTable.ROWS_KEPT.equals(properties.get(VersionTable.ROWS));
    return Optional.of(
        new StoredDataset(
            new TableName(catalogName, schema, dataset),
            Integer.parseInt(version),
            VersionTable.state(table),
            Long.parseLong(properties.getOrDefault(VersionTable.LEASE_UNTIL, "0")),
            Long.parseLong(properties.getOrDefault(VersionTable.PROGRESS, "0")),
            properties.getOrDefault(VersionTable.RECORD, ""),
            new IcebergTable(name(id), table, context).definition(),
            kept ? new IcebergTable(name(id), table, context) : null));
  }

  @Override
  public Optional<Build> begin(
      String schema,
      String dataset,
      int version,
      TableDefinition rows,
      String record,
      Duration lease) {
    if (names.reach() == Reach.REMOTE) {
      // its commits do not compare properties, by which versions are claimed and completed
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "catalog "
              + catalogName
              + " cannot keep training datasets, though their queries may read its tables; give"
              + " the dataset a name in the embedded lake, as in lake."
              + schema
              + "."
              + dataset);
    }
    return translated(
        () -> {
          makeNamespace();
          TableName name = name(VersionTable.tableName(schema, dataset, version));
          String owner = UUID.randomUUID().toString();
          if (tables.find(TableIdentifier.of(RESERVED, name.table())) != null) {
            return Optional.empty();
          }
          try {
            claim(tables.creation(name, rows), schema, dataset, version, owner, record, lease);
          } catch (AlreadyExistsException | CommitFailedException taken) {
            return Optional.empty();
          }
          return Optional.of(
              new DatasetBuild(name, tables, context, rows, owner, lease, () -> purge(name)));
        });
  }

  private static void claim(
      Transaction creation,
      String schema,
      String dataset,
      int version,
      String owner,
      String record,
      Duration lease) {
    UpdateProperties properties = creation.updateProperties();
    properties.set(IcebergTable.KEEPS_ORDER, "true");
    properties.set(VersionTable.SCHEMA, schema);
    properties.set(VersionTable.DATASET, dataset);
    properties.set(VersionTable.VERSION, Integer.toString(version));
    properties.set(VersionTable.STATE, State.BUILDING.name());
    properties.set(VersionTable.OWNER, owner);
    properties.set(
        VersionTable.LEASE_UNTIL, Long.toString(System.currentTimeMillis() + lease.toMillis()));
    properties.set(VersionTable.ROWS, VersionTable.ROWS_KEPT);
    properties.set(VersionTable.RECORD, record);
    properties.commit();
    creation.commitTransaction();
  }

  private static Map<String, String> newId() {
    // a map that may be asked for null
    return new HashMap<>(Map.of(ID, UUID.randomUUID().toString().replace("-", "")));
  }

  @Override
  public String id() {
    return translated(
        () -> {
          makeNamespace();
          String id = namespaces.loadNamespaceMetadata(RESERVED).get(ID);
          if (id == null) {
            namespaces.setProperties(RESERVED, newId());
            id = namespaces.loadNamespaceMetadata(RESERVED).get(ID);
          }
          return Objects.requireNonNull(id);
        });
  }

  private void makeNamespace() {
    if (namespaces.namespaceExists(RESERVED)) {
      return;
    }
    try {
      namespaces.createNamespace(RESERVED, newId());
    } catch (RuntimeException failure) {
      // another session may have made it at the same time; a JDBC catalog says so in its database's
      // words
      if (!namespaces.namespaceExists(RESERVED)) {
        throw failure;
      }
    }
  }

  @Override
  public boolean update(StoredDataset version, String record) {
    return translated(
        () ->
            VersionTable.change(
                tables.load(name(version)),
                now ->
                    State.COMPLETE.name().equals(now.get(VersionTable.STATE))
                        && version.record().equals(now.get(VersionTable.RECORD)),
                Map.of(VersionTable.RECORD, record)));
  }

  @Override
  public void dropRows(StoredDataset version) {
    translated(
        () -> {
          Table table = tables.load(name(version));
          VersionTable.change(
              table, now -> true, Map.of(VersionTable.ROWS, VersionTable.ROWS_DROPPED));
          deleteRows(table);
          return true;
        });
  }

  @Override
  public void drop(StoredDataset version) {
    translated(
        () -> {
          Table table = tables.load(name(version));
          VersionTable.change(
              table,
              now -> true,
              Map.of(
                  VersionTable.STATE,
                  State.DROPPED.name(),
                  VersionTable.ROWS,
                  VersionTable.ROWS_DROPPED));
          deleteRows(table);
          purgeInputs(name(version));
          return true;
        });
  }

  /** Removes a version's table and the copies of its inputs. */
  private void purge(TableName version) {
    purgeInputs(version);
    tables.purge(version);
  }

  private void purgeInputs(TableName version) {
    String prefix = VersionTable.inputPrefix(version.table());
    for (TableIdentifier id : catalog.listTables(RESERVED)) {
      if (id.name().startsWith(prefix)) {
        tables.purge(name(id.name()));
      }
    }
  }

  @Override
  public Map<String, Long> bytesKept(TableName name, Set<String> tags) {
    return translated(
        () -> {
          Table table = tables.find(TableChanges.id(name));
          return table == null ? Map.of() : PinnedBytes.of(table, tags);
        });
  }

  /** Deletes a table's rows and their files. */
  static void deleteRows(Table table) {
    table.refresh();
    Snapshot last = table.currentSnapshot();
    if (last == null) {
      return;
    }
    table.newDelete().deleteFromRowFilter(Expressions.alwaysTrue()).commit();
    table.refresh();
    long kept = table.currentSnapshot().snapshotId();
    var expiry = table.expireSnapshots().cleanExpiredFiles(true);
    table
        .snapshots()
        .forEach(
            snapshot -> {
              if (snapshot.snapshotId() != kept) {
                expiry.expireSnapshotId(snapshot.snapshotId());
              }
            });
    expiry.commit();
  }

  @Override
  public boolean removeAbandoned(StoredDataset version) {
    return translated(
        () -> {
          Table table = tables.find(TableChanges.id(name(version)));
          if (table == null) {
            return false;
          }
          boolean abandoned =
              VersionTable.change(
                  table,
                  now ->
                      State.BUILDING.name().equals(now.get(VersionTable.STATE))
                          && Long.parseLong(now.getOrDefault(VersionTable.LEASE_UNTIL, "0"))
                              < System.currentTimeMillis(),
                  Map.of(VersionTable.STATE, State.DROPPED.name()));
          if (abandoned) {
            purge(name(version));
          }
          return abandoned;
        });
  }

  @Override
  public boolean pin(TableName table, long snapshotId, String tag) {
    return translated(
        () -> {
          Table found = tables.find(TableChanges.id(table));
          if (found == null || found.snapshot(snapshotId) == null) {
            return false;
          }
          for (int attempt = 1; ; attempt++) {
            if (found.refs().containsKey(tag)) {
              return found.refs().get(tag).snapshotId() == snapshotId;
            }
            try {
              found
                  .manageSnapshots()
                  .createTag(tag, snapshotId)
                  .setMaxRefAgeMs(tag, Long.MAX_VALUE)
                  .commit();
              return true;
            } catch (UnsupportedOperationException refused) {
              return false;
            } catch (IllegalArgumentException | CommitFailedException raced) {
              // another server made the same tag, or wrote to the table
              if (attempt == 20) {
                throw raced;
              }
              found.refresh();
              if (found.snapshot(snapshotId) == null) {
                return false;
              }
            }
          }
        });
  }

  @Override
  public Map<String, Long> tags(TableName table) {
    return translated(
        () -> {
          Table found = tables.find(TableChanges.id(table));
          return found == null
              ? Map.of()
              : found.refs().entrySet().stream()
                  .filter(ref -> ref.getValue().isTag())
                  .collect(
                      Collectors.toUnmodifiableMap(
                          Map.Entry::getKey, ref -> ref.getValue().snapshotId()));
        });
  }

  @Override
  public void unpin(TableName table, String tag) {
    translated(
        () -> {
          Table found = tables.find(TableChanges.id(table));
          for (int attempt = 1; found != null && found.refs().containsKey(tag); attempt++) {
            try {
              found.manageSnapshots().removeTag(tag).commit();
            } catch (IllegalArgumentException | CommitFailedException raced) {
              if (attempt == 20) {
                throw raced;
              }
            }
            found.refresh();
          }
          return true;
        });
  }

  @Override
  public Optional<TableName> named(String uuid) {
    return translated(
        () -> {
          for (Namespace namespace : names.all()) {
            for (TableIdentifier id : catalog.listTables(namespace)) {
              try {
                if (catalog.loadTable(id).uuid().toString().equals(uuid)) {
                  return Optional.of(
                      new TableName(catalogName, String.join(".", namespace.levels()), id.name()));
                }
              } catch (NoSuchTableException e) {
                // dropped since it was listed
              }
            }
          }
          return Optional.empty();
        });
  }

  @Override
  public Optional<TableSnapshot> state(
      TableName name, String uuid, long snapshotId, String state, Map<Long, Commit> commits) {
    return translated(
        () -> {
          Table table = tables.find(TableChanges.id(name));
          if (table == null
              || !table.uuid().toString().equals(uuid)
              || (snapshotId >= 0 && table.snapshot(snapshotId) == null)) {
            return Optional.empty();
          }
          return Optional.of(
              new IcebergTable(name, table, context)
                  .recorded(new TableVersion.Pinned(snapshotId, state), commits));
        });
  }

  @Override
  public Identity identity(TableSnapshot snapshot) {
    if (!(snapshot instanceof IcebergSnapshot known)) {
      throw new AssertionError(snapshot);
    }
    return translated(known::identity);
  }
}
