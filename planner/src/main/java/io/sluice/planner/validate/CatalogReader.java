package io.sluice.planner.validate;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.VirtualRelation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.validate.SqlMoniker;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/** Gives Calcite the tables of one statement. */
public final class CatalogReader implements Prepare.CatalogReader {
  private final StatementTables names;
  private final SqlTypes types;
  private final List<ColumnDefinition> hidden;
  private final CatalogTable.Expander views;
  private final CalciteSchema root;
  private final NameMatching matching = new NameMatching();
  private final Map<List<String>, CatalogTable> tables = new HashMap<>();

  /**
   * @param hidden columns that the statement mentions and that every table has without declaring
   *     them
   */
  public CatalogReader(
      StatementTables names,
      SqlTypes types,
      List<ColumnDefinition> hidden,
      CatalogTable.Expander views) {
    this.names = names;
    this.types = types;
    this.hidden = List.copyOf(hidden);
    this.views = views;
    this.root = CalciteSchema.createRootSchema(false, false, "", CatalogSchema.root(names, this));
  }

  public StatementTables names() {
    return names;
  }

  /** The table or view; its name matches without regard to case. */
  Optional<CatalogTable> find(TableName written) {
    PinnedNames.Pinned pinned = PinnedNames.parse(written.table());
    TableName exact = names.qualify(List.of(written.catalog(), written.schema(), pinned.name()));
    List<String> key = List.of(written.catalog(), written.schema(), written.table());
    CatalogTable known = tables.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<CatalogTable> found = names.load(exact).map(relation -> table(relation, pinned));
    found.ifPresent(table -> tables.put(key, table));
    return found;
  }

  private CatalogTable table(Relation relation, PinnedNames.Pinned pinned) {
    return switch (relation) {
      case Relation.View view ->
          new CatalogTable.View(
              view.name(),
              view.definition(),
              CatalogTable.rowType(view.definition().columns(), types),
              this,
              views);
      case Relation.Table table -> {
        TableSnapshot snapshot = names.snapshot(table.name(), pinned.version());
        List<ColumnDefinition> columns = new ArrayList<>(snapshot.definition().columns());
        for (ColumnDefinition column :
            table instanceof VirtualRelation ? List.<ColumnDefinition>of() : hidden) {
          if (columns.stream().noneMatch(c -> c.name().equals(column.name()))) {
            columns.add(column);
          }
        }
        yield new CatalogTable.Base(
            table.name(), pinned.version(), snapshot, CatalogTable.rowType(columns, types), this);
      }
    };
  }

  @Override
  public Prepare.@Nullable PreparingTable getTable(List<String> parts) {
    if (parts.size() != 3) {
      TableName name = names.qualify(parts);
      return find(name).orElse(null);
    }
    return find(new TableName(parts.get(0), parts.get(1), parts.get(2))).orElse(null);
  }

  @Override
  public Prepare.@Nullable PreparingTable getTableForMember(List<String> parts) {
    return getTable(parts);
  }

  @Override
  public Prepare.CatalogReader withSchemaPath(List<String> schemaPath) {
    return this;
  }

  @Override
  public RelDataTypeFactory getTypeFactory() {
    return types;
  }

  @Override
  public void registerRules(RelOptPlanner planner) {}

  @Override
  public @Nullable RelDataType getNamedType(SqlIdentifier typeName) {
    return null;
  }

  @Override
  public List<SqlMoniker> getAllSchemaObjectNames(List<String> parts) {
    return List.of();
  }

  @Override
  public List<List<String>> getSchemaPaths() {
    List<List<String>> paths = new ArrayList<>();
    if (names.temporaryTables().isPresent()) {
      paths.add(List.of(TemporaryTables.NAME, TemporaryTables.NAME));
      paths.add(List.of(TemporaryTables.NAME));
    }
    paths.add(List.of(names.defaultCatalog(), names.defaultSchema()));
    paths.add(List.of(names.defaultCatalog()));
    paths.add(List.of());
    return paths;
  }

  @SuppressWarnings("deprecation")
  @Override
  public @Nullable RelDataTypeField field(RelDataType rowType, String alias) {
    return matching.field(rowType, alias);
  }

  @Override
  public SqlNameMatcher nameMatcher() {
    return matching;
  }

  @SuppressWarnings("deprecation")
  @Override
  public boolean matches(String string, String name) {
    return matching.matches(string, name);
  }

  @Override
  public RelDataType createTypeFromProjection(RelDataType type, List<String> columnNameList) {
    return SqlValidatorUtil.createTypeFromProjection(type, columnNameList, types, true);
  }

  @SuppressWarnings("deprecation")
  @Override
  public boolean isCaseSensitive() {
    return matching.isCaseSensitive();
  }

  @Override
  public CalciteSchema getRootSchema() {
    return root;
  }

  @Override
  public CalciteConnectionConfig getConfig() {
    return CalciteConnectionConfig.DEFAULT;
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> type) {
    return type.isInstance(this) ? type.cast(this) : null;
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier name,
      @Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> found,
      SqlNameMatcher matcher) {}

  @Override
  public List<SqlOperator> getOperatorList() {
    return List.of();
  }
}
