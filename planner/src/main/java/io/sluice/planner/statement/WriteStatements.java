package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.physical.BoundRows;
import io.sluice.planner.physical.RowConversion;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;

/** INSERT and CREATE TABLE: the rows and the table appear in one commit. */
final class WriteStatements {
  private final Engine engine;
  private final QueryPlanner planner;

  WriteStatements(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  /** The insert's query, its columns converted to those of the target. */
  QueryPlanner.Planned planInsert(
      Statement.Insert insert, StatementTables tables, ZoneId zone, List<SqlType> bound) {
    TableDefinition target = target(insert, tables).definition();
    List<Integer> positions = positions(insert, target);
    List<SqlType> expected =
        positions.stream().map(column -> target.columns().get(column).type()).toList();
    QueryPlanner.Planned planned = planner.planRows(insert.source(), tables, zone, bound, expected);
    List<OutputColumn> output = planned.plan().output();
    if (output.size() != positions.size()) {
      throw SqlErrors.at(
          insert.source(),
          ErrorCode.INVALID_ARGUMENT,
          "the table takes "
              + positions.size()
              + " columns here, but the query gives "
              + output.size());
    }
    return new QueryPlanner.Planned(
        RowConversion.to(planned.plan(), target.columns(), positions), planned.parameters());
  }

  private static Relation.Table target(Statement.Insert insert, StatementTables tables) {
    try {
      return tables.table(insert.table().names);
    } catch (EngineException failure) {
      throw SqlErrors.at(insert.table(), failure);
    }
  }

  /** For each column of the query, its place in the table. */
  private static List<Integer> positions(Statement.Insert insert, TableDefinition target) {
    List<String> names = target.columns().stream().map(ColumnDefinition::name).toList();
    List<Integer> positions = new ArrayList<>();
    if (insert.columns().isEmpty()) {
      for (int i = 0; i < names.size(); i++) {
        positions.add(i);
      }
      return positions;
    }
    for (SqlIdentifier column : insert.columns()) {
      String written = column.getSimple();
      String name =
          Names.find(written, names, "column")
              .orElseThrow(
                  () ->
                      SqlErrors.at(
                          column,
                          ErrorCode.UNKNOWN_COLUMN,
                          "column "
                              + written
                              + " does not exist in the table"
                              + Names.didYouMean(written, names)));
      int position = names.indexOf(name);
      if (positions.contains(position)) {
        throw SqlErrors.at(
            column, ErrorCode.INVALID_ARGUMENT, "column " + name + " is named twice");
      }
      positions.add(position);
    }
    return positions;
  }

  /**
   * Adds the rows of all executions in one commit.
   *
   * @param executions at least one; their parameters are of the same types
   * @return rows added
   */
  long insert(
      Statement.Insert insert, StatementTables tables, ZoneId zone, List<QueryContext> executions) {
    Relation.Table target = target(insert, tables);
    QueryContext first = executions.getFirst();
    PhysicalPlan plan = planInsert(insert, tables, zone, StatementRunner.types(first)).plan();
    List<List<Expression.Literal>> values =
        executions.stream().map(QueryContext::parameters).toList();
    PhysicalPlan all = values.size() == 1 ? null : BoundRows.of(plan, values).orElse(null);
    return all == null
        ? write(plan, target.name(), target.definition(), WriteMode.APPEND, tables, executions)
        : write(all, target.name(), target.definition(), WriteMode.APPEND, tables, List.of(first));
  }

  /** Rows in the new table. */
  long createTable(
      Statement.CreateTable create, StatementTables tables, ZoneId zone, QueryContext context) {
    TableName name = target(create, tables);
    Optional<Relation> old = tables.load(name);
    if (old.isPresent()) {
      if (old.get() instanceof Relation.Dataset) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.ALREADY_EXISTS,
            name
                + " is a training dataset; DROP TRAINING DATASET ... VERSION n drops its versions");
      }
      boolean view = old.get() instanceof Relation.View;
      if (create.ifNotExists() && !view) {
        return 0;
      }
      if (view || !create.replace()) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.ALREADY_EXISTS,
            (view ? "view " : "table ")
                + name
                + " already exists"
                + (view ? "" : "; CREATE OR REPLACE TABLE replaces it"));
      }
    }
    SqlNode query = create.query();
    if (query == null) {
      Catalog catalog = tables.changing(name);
      TableDefinition definition = NewTable.definition(create, List.of(), tables);
      catalog.createTable(
          tables.principal(), name.schema(), name.table(), definition, create.replace());
      return 0;
    }
    PhysicalPlan plan = planner.plan(query, tables, zone, StatementRunner.types(context)).plan();
    TableDefinition definition = NewTable.definition(create, plan.output(), tables);
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < definition.columns().size(); i++) {
      positions.add(i);
    }
    return write(
        RowConversion.to(plan, definition.columns(), positions),
        name,
        definition,
        create.replace() ? WriteMode.REPLACE : WriteMode.CREATE,
        tables,
        List.of(context));
  }

  private static TableName target(Statement.CreateTable create, StatementTables tables) {
    try {
      List<String> parts = create.name().names;
      return create.temporary() ? tables.qualifyTemporary(parts) : tables.qualifyNew(parts);
    } catch (EngineException failure) {
      throw SqlErrors.at(create.name(), failure);
    }
  }

  private long write(
      PhysicalPlan plan,
      TableName name,
      TableDefinition definition,
      WriteMode mode,
      StatementTables tables,
      List<QueryContext> executions) {
    Catalog catalog = tables.changing(name);
    try (TableWrite write =
        catalog.write(tables.principal(), name.schema(), name.table(), definition, mode)) {
      for (QueryContext context : executions) {
        try (QueryExecution execution = engine.execute(plan, context)) {
          Draining.drain(execution.results(), write::write);
        }
      }
      return write.commit();
    }
  }
}
