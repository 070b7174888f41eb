package io.sluice.planner.statement;

import io.sluice.engine.connector.RowChange;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.physical.RowConversion;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Makes of a statement that changes rows the query that finds them and their new values. */
final class PlanChange {
  private final QueryPlanner planner;
  private final StatementTables tables;
  private final ZoneId zone;
  private final List<SqlType> bound;

  /**
   * @param bound types of the parameters, empty where none is bound yet
   */
  PlanChange(QueryPlanner planner, StatementTables tables, ZoneId zone, List<SqlType> bound) {
    this.planner = planner;
    this.tables = tables;
    this.zone = zone;
    this.bound = List.copyOf(bound);
  }

  PlannedChange of(Statement.Change change) {
    return switch (change) {
      case Statement.Delete delete -> delete(delete);
      case Statement.Update update -> update(update);
      case Statement.Merge merge -> merge(merge);
    };
  }

  private PlannedChange delete(Statement.Delete delete) {
    ChangeTarget target = ChangeTarget.of(delete.table(), delete.alias(), tables);
    SqlNode query =
        select(List.of(target.address()), target.from(), SqlCopy.ofNullable(delete.condition()));
    QueryPlanner.Planned planned = planner.plan(query, tables, zone, bound);
    return new PlannedChange(
        target,
        planned.plan(),
        delete.condition() == null
            ? PlannedChange.Finding.ALL_ROWS
            : PlannedChange.Finding.ADDRESSES,
        List.of(),
        planned.parameters());
  }

  private PlannedChange update(Statement.Update update) {
    ChangeTarget target = ChangeTarget.of(update.table(), update.alias(), tables);
    List<Integer> places = target.places(update.assignments());
    List<SqlNode> items = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    List<Integer> sources = target.noSources();
    items.add(target.address());
    for (int i = 0; i < places.size(); i++) {
      items.add(SqlCopy.of(update.assignments().get(i).value()));
      types.add(target.type(places.get(i)));
      sources.set(places.get(i), 2 + i);
    }
    SqlNode from = target.from();
    if (update.from() != null) {
      from = join(from, JoinType.COMMA, SqlCopy.of(update.from()), null);
    }
    List<SqlType> expected = new ArrayList<>(types);
    expected.addFirst(SqlType.BIGINT);
    SqlNode query = select(items, from, SqlCopy.ofNullable(update.condition()));
    QueryPlanner.Planned planned = planner.planRows(query, tables, zone, bound, expected);
    return new PlannedChange(
        target,
        RowConversion.changes(planned.plan(), types, false),
        PlannedChange.Finding.CHANGES,
        List.of(new RowChange.Update(sources)),
        planned.parameters());
  }

  private PlannedChange merge(Statement.Merge merge) {
    ChangeTarget target = ChangeTarget.of(merge.table(), merge.alias(), tables);
    MergeQuery query = new MergeQuery(merge, target);
    QueryPlanner.Planned planned = planner.plan(query.select(), tables, zone, bound);
    return new PlannedChange(
        target,
        RowConversion.changes(planned.plan(), query.types(), true),
        PlannedChange.Finding.CHANGES,
        query.kinds(),
        planned.parameters());
  }

  static SqlSelect select(List<SqlNode> items, SqlNode from, @Nullable SqlNode condition) {
    return Selects.of(
        from.getParserPosition(),
        new SqlNodeList(items, from.getParserPosition()),
        from,
        condition);
  }

  static SqlNode join(SqlNode left, JoinType type, SqlNode right, @Nullable SqlNode condition) {
    SqlParserPos pos = right.getParserPosition();
    return new SqlJoin(
        pos,
        left,
        SqlLiteral.createBoolean(false, pos),
        type.symbol(pos),
        right,
        (condition == null ? JoinConditionType.NONE : JoinConditionType.ON).symbol(pos),
        condition);
  }
}
