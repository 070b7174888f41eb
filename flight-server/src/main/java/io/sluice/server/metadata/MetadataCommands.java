package io.sluice.server.metadata;

import com.google.protobuf.Message;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.Session;
import io.sluice.server.stream.ResultSchema;
import io.sluice.server.stream.StreamOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flight.sql.FlightSqlColumnMetadata;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Answers Flight SQL's metadata commands. */
public final class MetadataCommands {
  private final QueryPipeline pipeline;

  public MetadataCommands(QueryPipeline pipeline) {
    this.pipeline = pipeline;
  }

  /** The schema of the answer, or empty where this is no metadata command. */
  public static Optional<Schema> schema(Message command) {
    return Optional.ofNullable(
        switch (command) {
          case FlightSql.CommandGetCatalogs ignored -> Schemas.GET_CATALOGS_SCHEMA;
          case FlightSql.CommandGetDbSchemas ignored -> Schemas.GET_SCHEMAS_SCHEMA;
          case FlightSql.CommandGetTables tables ->
              tables.getIncludeSchema()
                  ? Schemas.GET_TABLES_SCHEMA
                  : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
          case FlightSql.CommandGetTableTypes ignored -> Schemas.GET_TABLE_TYPES_SCHEMA;
          case FlightSql.CommandGetPrimaryKeys ignored -> Schemas.GET_PRIMARY_KEYS_SCHEMA;
          case FlightSql.CommandGetExportedKeys ignored -> Schemas.GET_EXPORTED_KEYS_SCHEMA;
          case FlightSql.CommandGetImportedKeys ignored -> Schemas.GET_IMPORTED_KEYS_SCHEMA;
          case FlightSql.CommandGetCrossReference ignored -> Schemas.GET_CROSS_REFERENCE_SCHEMA;
          case FlightSql.CommandGetXdbcTypeInfo ignored -> Schemas.GET_TYPE_INFO_SCHEMA;
          case FlightSql.CommandGetSqlInfo ignored -> Schemas.GET_SQL_INFO_SCHEMA;
          default -> null;
        });
  }

  /** The answer. May block. */
  public MetadataTable answer(Message command, Session session) {
    CatalogBrowser browser = new CatalogBrowser(pipeline, session);
    return switch (command) {
      case FlightSql.CommandGetCatalogs ignored -> catalogs(browser);
      case FlightSql.CommandGetDbSchemas schemas ->
          schemas(
              browser,
              schemas.hasCatalog() ? schemas.getCatalog() : null,
              schemas.hasDbSchemaFilterPattern() ? schemas.getDbSchemaFilterPattern() : null);
      case FlightSql.CommandGetTables tables -> tables(browser, tables);
      case FlightSql.CommandGetTableTypes ignored ->
          new MetadataTable(
              Schemas.GET_TABLE_TYPES_SCHEMA,
              List.of(
                  Arrays.asList(CatalogBrowser.TEMPORARY),
                  Arrays.asList("SYSTEM TABLE"),
                  Arrays.asList("TABLE"),
                  Arrays.asList("VIEW")));
      case FlightSql.CommandGetPrimaryKeys keys ->
          KeyTables.primaryKeys(
              browser,
              new KeyTables.Target(
                  keys.hasCatalog() ? keys.getCatalog() : null,
                  keys.hasDbSchema() ? keys.getDbSchema() : null,
                  keys.getTable()));
      case FlightSql.CommandGetExportedKeys keys ->
          KeyTables.exported(
              browser,
              new KeyTables.Target(
                  keys.hasCatalog() ? keys.getCatalog() : null,
                  keys.hasDbSchema() ? keys.getDbSchema() : null,
                  keys.getTable()));
      case FlightSql.CommandGetImportedKeys keys ->
          KeyTables.imported(
              browser,
              new KeyTables.Target(
                  keys.hasCatalog() ? keys.getCatalog() : null,
                  keys.hasDbSchema() ? keys.getDbSchema() : null,
                  keys.getTable()));
      case FlightSql.CommandGetCrossReference keys ->
          KeyTables.between(
              browser,
              new KeyTables.Target(
                  keys.hasPkCatalog() ? keys.getPkCatalog() : null,
                  keys.hasPkDbSchema() ? keys.getPkDbSchema() : null,
                  keys.getPkTable()),
              new KeyTables.Target(
                  keys.hasFkCatalog() ? keys.getFkCatalog() : null,
                  keys.hasFkDbSchema() ? keys.getFkDbSchema() : null,
                  keys.getFkTable()));
      case FlightSql.CommandGetXdbcTypeInfo types ->
          TypeInfoTable.of(types.hasDataType() ? types.getDataType() : null);
      case FlightSql.CommandGetSqlInfo info -> SqlInfoTable.of(info.getInfoList());
      default -> throw new AssertionError(command.getDescriptorForType().getFullName());
    };
  }

  private static MetadataTable catalogs(CatalogBrowser browser) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Catalog catalog : browser.catalogs(null)) {
      rows.add(Arrays.asList(catalog.name()));
    }
    return new MetadataTable(Schemas.GET_CATALOGS_SCHEMA, rows);
  }

  private static MetadataTable schemas(
      CatalogBrowser browser, @Nullable String catalog, @Nullable String pattern) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogBrowser.SchemaEntry entry : browser.schemas(catalog, pattern)) {
      rows.add(Arrays.asList(entry.catalog().name(), entry.schema()));
    }
    return new MetadataTable(Schemas.GET_SCHEMAS_SCHEMA, rows);
  }

  private static MetadataTable tables(CatalogBrowser browser, FlightSql.CommandGetTables command) {
    List<String> types = command.getTableTypesList();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogBrowser.Entry entry :
        browser.relations(
            command.hasCatalog() ? command.getCatalog() : null,
            command.hasDbSchemaFilterPattern() ? command.getDbSchemaFilterPattern() : null,
            command.hasTableNameFilterPattern() ? command.getTableNameFilterPattern() : null)) {
      String type = entry.type();
      if (!types.isEmpty() && !types.contains(type)) {
        continue;
      }
      List<@Nullable Object> row = new ArrayList<>();
      row.add(entry.catalog().name());
      row.add(entry.schema());
      row.add(entry.relation().name());
      row.add(type);
      if (command.getIncludeSchema()) {
        List<ColumnDefinition> columns =
            browser.load(entry).map(Relation::columns).orElse(List.of());
        row.add(tableSchema(entry.name(), columns).serializeAsMessage());
      }
      rows.add(row);
    }
    Schema schema =
        command.getIncludeSchema()
            ? Schemas.GET_TABLES_SCHEMA
            : Schemas.GET_TABLES_SCHEMA_NO_SCHEMA;
    return new MetadataTable(schema, rows);
  }

  /** A table's columns with everything that drivers ask of them; nullability is the declared. */
  public static Schema tableSchema(TableName name, List<ColumnDefinition> columns) {
    List<Field> fields = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      FlightSqlColumnMetadata.Builder metadata =
          new FlightSqlColumnMetadata.Builder()
              .catalogName(name.catalog())
              .schemaName(name.schema())
              .tableName(name.table())
              .isAutoIncrement(false)
              .isCaseSensitive(column.type().kind() == SqlType.Kind.VARCHAR)
              .isReadOnly(false)
              .isSearchable(!column.type().isNested());
      if (column.comment() != null) {
        metadata.remarks(column.comment());
      }
      fields.add(
          ResultSchema.field(
              column.name(),
              column.type(),
              column.nullable(),
              ResultSchema.metadata(column.type(), metadata),
              StreamOptions.DEFAULT));
    }
    return new Schema(fields);
  }
}
