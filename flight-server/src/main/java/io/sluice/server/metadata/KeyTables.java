package io.sluice.server.metadata;

import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql.UpdateDeleteRules;
import org.jspecify.annotations.Nullable;

/** Declared keys: primary keys, and foreign keys from either side. */
final class KeyTables {
  private KeyTables() {}

  /** A table as a command names it; null parts match any. */
  record Target(@Nullable String catalog, @Nullable String schema, String table) {
    boolean matches(TableName name) {
      return (catalog == null || catalog.equals(name.catalog()))
          && (schema == null || schema.equals(name.schema()))
          && table.equalsIgnoreCase(name.table());
    }
  }

  /** A foreign key with full names and both sides' columns. */
  private record Reference(
      TableName from, List<String> columns, TableName to, List<String> referencedColumns) {}

  static MetadataTable primaryKeys(CatalogBrowser browser, Target target) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogBrowser.Entry entry : browser.relations(target.catalog(), null, null)) {
      if (!target.matches(entry.name())) {
        continue;
      }
      List<String> key = browser.primaryKey(entry);
      for (int i = 0; i < key.size(); i++) {
        rows.add(
            Arrays.asList(
                entry.catalog().name(),
                entry.schema(),
                entry.relation().name(),
                key.get(i),
                i + 1,
                null));
      }
    }
    return new MetadataTable(Schemas.GET_PRIMARY_KEYS_SCHEMA, rows);
  }

  /** The foreign keys of one table. */
  static MetadataTable imported(CatalogBrowser browser, Target target) {
    List<Reference> references = new ArrayList<>();
    for (CatalogBrowser.Entry entry : tables(browser, target)) {
      references.addAll(references(browser, entry));
    }
    return table(references, reference -> true);
  }

  /** The foreign keys of all tables that reference one. */
  static MetadataTable exported(CatalogBrowser browser, Target target) {
    return table(all(browser), reference -> target.matches(reference.to()));
  }

  /** The foreign keys from one table to another. */
  static MetadataTable between(CatalogBrowser browser, Target primary, Target foreign) {
    return table(
        all(browser),
        reference -> primary.matches(reference.to()) && foreign.matches(reference.from()));
  }

  private static List<Reference> all(CatalogBrowser browser) {
    List<Reference> references = new ArrayList<>();
    for (CatalogBrowser.Entry entry : browser.relations(null, null, null)) {
      if (entry.relation().kind() == RelationEntry.Kind.TABLE) {
        references.addAll(references(browser, entry));
      }
    }
    return references;
  }

  private static List<CatalogBrowser.Entry> tables(CatalogBrowser browser, Target target) {
    return browser.relations(target.catalog(), null, null).stream()
        .filter(entry -> entry.relation().kind() == RelationEntry.Kind.TABLE)
        .filter(entry -> target.matches(entry.name()))
        .toList();
  }

  private static List<Reference> references(CatalogBrowser browser, CatalogBrowser.Entry entry) {
    if (!(browser.load(entry).orElse(null) instanceof Relation.Table table)) {
      return List.of();
    }
    List<Reference> references = new ArrayList<>();
    for (ForeignKey key : table.definition().foreignKeys()) {
      TableName to = resolve(key.referencedTable(), entry.name());
      List<String> columns = key.referencedColumns();
      if (columns.isEmpty()) {
        // REFERENCES without columns means the primary key.
        columns =
            tables(browser, new Target(to.catalog(), to.schema(), to.table())).stream()
                .findFirst()
                .map(browser::primaryKey)
                .orElse(List.of());
      }
      if (columns.size() == key.columns().size()) {
        references.add(new Reference(entry.name(), key.columns(), to, columns));
      }
    }
    return references;
  }

  private static TableName resolve(String name, TableName from) {
    List<String> parts = Arrays.asList(name.replace("\"", "").split("\\."));
    int count = parts.size();
    return new TableName(
        Optional.of(count).filter(n -> n > 2).map(n -> parts.get(n - 3)).orElse(from.catalog()),
        count > 1 ? parts.get(count - 2) : from.schema(),
        parts.get(count - 1));
  }

  private static MetadataTable table(List<Reference> references, Predicate<Reference> wanted) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Reference reference : references) {
      if (!wanted.test(reference)) {
        continue;
      }
      for (int i = 0; i < reference.columns().size(); i++) {
        rows.add(
            Arrays.asList(
                reference.to().catalog(),
                reference.to().schema(),
                reference.to().table(),
                reference.referencedColumns().get(i),
                reference.from().catalog(),
                reference.from().schema(),
                reference.from().table(),
                reference.columns().get(i),
                i + 1,
                null,
                null,
                UpdateDeleteRules.NO_ACTION_VALUE,
                UpdateDeleteRules.NO_ACTION_VALUE));
      }
    }
    return new MetadataTable(Schemas.GET_IMPORTED_KEYS_SCHEMA, rows);
  }
}
