package io.sluice.planner.statement;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** CREATE VIEW. */
final class ViewStatements {
  private final QueryPlanner planner;

  ViewStatements(QueryPlanner planner) {
    this.planner = planner;
  }

  void create(Statement.CreateView create, StatementTables tables, ZoneId zone) {
    TableName name = tables.qualifyNew(create.name().names);
    if (StatementTables.isTemporary(name)) {
      throw SqlErrors.at(
          create.name(),
          ErrorCode.UNSUPPORTED,
          "there are temporary tables, but no temporary views; CREATE TEMP TABLE ... AS keeps the"
              + " rows");
    }
    Optional<Relation> old = tables.load(name);
    if (old.isPresent()) {
      if (create.ifNotExists()) {
        return;
      }
      boolean table = old.get() instanceof Relation.Table;
      if (table || !create.replace()) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.ALREADY_EXISTS,
            (table ? "table " : "view ")
                + name
                + " already exists"
                + (table ? "" : "; CREATE OR REPLACE VIEW replaces it"));
      }
    }
    if (QueryPlanner.countParameters(create.query()) > 0) {
      throw SqlErrors.at(create.query(), ErrorCode.UNSUPPORTED, "a view's query has no parameters");
    }
    PhysicalPlan plan = planner.plan(create.query(), tables, zone, List.of()).plan();
    checkPermanent(create, plan);
    List<OutputColumn> output = plan.output();
    ViewDefinition definition =
        new ViewDefinition(
            create.sql(),
            tables.defaultCatalog(),
            tables.defaultSchema(),
            columns(create, output),
            create.comment());
    tables
        .changing(name)
        .createView(tables.principal(), name.schema(), name.table(), definition, create.replace());
  }

  private static void checkPermanent(Statement.CreateView create, PhysicalPlan plan) {
    if (plan instanceof PhysicalPlan.ScanPlan scan && StatementTables.isTemporary(scan.table())) {
      throw SqlErrors.at(
          create.query(),
          ErrorCode.INVALID_ARGUMENT,
          "all sessions see a view, and only this one sees the temporary table "
              + scan.table().table()
              + "; CREATE TABLE ... AS makes a table of it that lasts");
    }
    plan.inputs().forEach(input -> checkPermanent(create, input));
  }

  private static List<ColumnDefinition> columns(
      Statement.CreateView create, List<OutputColumn> output) {
    if (!create.columns().isEmpty() && create.columns().size() != output.size()) {
      throw SqlErrors.at(
          create.columns().getFirst(),
          ErrorCode.INVALID_ARGUMENT,
          create.columns().size() + " columns are named, but the query gives " + output.size());
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < output.size(); i++) {
      String column =
          create.columns().isEmpty() ? output.get(i).name() : create.columns().get(i).getSimple();
      if (!names.add(column)) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.AMBIGUOUS_NAME,
            "the view has two columns " + column + "; give them names of their own");
      }
      columns.add(
          new ColumnDefinition(column, output.get(i).type(), output.get(i).nullable(), null));
    }
    return columns;
  }
}
