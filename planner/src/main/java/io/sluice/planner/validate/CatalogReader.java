package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.connector.VirtualRelation;
import io.sluice.engine.online.OnlineRelation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
  private static final String TRANSFORMED = "$transformed";

  private final StatementTables names;
  private final SqlTypes types;
  private final List<ColumnDefinition> hidden;
  private final CatalogTable.Expander views;
  private final @Nullable DatasetReader datasets;
  private final Map<String, ComputedTable> computed;
  private final CalciteSchema root;
  private final NameMatching matching = new NameMatching();
  private final Map<List<String>, CatalogTable> tables = new HashMap<>();

  /**
   * @param hidden columns that the statement mentions and that every table has without declaring
   *     them
   * @param datasets null for a reader in which no relation is looked up
   * @param computed relations that stand in no catalog, by exact names that no text can hold
   */
  public CatalogReader(
      StatementTables names,
      SqlTypes types,
      List<ColumnDefinition> hidden,
      CatalogTable.Expander views,
      @Nullable DatasetReader datasets,
      Map<String, ComputedTable> computed) {
    this.datasets = datasets;
    this.computed = Map.copyOf(computed);
    this.names = names;
    this.types = types;
    this.hidden = List.copyOf(hidden);
    this.views = views;
    this.root = CalciteSchema.createRootSchema(false, false, "", CatalogSchema.root(names, this));
  }

  /** A reader for types alone: nothing is looked up in it. */
  static CatalogReader ofTypes(StatementTables names) {
    return new CatalogReader(
        names,
        new SqlTypes(),
        List.of(),
        (name, definition, hidden, rowType, context) -> {
          throw new AssertionError(name);
        },
        null,
        Map.of());
  }

  public StatementTables names() {
    return names;
  }

  /** The table or view; its name matches without regard to case. */
  Optional<CatalogTable> find(TableName written) {
    ComputedTable own = computed.get(written.table());
    if (own != null) {
      return Optional.of(computed(written, own));
    }
    PinnedNames.Pinned pinned = PinnedNames.parse(written.table());
    TableName exact = names.qualify(List.of(written.catalog(), written.schema(), pinned.name()));
    List<String> key = List.of(written.catalog(), written.schema(), written.table());
    CatalogTable known = tables.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<CatalogTable> found = names.load(exact).map(relation -> table(relation, pinned));
    if (found.isEmpty()) {
      found = transformed(written, pinned);
    }
    found.ifPresent(table -> tables.put(key, table));
    return found;
  }

  private CatalogTable computed(TableName written, ComputedTable table) {
    return tables.computeIfAbsent(
        List.of(written.table()),
        key ->
            new CatalogTable.View(
                written,
                new ViewDefinition("", "", "", table.columns(), null),
                List.of(),
                CatalogTable.rowType(table.columns(), types),
                this,
                (name, view, hidden, rowType, context) -> table.expand(rowType, context)));
  }

  /** {@code d$transformed}: the model input of a training dataset. */
  private Optional<CatalogTable> transformed(TableName written, PinnedNames.Pinned pinned) {
    String name = pinned.name();
    int base = name.length() - TRANSFORMED.length();
    if (base <= 0 || !name.regionMatches(true, base, TRANSFORMED, 0, TRANSFORMED.length())) {
      return Optional.empty();
    }
    TableName exact =
        names.qualify(List.of(written.catalog(), written.schema(), name.substring(0, base)));
    return names
        .load(exact)
        .filter(Relation.Dataset.class::isInstance)
        .map(Relation.Dataset.class::cast)
        .map(dataset -> dataset(dataset, pinned.version(), DatasetReader.Form.TRANSFORMED));
  }

  private CatalogTable dataset(
      Relation.Dataset dataset, TableVersion pinned, DatasetReader.Form form) {
    DatasetReader reader = datasets;
    if (reader == null) {
      throw new AssertionError(dataset.name());
    }
    StoredDataset version = version(dataset, pinned);
    List<ColumnDefinition> columns = reader.columns(version, form, names);
    TableName shown =
        new TableName(
            dataset.name().catalog(),
            dataset.name().schema(),
            PinnedNames.pin(
                dataset.name().table() + (form == DatasetReader.Form.RAW ? "" : TRANSFORMED),
                pinned));
    return new CatalogTable.View(
        shown,
        new ViewDefinition("", "", "", columns, null),
        List.of(),
        CatalogTable.rowType(columns, types),
        this,
        (name, view, hidden, rowType, context) ->
            reader.expand(version, form, names, rowType, context));
  }

  private static StoredDataset version(Relation.Dataset dataset, TableVersion pinned) {
    List<StoredDataset> versions = dataset.versions();
    String choices =
        versions.stream()
            .map(version -> Integer.toString(version.version()))
            .collect(Collectors.joining(", "));
    return switch (pinned) {
      case TableVersion.Current ignored -> versions.getLast();
      case TableVersion.AsOfSnapshot number ->
          versions.stream()
              .filter(version -> version.version() == number.snapshotId())
              .findFirst()
              .orElseThrow(
                  () ->
                      new EngineException(
                          ErrorCode.UNKNOWN_VERSION,
                          "training dataset "
                              + dataset.name()
                              + " has no version "
                              + number.snapshotId()
                              + (versions.size() == 1 ? "; there is " : "; there are ")
                              + choices));
      default ->
          throw new EngineException(
              ErrorCode.UNKNOWN_VERSION,
              "a training dataset is read FOR VERSION AS OF one of its numbers: " + choices);
    };
  }

  private CatalogTable table(Relation relation, PinnedNames.Pinned pinned) {
    return switch (relation) {
      case Relation.View view -> {
        List<ColumnDefinition> own = view.definition().columns();
        List<ColumnDefinition> further = absent(own);
        boolean has =
            !further.isEmpty() && views.hasHidden(view.name(), view.definition(), further);
        List<ColumnDefinition> columns = new ArrayList<>(own);
        columns.addAll(has ? further : List.of());
        yield new CatalogTable.View(
            view.name(),
            view.definition(),
            has ? further : List.of(),
            CatalogTable.rowType(columns, types),
            this,
            views);
      }
      case Relation.Dataset dataset -> dataset(dataset, pinned.version(), DatasetReader.Form.RAW);
      case Relation.Table table -> {
        TableSnapshot snapshot = names.snapshot(table.name(), pinned.version());
        List<ColumnDefinition> columns = new ArrayList<>(snapshot.definition().columns());
        if (!(table instanceof VirtualRelation) && !(table instanceof OnlineRelation)) {
          columns.addAll(absent(columns));
        }
        yield new CatalogTable.Base(
            table.name(),
            names.planned(pinned.version()),
            snapshot,
            CatalogTable.rowType(columns, types),
            this);
      }
    };
  }

  /** The hidden columns that the statement mentions, but for those whose names are taken. */
  private List<ColumnDefinition> absent(List<ColumnDefinition> own) {
    return hidden.stream()
        .filter(column -> own.stream().noneMatch(c -> c.name().equals(column.name())))
        .toList();
  }

  @Override
  public Prepare.@Nullable PreparingTable getTable(List<String> parts) {
    if (parts.size() != 3) {
      TableName name = names.qualify(parts);
      return find(name).orElse(null);
    }
    String catalog = PinnedNames.catalog(parts.get(0));
    return find(new TableName(catalog, parts.get(1), parts.get(2))).orElse(null);
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
