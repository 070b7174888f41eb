package io.sluice.connectors.iceberg;

import io.sluice.connectors.iceberg.history.References;
import io.sluice.connectors.iceberg.history.SnapshotExpiry;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.register.ParquetRegistration;
import io.sluice.connectors.iceberg.scan.IcebergTable;
import io.sluice.connectors.iceberg.scan.ScanContext;
import io.sluice.connectors.iceberg.scan.SnapshotFiles;
import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.service.IcebergFeatureServices;
import io.sluice.connectors.iceberg.training.IcebergTrainingDatasets;
import io.sluice.connectors.iceberg.write.Compaction;
import io.sluice.connectors.iceberg.write.IcebergRowChanges;
import io.sluice.connectors.iceberg.write.IcebergTableWrite;
import io.sluice.connectors.iceberg.write.OverwriteTarget;
import io.sluice.connectors.iceberg.write.Retries;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.FeatureServiceStore;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.ReportsCommits;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.SupportsAlterTable;
import io.sluice.engine.connector.SupportsFeatureServices;
import io.sluice.engine.connector.SupportsOnlineTables;
import io.sluice.engine.connector.SupportsOptimize;
import io.sluice.engine.connector.SupportsRowChanges;
import io.sluice.engine.connector.SupportsSchemaLookup;
import io.sluice.engine.connector.SupportsSnapshots;
import io.sluice.engine.connector.SupportsTrainingDatasets;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.connector.WriteMode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/**
 * Any catalog of the Iceberg library as a catalog of Sluice, for one user of it. A schema is a
 * namespace; the name of a nested one has dots between its parts. Every call reads the catalog
 * anew, so that other processes' commits are seen at once.
 */
public final class IcebergCatalog
    implements Catalog,
        ReportsCommits,
        SupportsAlterTable,
        SupportsFeatureServices,
        SupportsOnlineTables,
        SupportsOptimize,
        SupportsRowChanges,
        SupportsSchemaLookup,
        SupportsSnapshots,
        SupportsTrainingDatasets {
  private final String name;
  private final org.apache.iceberg.catalog.Catalog catalog;
  private final SupportsNamespaces namespaces;
  private final Namespaces names;
  private final ScanContext context;
  private final Reach reach;
  private final TableChanges tables;
  private final Views views;
  private final IcebergTrainingDatasets trainingDatasets;
  private final IcebergFeatureServices featureServices;
  private final CommitReports reports = new CommitReports();

  /**
   * Takes ownership of the catalog.
   *
   * @param name as in SQL
   * @param catalog with namespaces; views where it is a {@link
   *     org.apache.iceberg.catalog.ViewCatalog}
   * @param locations where new tables and views lie
   * @param context also taken ownership of
   */
  public IcebergCatalog(
      String name,
      org.apache.iceberg.catalog.Catalog catalog,
      Locations locations,
      ScanContext context,
      Reach reach) {
    if (!(catalog instanceof SupportsNamespaces supported)) {
      throw new EngineException(
          ErrorCode.CONFIGURATION, "catalog " + name + " has no namespaces: " + catalog.name());
    }
    this.name = name;
    this.catalog = catalog;
    this.namespaces = supported;
    this.names = new Namespaces(supported, reach);
    this.context = context;
    this.reach = reach;
    this.tables = new TableChanges(catalog, locations, context.archive());
    this.views = new Views(name, catalog, locations);
    this.trainingDatasets = new IcebergTrainingDatasets(name, catalog, names, tables, context);
    this.featureServices = new IcebergFeatureServices(name, catalog, namespaces, locations);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> schemas(Principal principal) {
    return Failures.translated(
        "catalog " + name,
        () ->
            names.all().stream()
                .map(SchemaNames::schema)
                .flatMap(Optional::stream)
                .filter(schema -> !schema.equals(IcebergTrainingDatasets.NAMESPACE))
                .filter(schema -> !schema.equals(IcebergFeatureServices.NAMESPACE))
                .sorted()
                .toList());
  }

  @Override
  public boolean hasSchema(Principal principal, String schema) {
    return !schema.equals(IcebergTrainingDatasets.NAMESPACE)
        && Failures.translated("schema " + schema, () -> names.has(schema));
  }

  @Override
  public void createSchema(Principal principal, String schema, Map<String, String> properties) {
    if (!names.isName(schema)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "schema name \""
              + schema
              + (reach == Reach.LOCAL ? "\" is empty or has a dot" : "\" has an empty part"));
    }
    Failures.translated(
        "schema " + schema, () -> makeSchema(SchemaNames.namespace(schema), properties));
  }

  private void makeSchema(Namespace schema, Map<String, String> properties) {
    try {
      // a map that may be asked for null
      namespaces.createNamespace(schema, new HashMap<>(properties));
    } catch (RuntimeException failure) {
      // of another session that made it at the same time a JDBC catalog tells in its database's
      // words
      throw namespaces.namespaceExists(schema)
          ? new AlreadyExistsException(failure, "Namespace already exists: %s", schema)
          : failure;
    }
  }

  @Override
  public void dropSchema(Principal principal, String schema) {
    trainingDatasets.checkNone(schema);
    boolean dropped =
        Failures.translated(
            "schema " + schema, () -> namespaces.dropNamespace(SchemaNames.namespace(schema)));
    if (!dropped) {
      throw unknownSchema(schema);
    }
  }

  private EngineException unknownSchema(String schema) {
    return new EngineException(
        ErrorCode.UNKNOWN_SCHEMA,
        "schema "
            + schema
            + " does not exist in catalog "
            + name
            + "; there are "
            + String.join(", ", schemas(Principal.ANONYMOUS)));
  }

  private void checkSchema(String schema) {
    if (!Failures.translated("schema " + schema, () -> names.has(schema))) {
      throw unknownSchema(schema);
    }
  }

  @Override
  public List<RelationEntry> relations(Principal principal, String schema) {
    return Failures.translated(
        "schema " + schema,
        () -> {
          List<RelationEntry> entries = new ArrayList<>();
          for (TableIdentifier id : catalog.listTables(SchemaNames.namespace(schema))) {
            try {
              String comment =
                  reach == Reach.REMOTE
                      ? null
                      : catalog.loadTable(id).properties().get(Declarations.COMMENT);
              entries.add(new RelationEntry(id.name(), RelationEntry.Kind.TABLE, comment));
            } catch (NoSuchTableException e) {
              // dropped since it was listed
            }
          }
          entries.addAll(views.entries(schema));
          entries.addAll(trainingDatasets.entries(schema));
          entries.sort(Comparator.comparing(RelationEntry::name));
          return entries;
        });
  }

  @Override
  public Optional<Relation> load(Principal principal, String schema, String relation) {
    TableName full = new TableName(name, schema, relation);
    return Failures.translated(
        "table " + full,
        () -> {
          Table table = tables.find(TableChanges.id(full));
          if (table != null) {
            return Optional.of(new IcebergTable(full, table, context));
          }
          Optional<Relation> view = views.load(full).map(found -> found);
          return view.isPresent() ? view : trainingDatasets.load(full);
        });
  }

  @Override
  public void createTable(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      boolean replace) {
    checkSchema(schema);
    TableName full = new TableName(name, schema, table);
    views.checkNone(full);
    trainingDatasets.checkNone(full);
    Failures.translated("table " + full, () -> tables.create(full, definition, replace));
    reports.committed(full);
  }

  @Override
  public void dropTable(Principal principal, String schema, String table) {
    TableName full = new TableName(name, schema, table);
    Failures.translated("table " + full, () -> tables.drop(full));
    reports.committed(full);
  }

  @Override
  public void createView(
      Principal principal, String schema, String view, ViewDefinition definition, boolean replace) {
    checkSchema(schema);
    TableName full = new TableName(name, schema, view);
    if (tables.find(TableChanges.id(full)) != null) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, full + " is a table");
    }
    trainingDatasets.checkNone(full);
    Failures.translated("view " + full, () -> views.create(full, definition, replace));
  }

  @Override
  public void dropView(Principal principal, String schema, String view) {
    TableName full = new TableName(name, schema, view);
    Failures.translated("view " + full, () -> views.drop(full));
  }

  @Override
  public void comment(
      Principal principal,
      String schema,
      String relation,
      @Nullable String column,
      @Nullable String comment) {
    TableName full = new TableName(name, schema, relation);
    Failures.translated(
        "table " + full,
        () -> {
          if (!tables.comment(full, column, comment) && !views.comment(full, column, comment)) {
            throw TableChanges.unknown(full);
          }
        });
  }

  @Override
  public void alterTable(
      Principal principal, String schema, String table, List<TableChange> changes) {
    TableName full = new TableName(name, schema, table);
    Failures.translated("table " + full, () -> tables.alter(full, changes));
    reports.committed(full);
  }

  @Override
  public void defineOnline(
      Principal principal, String schema, String table, @Nullable String definition) {
    TableName full = new TableName(name, schema, table);
    Failures.translated("table " + full, () -> tables.defineOnline(full, definition));
    reports.committed(full);
  }

  @Override
  public void onCommit(Consumer<TableName> listener) {
    reports.add(listener);
  }

  @Override
  public void rename(
      Principal principal, String schema, String relation, String newSchema, String newName) {
    checkSchema(newSchema);
    TableName from = new TableName(name, schema, relation);
    TableName to = new TableName(name, newSchema, newName);
    views.checkNone(to);
    Failures.translated(
        "table " + from,
        () -> {
          if (tables.find(TableChanges.id(to)) != null) {
            throw new EngineException(ErrorCode.ALREADY_EXISTS, "table " + to + " already exists");
          }
          if (tables.find(TableChanges.id(from)) != null) {
            catalog.renameTable(TableChanges.id(from), TableChanges.id(to));
          } else {
            views.rename(from, to);
          }
        });
    reports.committed(from);
    reports.committed(to);
  }

  @Override
  public void createReference(
      Principal principal,
      TableName table,
      ReferenceKind kind,
      String reference,
      TableVersion version,
      IfTaken ifTaken) {
    Failures.translated(
        "table " + table,
        () ->
            Retries.onConflict(
                table.toString(),
                () -> {
                  Table current = tables.required(table);
                  long snapshotId =
                      new IcebergTable(table, current, context).snapshot(version).snapshotId();
                  new References(table, current).create(kind, reference, snapshotId, ifTaken);
                }));
  }

  @Override
  public void dropReference(
      Principal principal, TableName table, ReferenceKind kind, String reference) {
    Failures.translated(
        "table " + table,
        () ->
            Retries.onConflict(
                table.toString(),
                () -> new References(table, tables.required(table)).drop(kind, reference)));
  }

  @Override
  public boolean hasReference(
      Principal principal, TableName table, ReferenceKind kind, String reference) {
    return Failures.translated(
        "table " + table, () -> new References(table, tables.required(table)).has(kind, reference));
  }

  @Override
  public Expired expireSnapshots(
      Principal principal,
      TableName table,
      @Nullable Long olderThanMicros,
      @Nullable Integer retainLast) {
    return Failures.translated(
        "table " + table,
        () -> SnapshotExpiry.run(() -> tables.required(table), olderThanMicros, retainLast));
  }

  @Override
  public TableWrite write(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      WriteMode mode) {
    checkSchema(schema);
    TableName full = new TableName(name, schema, table);
    views.checkNone(full);
    trainingDatasets.checkNone(full);
    return Failures.translated(
        "table " + full,
        () -> {
          TableChanges.Target target = tables.target(full, definition, mode);
          return reports.reporting(
              full, new IcebergTableWrite(full.toString(), target.definition(), target.commit()));
        });
  }

  @Override
  public RowChanges change(
      Principal principal, TableSnapshot base, ChangeScope scope, BufferAllocator allocator) {
    TableName full = base.name();
    return Failures.translated(
        "table " + full,
        () -> {
          SnapshotFiles files = SnapshotFiles.of(base);
          OverwriteTarget target =
              new OverwriteTarget(
                  full.toString(),
                  files.table().table(),
                  files.snapshotId(),
                  files.comparable(scope.columns(), scope.filter()),
                  scope.wholeState(),
                  () -> tables.load(full));
          return reports.reporting(full, new IcebergRowChanges(files, target, allocator));
        });
  }

  @Override
  public Optimized optimize(Principal principal, TableSnapshot base, BufferAllocator allocator) {
    TableName full = base.name();
    Optimized done =
        Failures.translated(
            "table " + full,
            () ->
                new Compaction(
                        full.toString(), SnapshotFiles.of(base), () -> tables.load(full), allocator)
                    .run());
    reports.committed(full);
    return done;
  }

  @Override
  public long registerParquet(Principal principal, String schema, String table, String location) {
    checkSchema(schema);
    TableName full = new TableName(name, schema, table);
    if (reach == Reach.REMOTE) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "files are registered where they lie, which catalog "
              + name
              + " cannot reach; INSERT their rows into "
              + full
              + " from a table of the embedded lake that registers them");
    }
    views.checkNone(full);
    trainingDatasets.checkNone(full);
    long rows =
        Failures.translated(
            "table " + full,
            () -> new ParquetRegistration(full, tables, context).register(location));
    reports.committed(full);
    return rows;
  }

  @Override
  public TrainingDatasetStore trainingDatasets(Principal principal) {
    return trainingDatasets;
  }

  @Override
  public FeatureServiceStore featureServices() {
    return featureServices;
  }

  @Override
  public void close() {
    context.close();
    if (catalog instanceof Closeable closeable) {
      try {
        closeable.close();
      } catch (IOException e) {
        throw new UncheckedIOException("catalog " + name + " cannot be closed", e);
      }
    }
  }
}
