package io.sluice.planner.statement;

import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.SupportsAlterTable;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The foreign keys of a catalog's tables that refer to one of them. They follow its new names, each
 * table in a commit of its own.
 */
final class References {
  private final StatementTables tables;
  private final TableName target;
  private @Nullable List<Relation.Table> users;

  References(StatementTables tables, TableName target) {
    this.tables = tables;
    this.target = target;
  }

  /** Whether any table refers to the target. */
  boolean exist() {
    return !users().isEmpty();
  }

  /** A table with a foreign key that names the target's column. */
  Optional<TableName> naming(String column) {
    return users().stream()
        .filter(
            user ->
                user.definition().foreignKeys().stream()
                    .anyMatch(key -> refers(user, key) && key.referencedColumns().contains(column)))
        .map(Relation::name)
        .findFirst();
  }

  void renameColumn(SupportsAlterTable catalog, String column, String newName) {
    change(
        catalog,
        user -> user,
        key ->
            new ForeignKey(
                key.columns(),
                key.referencedTable(),
                key.referencedColumns().stream()
                    .map(each -> each.equals(column) ? newName : each)
                    .toList()));
  }

  /** To be called after the table has its new name. */
  void renameTable(SupportsAlterTable catalog, TableName newName) {
    change(
        catalog,
        user -> user.equals(target) ? newName : user,
        key ->
            new ForeignKey(
                key.columns(), newName.schema() + "." + newName.table(), key.referencedColumns()));
  }

  private void change(
      SupportsAlterTable catalog,
      Function<TableName, TableName> names,
      Function<ForeignKey, ForeignKey> changed) {
    for (Relation.Table user : users()) {
      List<ForeignKey> keys =
          user.definition().foreignKeys().stream()
              .map(key -> refers(user, key) ? changed.apply(key) : key)
              .toList();
      if (!keys.equals(user.definition().foreignKeys())) {
        TableName name = names.apply(user.name());
        catalog.alterTable(
            tables.principal(),
            name.schema(),
            name.table(),
            List.of(new TableChange.SetForeignKeys(keys)));
      }
    }
  }

  /** Tables with foreign keys to the target, as they were when first asked for. */
  private List<Relation.Table> users() {
    List<Relation.Table> known = users;
    if (known == null) {
      known = new ArrayList<>();
      Catalog catalog = tables.catalog(target.catalog());
      for (String schema : tables.schemaNames(catalog)) {
        for (RelationEntry entry : tables.relationEntries(catalog, schema)) {
          if (entry.kind() == RelationEntry.Kind.TABLE) {
            add(new TableName(catalog.name(), schema, entry.name()), known);
          }
        }
      }
      users = known;
    }
    return known;
  }

  private void add(TableName name, List<Relation.Table> found) {
    if (tables.load(name).orElse(null) instanceof Relation.Table table
        && table.definition().foreignKeys().stream().anyMatch(key -> refers(table, key))) {
      found.add(table);
    }
  }

  private boolean refers(Relation.Table user, ForeignKey key) {
    List<String> parts = List.of(key.referencedTable().split("\\."));
    int n = parts.size();
    return parts.get(n - 1).equalsIgnoreCase(target.table())
        && (n > 1 ? parts.get(n - 2) : user.name().schema()).equalsIgnoreCase(target.schema())
        && (n > 2 ? parts.get(n - 3) : user.name().catalog()).equalsIgnoreCase(target.catalog());
  }
}
