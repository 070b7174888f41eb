package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.ColumnParameters;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A MERGE as a query over a join: the row's address, the number of the clause that fits it first,
 * and the values of every clause, each NULL where its clause is not the one.
 */
final class MergeQuery {
  private static final String PRESENT = "_present";

  private final Statement.Merge merge;
  private final ChangeTarget target;
  private final List<SqlNode> values = new ArrayList<>();
  private final List<SqlType> types = new ArrayList<>();
  private final List<RowChange> kinds = new ArrayList<>();

  MergeQuery(Statement.Merge merge, ChangeTarget target) {
    this.merge = merge;
    this.target = target;
    for (int i = 0; i < merge.clauses().size(); i++) {
      add(merge.clauses().get(i), i);
    }
  }

  private void add(Statement.MergeClause clause, int number) {
    boolean inserts = clause.action() instanceof Statement.MergeInsert;
    if (inserts != (clause.match() == Statement.Match.NOT_MATCHED)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          inserts
              ? "INSERT stands after WHEN NOT MATCHED: other rows are there already"
              : "only INSERT stands after WHEN NOT MATCHED: there is no row to change",
          new SqlPosition(clause.position().getLineNum(), clause.position().getColumnNum()),
          null);
    }
    kinds.add(
        switch (clause.action()) {
          case Statement.MergeDelete ignored -> new RowChange.Delete();
          case Statement.MergeUpdate update ->
              new RowChange.Update(
                  sources(
                      target.places(update.assignments()),
                      update.assignments().stream().map(Statement.Assignment::value).toList(),
                      number));
          case Statement.MergeInsert insert -> {
            List<Integer> places = target.insertPlaces(insert.columns());
            if (places.size() != insert.values().size()) {
              throw SqlErrors.at(
                  insert.values().getFirst(),
                  ErrorCode.INVALID_ARGUMENT,
                  "the table takes "
                      + places.size()
                      + " columns here, but there are "
                      + insert.values().size()
                      + " values");
            }
            yield new RowChange.Insert(sources(places, insert.values(), number));
          }
        });
  }

  private List<Integer> sources(List<Integer> places, List<SqlNode> assigned, int clause) {
    List<Integer> sources = target.noSources();
    for (int i = 0; i < places.size(); i++) {
      SqlType type = target.type(places.get(i));
      sources.set(places.get(i), 2 + values.size());
      values.add(guarded(ColumnParameters.typed(SqlCopy.of(assigned.get(i)), type), clause));
      types.add(type);
    }
    return sources;
  }

  /** The value for the clause's own rows, evaluated for no others. */
  private SqlNode guarded(SqlNode value, int clause) {
    if (SqlUtil.isNullLiteral(value, false)) {
      return value;
    }
    SqlParserPos pos = value.getParserPosition();
    SqlNode chosen =
        SqlStdOperatorTable.EQUALS.createCall(
            pos, number(), SqlLiteral.createExactNumeric(Integer.toString(clause), pos));
    return new SqlCase(
        pos, null, SqlNodeList.of(chosen), SqlNodeList.of(value), SqlLiteral.createNull(pos));
  }

  /** The number of the first clause that fits. */
  private SqlNode number() {
    SqlNodeList conditions = new SqlNodeList(SqlParserPos.ZERO);
    SqlNodeList numbers = new SqlNodeList(SqlParserPos.ZERO);
    for (int i = 0; i < merge.clauses().size(); i++) {
      Statement.MergeClause clause = merge.clauses().get(i);
      SqlNode fits = matches(clause.match(), clause.position());
      if (clause.condition() != null) {
        fits =
            SqlStdOperatorTable.AND.createCall(
                clause.position(), fits, SqlCopy.of(clause.condition()));
      }
      conditions.add(fits);
      numbers.add(SqlLiteral.createExactNumeric(Integer.toString(i), clause.position()));
    }
    return new SqlCase(
        SqlParserPos.ZERO, null, conditions, numbers, SqlLiteral.createNull(SqlParserPos.ZERO));
  }

  private SqlNode matches(Statement.Match match, SqlParserPos pos) {
    SqlNode there = SqlStdOperatorTable.IS_NOT_NULL.createCall(pos, target.address());
    return switch (match) {
      case MATCHED ->
          has(Statement.Match.NOT_MATCHED_BY_SOURCE)
              ? SqlStdOperatorTable.AND.createCall(
                  pos, there, SqlStdOperatorTable.IS_NOT_NULL.createCall(pos, present()))
              : there;
      case NOT_MATCHED -> SqlStdOperatorTable.IS_NULL.createCall(pos, target.address());
      case NOT_MATCHED_BY_SOURCE -> SqlStdOperatorTable.IS_NULL.createCall(pos, present());
    };
  }

  private boolean has(Statement.Match match) {
    return merge.clauses().stream().anyMatch(clause -> clause.match() == match);
  }

  private SqlNode present() {
    return new SqlIdentifier(
        List.of(sourceName().getSimple(), PRESENT), merge.source().getParserPosition());
  }

  /** What the statement calls its source. */
  private SqlIdentifier sourceName() {
    SqlNode source = merge.source();
    if (source.getKind() == SqlKind.AS
        && ((SqlCall) source).operand(1) instanceof SqlIdentifier as) {
      return as;
    }
    if (source instanceof SqlIdentifier table) {
      return new SqlIdentifier(table.names.getLast(), table.getParserPosition());
    }
    throw SqlErrors.at(
        source, ErrorCode.INVALID_ARGUMENT, "the source of a MERGE needs a name: USING (...) AS s");
  }

  /** The source, with a column that is NULL where an outer join has no row of it. */
  private SqlNode markedSource() {
    SqlParserPos pos = merge.source().getParserPosition();
    SqlNode present =
        SqlStdOperatorTable.AS.createCall(
            pos, SqlLiteral.createBoolean(true, pos), new SqlIdentifier(PRESENT, pos));
    SqlNode marked =
        PlanChange.select(
            List.of(SqlIdentifier.star(pos), present), SqlCopy.of(merge.source()), null);
    return SqlStdOperatorTable.AS.createCall(pos, marked, sourceName());
  }

  SqlNode select() {
    boolean bySource = has(Statement.Match.NOT_MATCHED_BY_SOURCE);
    JoinType join =
        has(Statement.Match.NOT_MATCHED)
            ? (bySource ? JoinType.FULL : JoinType.LEFT)
            : (bySource ? JoinType.RIGHT : JoinType.INNER);
    SqlNode from =
        PlanChange.join(
            bySource ? markedSource() : SqlCopy.of(merge.source()),
            join,
            target.from(),
            SqlCopy.of(merge.condition()));
    List<SqlNode> items = new ArrayList<>();
    items.add(target.address());
    items.add(number());
    items.addAll(values);
    return PlanChange.select(items, from, null);
  }

  /** Of the values, which stand behind the address and the number. */
  List<SqlType> types() {
    return types;
  }

  /** By number. */
  List<RowChange> kinds() {
    return kinds;
  }
}
