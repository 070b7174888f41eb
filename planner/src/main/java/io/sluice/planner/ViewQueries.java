package io.sluice.planner;

import io.sluice.engine.EngineException;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.planner.rules.OneTable;
import io.sluice.planner.validate.CatalogTable;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;

/** The queries of a statement's views. */
final class ViewQueries implements CatalogTable.Expander {
  private final StatementTables tables;
  private final Queries queries;

  /** Plans a view's query as it is before any rule. */
  @FunctionalInterface
  interface Queries {
    RelNode relational(String sql, StatementTables tables, List<ColumnDefinition> hidden);
  }

  ViewQueries(StatementTables tables, Queries queries) {
    this.tables = tables;
    this.queries = queries;
  }

  private RelNode query(TableName name, ViewDefinition view, List<ColumnDefinition> hidden) {
    StatementTables own = tables.within(view.defaultCatalog(), view.defaultSchema());
    try {
      return queries.relational(view.sql(), own, hidden);
    } catch (EngineException failure) {
      // its place is one in the view's text, not in the statement's
      throw new EngineException(
          failure.code(), "in the query of view " + name + ": " + failure.getMessage(), failure);
    }
  }

  @Override
  public boolean hasHidden(TableName name, ViewDefinition view, List<ColumnDefinition> hidden) {
    return OneTable.withHidden(query(name, view, hidden), names(hidden)).isPresent();
  }

  @Override
  public RelNode expand(
      TableName name,
      ViewDefinition view,
      List<ColumnDefinition> hidden,
      RelDataType rowType,
      RelOptTable.ToRelContext context) {
    RelNode query = query(name, view, hidden);
    RelNode rows =
        hidden.isEmpty() ? query : OneTable.withHidden(query, names(hidden)).orElseThrow();
    return RelOptUtil.createCastRel(rows, rowType, true);
  }

  private static List<String> names(List<ColumnDefinition> columns) {
    return columns.stream().map(ColumnDefinition::name).toList();
  }

  /** What a table or view declares. */
  RelationDeclarations declarations(Relation relation) {
    return switch (relation) {
      case Relation.Table table -> of(table.name(), table.definition());
      case Relation.Dataset dataset -> of(dataset.name(), dataset.definition());
      case Relation.View view ->
          OneTable.of(query(view.name(), view.definition(), List.of()))
              .map(one -> declarations(view, one))
              .orElseGet(
                  () ->
                      new RelationDeclarations(
                          view.name(), Optional.empty(), view.columns(), List.of(), null, null));
    };
  }

  private static RelationDeclarations of(TableName name, TableDefinition declared) {
    return new RelationDeclarations(
        name,
        Optional.of(name),
        declared.columns(),
        declared.primaryKey(),
        declared.eventTime(),
        declared.ingestionTime());
  }

  private static RelationDeclarations declarations(Relation.View view, OneTable one) {
    TableDefinition declared = one.table().snapshot().definition();
    List<String> ofTable = one.table().getRowType().getFieldNames();
    List<String> ofView = names(view.columns());
    Function<String, @Nullable String> kept =
        column -> {
          int place = one.columns().indexOf(ofTable.indexOf(column));
          return place < 0 ? null : ofView.get(place);
        };
    List<String> key = new ArrayList<>();
    for (String column : declared.primaryKey()) {
      String name = kept.apply(column);
      if (name == null) {
        key.clear();
        break;
      }
      key.add(name);
    }
    String event = declared.eventTime();
    String ingestion = declared.ingestionTime();
    return new RelationDeclarations(
        view.name(),
        Optional.of(one.table().name()),
        view.columns(),
        key,
        event == null ? null : kept.apply(event),
        ingestion == null ? null : kept.apply(ingestion));
  }
}
