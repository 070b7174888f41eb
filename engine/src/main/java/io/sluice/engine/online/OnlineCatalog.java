package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.connector.WriteMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Online tables under the names of the lake tables that they mirror. */
public final class OnlineCatalog implements Catalog {
  /** As in SQL. */
  public static final String NAME = "online";

  private final OnlineTables tables;

  /** Takes ownership of the tables. */
  public OnlineCatalog(OnlineTables tables) {
    this.tables = tables;
  }

  /** The online tables among some catalogs. */
  public static OnlineLookups lookups(Catalogs catalogs) {
    return catalogs.find(NAME).orElse(null) instanceof OnlineCatalog online
        ? online.tables
        : OnlineLookups.NONE;
  }

  public OnlineTables tables() {
    return tables;
  }

  @Override
  public String name() {
    return tables.name();
  }

  @Override
  public List<String> schemas(Principal principal) {
    return tables.lake().schemas(principal);
  }

  @Override
  public List<RelationEntry> relations(Principal principal, String schema) {
    return tables.lake().relations(principal, schema).stream()
        .filter(entry -> entry.kind() == RelationEntry.Kind.TABLE)
        .filter(entry -> tables.exists(tables.lakeName(schema, entry.name())))
        .toList();
  }

  @Override
  public Optional<Relation> load(Principal principal, String schema, String table) {
    TableName lakeTable = tables.lakeName(schema, table);
    return tables
        .definition(lakeTable)
        .map(
            mirrored ->
                new OnlineRelation(
                    tables.find(new TableName(name(), schema, table)),
                    mirrored.uuid(),
                    OnlineSpec.of(
                        lakeTable,
                        mirrored.definition(),
                        OnlineDefinition.parse(mirrored.onlineDefinition().orElseThrow())),
                    mirrored.definition().comment()));
  }

  private EngineException unchangeable() {
    return new EngineException(
        ErrorCode.UNSUPPORTED,
        "catalog "
            + name()
            + " mirrors "
            + tables.lake().name()
            + " and is not changed itself: change the tables of "
            + tables.lake().name()
            + ", or use CREATE ONLINE TABLE and DROP ONLINE TABLE");
  }

  @Override
  public void createSchema(Principal principal, String schema, Map<String, String> properties) {
    throw unchangeable();
  }

  @Override
  public void dropSchema(Principal principal, String schema) {
    throw unchangeable();
  }

  @Override
  public void createTable(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      boolean replace) {
    throw unchangeable();
  }

  @Override
  public void dropTable(Principal principal, String schema, String table) {
    throw unchangeable();
  }

  @Override
  public void createView(
      Principal principal, String schema, String view, ViewDefinition definition, boolean replace) {
    throw unchangeable();
  }

  @Override
  public void dropView(Principal principal, String schema, String view) {
    throw unchangeable();
  }

  @Override
  public void comment(
      Principal principal,
      String schema,
      String relation,
      @Nullable String column,
      @Nullable String comment) {
    throw unchangeable();
  }

  @Override
  public TableWrite write(
      Principal principal,
      String schema,
      String table,
      TableDefinition definition,
      WriteMode mode) {
    throw unchangeable();
  }

  @Override
  public long registerParquet(Principal principal, String schema, String table, String location) {
    throw unchangeable();
  }

  @Override
  public void close() {
    tables.close();
  }
}
