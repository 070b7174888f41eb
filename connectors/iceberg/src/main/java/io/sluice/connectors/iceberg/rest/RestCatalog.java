package io.sluice.connectors.iceberg.rest;

import io.sluice.connectors.iceberg.IcebergCatalog;
import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ChangeScope;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.SupportsAlterTable;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * An Iceberg REST catalog. Each call goes over the connection of the one who makes it, which is
 * made when it is first needed: the catalog need not answer before.
 */
final class RestCatalog
    implements Catalog,
        SupportsAlterTable,
        SupportsOptimize,
        SupportsRowChanges,
        SupportsSchemaLookup,
        SupportsSnapshots,
        SupportsTrainingDatasets {
  private final String name;
  private final Connections connections;
  private final CommitArchive archive;

  /**
   * Takes ownership of the archive.
   *
   * @param policy for references; asked again whenever secrets are looked up
   */
  RestCatalog(
      String name,
      Map<String, String> properties,
      References.Policy policy,
      SharedParts shared,
      CommitArchive archive) {
    this.name = name;
    this.archive = archive;
    this.connections = new Connections(name, properties, policy, shared, archive);
  }

  private <T> T call(Principal principal, Function<IcebergCatalog, T> action) {
    Connections.User user = connections.of(principal);
    try {
      return action.apply(user.catalog());
    } catch (EngineException failure) {
      throw told(user, failure);
    }
  }

  private void carryOut(Principal principal, Consumer<IcebergCatalog> action) {
    call(
        principal,
        catalog -> {
          action.accept(catalog);
          return true;
        });
  }

  /** The failure as it may be told: it is not the caller who has to log in again. */
  private EngineException told(Connections.User user, EngineException failure) {
    if (failure.code() == ErrorCode.UNAUTHENTICATED) {
      // what a reference stands for may have changed
      connections.forget(user);
      return user.told(
          new EngineException(
              ErrorCode.PERMISSION_DENIED,
              "catalog " + name + " does not accept the credential: " + failure.getMessage(),
              failure));
    }
    return user.told(failure);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> schemas(Principal principal) {
    return call(principal, catalog -> catalog.schemas(principal));
  }

  @Override
  public boolean hasSchema(Principal principal, String schema) {
    return call(principal, catalog -> catalog.hasSchema(principal, schema));
  }

  @Override
  public void createSchema(Principal principal, String schema, Map<String, String> properties) {
    carryOut(principal, catalog -> catalog.createSchema(principal, schema, properties));
  }

  @Override
  public void dropSchema(Principal principal, String schema) {
    carryOut(principal, catalog -> catalog.dropSchema(principal, schema));
  }

  @Override
  public List<RelationEntry> relations(Principal principal, String schema) {
    return call(principal, catalog -> catalog.relations(principal, schema));
  }

  @Override
  public Optional<Relation> load(Principal principal, String schema, String relation) {
    return call(principal, catalog -> catalog.load(principal, schema, relation));
  }

  @Override
  public void createTable(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      boolean replace) {
    carryOut(
        principal, catalog -> catalog.createTable(principal, schema, table, definition, replace));
  }

  @Override
  public void dropTable(Principal principal, String schema, String table) {
    carryOut(principal, catalog -> catalog.dropTable(principal, schema, table));
  }

  @Override
  public void createView(
      Principal principal, String schema, String view, ViewDefinition definition, boolean replace) {
    carryOut(
        principal, catalog -> catalog.createView(principal, schema, view, definition, replace));
  }

  @Override
  public void dropView(Principal principal, String schema, String view) {
    carryOut(principal, catalog -> catalog.dropView(principal, schema, view));
  }

  @Override
  public void comment(
      Principal principal,
      String schema,
      String relation,
      @Nullable String column,
      @Nullable String comment) {
    carryOut(principal, catalog -> catalog.comment(principal, schema, relation, column, comment));
  }

  @Override
  public TableWrite write(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      WriteMode mode) {
    return call(principal, catalog -> catalog.write(principal, schema, table, definition, mode));
  }

  @Override
  public long registerParquet(Principal principal, String schema, String table, String location) {
    return call(principal, catalog -> catalog.registerParquet(principal, schema, table, location));
  }

  @Override
  public void alterTable(
      Principal principal, String schema, String table, List<TableChange> changes) {
    carryOut(principal, catalog -> catalog.alterTable(principal, schema, table, changes));
  }

  @Override
  public void rename(
      Principal principal, String schema, String relation, String newSchema, String newName) {
    carryOut(principal, catalog -> catalog.rename(principal, schema, relation, newSchema, newName));
  }

  @Override
  public RowChanges change(
      Principal principal, TableSnapshot base, ChangeScope scope, BufferAllocator allocator) {
    return call(principal, catalog -> catalog.change(principal, base, scope, allocator));
  }

  @Override
  public Optimized optimize(Principal principal, TableSnapshot base, BufferAllocator allocator) {
    return call(principal, catalog -> catalog.optimize(principal, base, allocator));
  }

  @Override
  public void createReference(
      Principal principal,
      TableName table,
      ReferenceKind kind,
      String reference,
      TableVersion version,
      IfTaken ifTaken) {
    carryOut(
        principal,
        catalog -> catalog.createReference(principal, table, kind, reference, version, ifTaken));
  }

  @Override
  public void dropReference(
      Principal principal, TableName table, ReferenceKind kind, String reference) {
    carryOut(principal, catalog -> catalog.dropReference(principal, table, kind, reference));
  }

  @Override
  public boolean hasReference(
      Principal principal, TableName table, ReferenceKind kind, String reference) {
    return call(principal, catalog -> catalog.hasReference(principal, table, kind, reference));
  }

  @Override
  public Expired expireSnapshots(
      Principal principal,
      TableName table,
      @Nullable Long olderThanMicros,
      @Nullable Integer retainLast) {
    return call(
        principal,
        catalog -> catalog.expireSnapshots(principal, table, olderThanMicros, retainLast));
  }

  @Override
  public TrainingDatasetStore trainingDatasets(Principal principal) {
    return call(principal, catalog -> catalog.trainingDatasets(principal));
  }

  @Override
  public void close() {
    connections.close();
    archive.close();
  }
}
