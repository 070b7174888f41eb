package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** One row of a table, for messages. */
final class RowText {
  private static final int MAX_COLUMNS = 4;

  private final Engine engine;
  private final QueryPlanner planner;
  private final StatementTables tables;
  private final QueryContext context;

  RowText(Engine engine, QueryPlanner planner, StatementTables tables, QueryContext context) {
    this.engine = engine;
    this.planner = planner;
    this.tables = tables;
    this.context = context;
  }

  /** The key of the row with that address, or its first columns, as {@code (id = 5)}. */
  String of(ChangeTarget target, long address) {
    List<String> columns = columns(target);
    List<SqlNode> items = new ArrayList<>();
    columns.forEach(column -> items.add(text(target.column(column))));
    SqlNode condition =
        SqlStdOperatorTable.EQUALS.createCall(
            SqlParserPos.ZERO,
            target.address(),
            SqlLiteral.createExactNumeric(Long.toString(address), SqlParserPos.ZERO));
    PhysicalPlan plan =
        planner
            .plan(
                PlanChange.select(items, target.from(), condition),
                tables,
                context.zone(),
                List.of())
            .plan();
    List<String> cells = new ArrayList<>();
    QueryContext without =
        new QueryContext(
            context.principal(),
            context.tables(),
            context
                .parameters()
                .subList(context.parameters().size() - 1, context.parameters().size()),
            context.nowMicros(),
            context.zone());
    try (QueryExecution execution = engine.execute(plan, without)) {
      Draining.drain(execution.results(), batch -> read(batch, columns, cells));
    }
    return "(" + String.join(", ", cells) + ")";
  }

  private static List<String> columns(ChangeTarget target) {
    List<String> key = target.table().definition().primaryKey();
    List<String> all =
        target.columns().stream()
            .filter(column -> !column.type().isNested())
            .map(ColumnDefinition::name)
            .toList();
    List<String> chosen = key.isEmpty() ? all : key;
    return chosen.subList(0, Math.min(MAX_COLUMNS, chosen.size()));
  }

  private static SqlNode text(SqlNode column) {
    return SqlStdOperatorTable.CAST.createCall(
        SqlParserPos.ZERO,
        column,
        new SqlDataTypeSpec(
            new org.apache.calcite.sql.SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, SqlParserPos.ZERO),
            SqlParserPos.ZERO));
  }

  private static void read(Batch batch, List<String> columns, List<String> cells) {
    try (batch) {
      Selection selection = batch.selection();
      for (int i = 0; i < batch.rowCount(); i++) {
        for (int c = 0; c < columns.size(); c++) {
          Object value = Cells.get(batch.column(c), selection == null ? i : selection.get(i));
          cells.add(columns.get(c) + " = " + (value == null ? SqlType.NULL.sql() : value));
        }
      }
    }
  }
}
