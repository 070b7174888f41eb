package io.sluice.planner.statement;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.CatalogRegistry;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.RelationDeclarations;
import io.sluice.planner.Session;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.parse.Statement.Show.Subject;
import io.sluice.planner.training.DatasetMeaning;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** SHOW and DESCRIBE. */
final class ShowStatement {
  private final Catalogs catalogs;
  private final QueryPlanner planner;

  ShowStatement(Catalogs catalogs, QueryPlanner planner) {
    this.catalogs = catalogs;
    this.planner = planner;
  }

  static List<OutputColumn> columns(Subject subject) {
    return switch (subject) {
      case CATALOGS -> TextRows.columns("catalog", "type", "uri");
      case SCHEMAS -> TextRows.columns("schema");
      case TABLES -> TextRows.columns("table", "kind", "comment");
      case COLUMNS -> TextRows.columns("column", "type", "nullable", "meaning", "comment");
      case CREATE_TABLE, CREATE_VIEW -> TextRows.columns("sql");
      case SETTINGS -> TextRows.columns("name", "value");
    };
  }

  PhysicalPlan plan(Statement.Show show, StatementTables tables, Session session) {
    TextRows rows = new TextRows(columns(show.subject()));
    Predicate<String> wanted = LikeText.predicate(show.like());
    switch (show.subject()) {
      case CATALOGS ->
          catalogs.names().stream().filter(wanted).forEach(name -> describe(name, rows));
      case SCHEMAS -> {
        Catalog catalog = tables.catalog(show.of() == null ? session.catalog() : last(show.of()));
        tables.schemaNames(catalog).stream().sorted().filter(wanted).forEach(rows::add);
      }
      case TABLES -> {
        SchemaName schema = SchemaName.of(show.of(), tables);
        if (show.of() == null) {
          // An unqualified name finds these, too.
          tables
              .temporaryTables()
              .ifPresent(own -> list(own, TemporaryTables.NAME, tables, rows, wanted));
        }
        list(schema.catalog(), schema.schema(), tables, rows, wanted);
      }
      case COLUMNS -> describe(relation(show, tables), tables, session, rows, wanted);
      case CREATE_TABLE, CREATE_VIEW -> rows.add(CreateText.of(relation(show, tables)));
      case SETTINGS -> {
        rows.add("catalog", session.catalog());
        rows.add("schema", session.schema());
        rows.add("time_zone", session.zone().getId());
      }
    }
    return rows.plan();
  }

  private void describe(String catalog, TextRows rows) {
    CatalogRegistry.Description described =
        catalogs
            .registry()
            .flatMap(registry -> registry.describe(catalog))
            .orElse(
                new CatalogRegistry.Description(
                    catalog.equals(OnlineCatalog.NAME) ? "online" : "embedded", null));
    rows.add(catalog, described.type(), described.uri());
  }

  private static void list(
      Catalog catalog,
      String schema,
      StatementTables tables,
      TextRows rows,
      Predicate<String> wanted) {
    boolean temporary = catalog.name().equals(TemporaryTables.NAME);
    for (RelationEntry entry : tables.relationEntries(catalog, schema)) {
      if (wanted.test(entry.name())) {
        String kind = entry.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        rows.add(entry.name(), temporary ? "temporary " + kind : kind, entry.comment());
      }
    }
  }

  private static Relation relation(Statement.Show show, StatementTables tables) {
    SqlIdentifier of = show.of();
    if (of == null) {
      throw new AssertionError(show);
    }
    TableName name = tables.qualify(of.names);
    return tables.load(name).orElseThrow(() -> SqlErrors.at(of, tables.unknown(of.names, name)));
  }

  private void describe(
      Relation relation,
      StatementTables tables,
      Session session,
      TextRows rows,
      Predicate<String> wanted) {
    if (relation instanceof Relation.Dataset dataset) {
      dataset.columns().stream()
          .filter(column -> wanted.test(column.name()))
          .forEach(column -> row(column, DatasetMeaning.of(column.name(), dataset), rows));
      return;
    }
    RelationDeclarations declared = planner.declarations(relation, tables, session.zone());
    List<ForeignKey> keys =
        relation instanceof Relation.Table table ? table.definition().foreignKeys() : List.of();
    relation.columns().stream()
        .filter(column -> wanted.test(column.name()))
        .forEach(column -> row(column, meaning(column.name(), declared, keys), rows));
  }

  private static void row(ColumnDefinition column, @Nullable String meaning, TextRows rows) {
    rows.add(
        column.name(),
        column.type().sql(),
        column.nullable() ? "YES" : "NO",
        meaning,
        column.comment());
  }

  private static @Nullable String meaning(
      String column, RelationDeclarations declared, List<ForeignKey> foreignKeys) {
    List<String> roles = new ArrayList<>();
    if (declared.primaryKey().contains(column)) {
      roles.add("PRIMARY KEY");
    }
    if (column.equals(declared.eventTime())) {
      roles.add("EVENT TIME");
    }
    if (column.equals(declared.ingestionTime())) {
      roles.add("INGESTION TIME");
    }
    for (ForeignKey key : foreignKeys) {
      if (key.columns().contains(column)) {
        roles.add("REFERENCES " + key.referencedTable());
      }
    }
    return roles.isEmpty() ? null : String.join(", ", roles);
  }

  private static String last(SqlIdentifier name) {
    return name.names.getLast();
  }
}
