package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.HasSubTables;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TemporaryTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which table a name of one to three parts means, by what a statement's tables are. */
final class QualifiedNames {
  private static final int MAX_PARTS = 3;

  private final StatementTables tables;

  QualifiedNames(StatementTables tables) {
    this.tables = tables;
  }

  /**
   * The exact name of what {@code parts} (1 to 3, and a sub-table's) stands for, whether or not it
   * is there. Temporary tables are found first.
   */
  TableName qualify(List<String> parts) {
    List<String> whole = undotted(parts);
    return findTemporary(whole).orElseGet(() -> permanentOrTemporary(whole));
  }

  /**
   * The same for what a statement is to create, where a dot is never a sub-table's and a temporary
   * table of the same name does not count.
   */
  TableName permanentOrTemporary(List<String> parts) {
    boolean temporarySchema =
        tables.temporaryTables().isPresent()
            && parts.size() == 2
            && isTemporary(parts.get(0))
            && tables.findSchema(tables.catalog(tables.defaultCatalog()), parts.get(0)).isEmpty();
    return temporarySchema ? temporary(parts) : permanent(parts);
  }

  /**
   * The name of a temporary table to be made: alone, or with the schema.
   *
   * @throws EngineException UNSUPPORTED where sessions have none, UNKNOWN_SCHEMA for another schema
   */
  TableName temporary(List<String> parts) {
    Catalog temporary =
        tables
            .temporaryTables()
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.UNSUPPORTED, "there are no temporary tables here"));
    if (parts.size() > 3
        || !parts.stream().limit(parts.size() - 1L).allMatch(p -> isTemporary(p))) {
      throw new EngineException(
          ErrorCode.UNKNOWN_SCHEMA,
          "temporary tables are in schema "
              + TemporaryTables.NAME
              + ": write "
              + parts.getLast()
              + " alone");
    }
    return relation(temporary, TemporaryTables.NAME, parts.getLast());
  }

  private static boolean isTemporary(String part) {
    return part.equalsIgnoreCase(TemporaryTables.NAME);
  }

  private Optional<TableName> findTemporary(List<String> parts) {
    boolean candidate = parts.size() == 1 || (parts.size() == 2 && isTemporary(parts.get(0)));
    Catalog temporary = tables.temporaryTables().orElse(null);
    if (temporary == null || !candidate) {
      return Optional.empty();
    }
    TableName name = relation(temporary, TemporaryTables.NAME, parts.getLast());
    return tables.load(name).map(Relation::name);
  }

  private TableName permanent(List<String> parts) {
    int n = parts.size();
    if (n >= MAX_PARTS) {
      Catalog catalog = tables.catalog(parts.get(0));
      return relation(catalog, tables.schema(catalog, nested(parts)), parts.get(n - 1));
    }
    Catalog catalog = tables.catalog(tables.defaultCatalog());
    if (n == 2) {
      return relation(catalog, tables.schema(catalog, parts.get(0)), parts.get(1));
    }
    return relation(catalog, tables.schema(catalog, tables.defaultSchema()), parts.get(0));
  }

  /** The schema's name in {@code catalog.a.b.table}, which is {@code a.b}. */
  private static String nested(List<String> parts) {
    return String.join(Names.NESTING_MARK, parts.subList(1, parts.size() - 1));
  }

  private TableName relation(Catalog catalog, String schema, String name) {
    if (tables.load(new TableName(catalog.name(), schema, name)).isPresent()) {
      return new TableName(catalog.name(), schema, name);
    }
    return Names.find(name, tables.relationNames(catalog, schema), "table or view")
        .map(exact -> new TableName(catalog.name(), schema, exact))
        .or(() -> subTable(catalog, schema, name))
        .orElse(new TableName(catalog.name(), schema, name));
  }

  private Optional<TableName> subTable(Catalog catalog, String schema, String name) {
    int mark = name.lastIndexOf(Catalogs.SUB_TABLE_MARK);
    if (mark <= 0) {
      return Optional.empty();
    }
    TableName base = relation(catalog, schema, name.substring(0, mark));
    if (!(tables.load(base).orElse(null) instanceof HasSubTables table)) {
      return Optional.empty();
    }
    return Names.find(name.substring(mark + 1), table.subTables(), "table")
        .map(
            sub ->
                new TableName(
                    catalog.name(), schema, base.table() + Catalogs.SUB_TABLE_MARK + sub));
  }

  /**
   * The name with a sub-table's dot as the dollar sign: {@code t.snapshots} is {@code t$snapshots}
   * where there is no table {@code snapshots} in a schema {@code t}.
   */
  List<String> undotted(List<String> parts) {
    int n = parts.size();
    if (n < 2 || stands(parts)) {
      return parts;
    }
    List<String> joined = new ArrayList<>(parts.subList(0, n - 2));
    joined.add(parts.get(n - 2) + Catalogs.SUB_TABLE_MARK + parts.get(n - 1));
    return stands(joined) ? joined : parts;
  }

  private boolean stands(List<String> parts) {
    int n = parts.size();
    if (findTemporary(parts).isPresent()) {
      return true;
    }
    Optional<Catalog> catalog =
        tables.findCatalog(n >= MAX_PARTS ? parts.get(0) : tables.defaultCatalog());
    if (catalog.isEmpty()) {
      return false;
    }
    String schema =
        n >= MAX_PARTS ? nested(parts) : n > 1 ? parts.get(n - 2) : tables.defaultSchema();
    return tables
        .findSchema(catalog.get(), schema)
        .filter(exact -> tables.load(relation(catalog.get(), exact, parts.get(n - 1))).isPresent())
        .isPresent();
  }
}
