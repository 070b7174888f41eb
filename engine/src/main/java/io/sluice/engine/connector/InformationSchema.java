package io.sluice.engine.connector;

import io.sluice.engine.EngineException;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code information_schema} of one catalog: its schemas, tables and columns, under the SQL
 * standard's names. Names are in the case in which they were created.
 */
final class InformationSchema {
  static final String NAME = "information_schema";

  private static final Logger LOG = LoggerFactory.getLogger(InformationSchema.class);

  private final Catalogs catalogs;
  private final String catalog;

  private InformationSchema(Catalogs catalogs, String catalog) {
    this.catalogs = catalogs;
    this.catalog = catalog;
  }

  static VirtualSchema of(Catalogs catalogs, String catalog) {
    InformationSchema schema = new InformationSchema(catalogs, catalog);
    return new VirtualSchema(
        NAME,
        List.of(
            new VirtualTable(
                "schemata",
                List.of(text("catalog_name"), text("schema_name")),
                "schemas of this catalog",
                schema::schemata),
            new VirtualTable(
                "tables",
                List.of(
                    text("table_catalog"),
                    text("table_schema"),
                    text("table_name"),
                    text("table_type"),
                    optional("table_comment", SqlType.VARCHAR)),
                "tables and views of this catalog",
                schema::tables),
            new VirtualTable(
                "columns",
                List.of(
                    text("table_catalog"),
                    text("table_schema"),
                    text("table_name"),
                    text("column_name"),
                    new ColumnDefinition("ordinal_position", SqlType.INTEGER, false, null),
                    optional("column_default", SqlType.VARCHAR),
                    text("is_nullable"),
                    text("data_type"),
                    optional("numeric_precision", SqlType.INTEGER),
                    optional("numeric_scale", SqlType.INTEGER),
                    optional("datetime_precision", SqlType.INTEGER),
                    optional("column_comment", SqlType.VARCHAR)),
                "columns of this catalog's tables and views",
                schema::columns)));
  }

  private static ColumnDefinition text(String name) {
    return new ColumnDefinition(name, SqlType.VARCHAR, false, null);
  }

  private static ColumnDefinition optional(String name, SqlType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  private List<List<@Nullable Object>> schemata(VirtualTable.Request request) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String schema : catalogs.schemas(request.principal(), catalog)) {
      rows.add(VirtualTable.row(catalog, schema));
    }
    return rows;
  }

  private List<List<@Nullable Object>> tables(VirtualTable.Request request) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String schema : catalogs.schemas(request.principal(), catalog)) {
      for (RelationEntry entry : catalogs.relations(request.principal(), catalog, schema)) {
        String type =
            switch (entry.kind()) {
              case TABLE, TRAINING_DATASET -> "BASE TABLE";
              case VIEW -> "VIEW";
              case SYSTEM_TABLE -> "SYSTEM TABLE";
            };
        rows.add(VirtualTable.row(catalog, schema, entry.name(), type, entry.comment()));
      }
    }
    return rows;
  }

  private List<List<@Nullable Object>> columns(VirtualTable.Request request) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String schema : catalogs.schemas(request.principal(), catalog)) {
      for (RelationEntry entry : catalogs.relations(request.principal(), catalog, schema)) {
        TableName name = new TableName(catalog, schema, entry.name());
        int position = 1;
        for (ColumnDefinition column : columns(request.principal(), name)) {
          rows.add(column(name, position++, column));
        }
      }
    }
    return rows;
  }

  /** The columns of what has the name; none where it is gone or cannot be read. */
  private List<ColumnDefinition> columns(Principal principal, TableName name) {
    Optional<Relation> relation;
    try {
      relation = catalogs.load(principal, name);
    } catch (EngineException unreadable) {
      LOG.warn("{} cannot be described: {}", name, unreadable.getMessage());
      return List.of();
    }
    return relation.map(Relation::columns).orElse(List.of());
  }

  private List<@Nullable Object> column(TableName name, int position, ColumnDefinition column) {
    SqlType type = column.type();
    return VirtualTable.row(
        name.catalog(),
        name.schema(),
        name.table(),
        column.name(),
        (long) position,
        null,
        column.nullable() ? "YES" : "NO",
        type.sql(),
        precision(type),
        scale(type),
        fraction(type),
        column.comment());
  }

  /** In digits for decimals, in bits for other numbers. */
  private static @Nullable Long precision(SqlType type) {
    if (type instanceof SqlType.Decimal decimal) {
      return (long) decimal.precision();
    }
    return switch (type.kind()) {
      case TINYINT -> 8L;
      case SMALLINT -> 16L;
      case INTEGER -> 32L;
      case BIGINT -> 64L;
      case REAL -> 24L;
      case DOUBLE -> 53L;
      default -> null;
    };
  }

  private static @Nullable Long scale(SqlType type) {
    if (type instanceof SqlType.Decimal decimal) {
      return (long) decimal.scale();
    }
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT -> 0L;
      default -> null;
    };
  }

  private static @Nullable Long fraction(SqlType type) {
    if (type instanceof SqlType.Timestamp timestamp) {
      return (long) timestamp.precision();
    }
    return switch (type.kind()) {
      case DATE -> 0L;
      case TIME -> 6L;
      default -> null;
    };
  }
}
