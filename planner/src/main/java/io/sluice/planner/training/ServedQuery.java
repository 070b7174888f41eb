package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.planner.validate.Operators;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * A dataset's SELECT over a table of entities and online tables. An online table holds the latest
 * row of each key; that row is the one that the ASOF join would pick if it satisfies the conditions
 * and these bound nothing but its event time. Every other query of history is refused.
 */
final class ServedQuery {
  private final InferenceChecks checks;
  private final String spine;
  private final TableName entities;
  private final String row;
  private final StatementTables tables;
  private final List<SqlNode> found = new ArrayList<>();

  ServedQuery(
      InferenceChecks checks,
      String spine,
      TableName entities,
      String row,
      StatementTables tables) {
    this.checks = checks;
    this.spine = spine;
    this.entities = entities;
    this.row = row;
    this.tables = tables;
  }

  /** The spine's column that is OBSERVED AT, or "". */
  String observed(DatasetDefinition definition) {
    return definition.observedAt() != null
            && checks.items().get(definition.observedAt()) instanceof SqlIdentifier column
            && column.names.getFirst().equalsIgnoreCase(spine)
        ? column.names.getLast()
        : "";
  }

  SqlSelect select() {
    SqlSelect select = checks.select();
    SqlParserPos place = select.getParserPosition();
    if (select.getGroup() != null || select.isDistinct() || select.getHaving() != null) {
      throw SqlErrors.at(
          select,
          ErrorCode.UNSUPPORTED,
          "its rows are grouped, and no group is there for a key alone; use inference_data");
    }
    checks.items().forEach(this::checkServable);
    if (select.getWhere() != null) {
      checkServable("of WHERE", select.getWhere());
    }
    SqlNode from = from(select.getFrom());
    SqlNodeList items = new SqlNodeList(place);
    items.add(as(new SqlIdentifier(List.of(spine, row), place), row));
    checks.items().forEach((name, item) -> items.add(as(item, name)));
    items.add(as(anyFound(place), ServedDataset.FOUND));
    return Selects.of(place, items, from, select.getWhere());
  }

  private static SqlNode as(SqlNode item, String name) {
    SqlParserPos place = item.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(place, item, new SqlIdentifier(name, place));
  }

  private SqlNode anyFound(SqlParserPos place) {
    return found.stream()
        .reduce((a, b) -> SqlStdOperatorTable.OR.createCall(place, a, b))
        .orElse(SqlLiteral.createBoolean(true, place));
  }

  private void checkServable(String column, SqlNode item) {
    item.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            boolean query = call.getKind().belongsTo(SqlKind.QUERY);
            if (query || Operators.isAggregate(call.getOperator().getName())) {
              throw SqlErrors.at(
                  call,
                  ErrorCode.UNSUPPORTED,
                  "column "
                      + column
                      + " needs many rows of a table ("
                      + (query ? "a sub-query" : call.getOperator().getName())
                      + "), and online tables hold the latest of each key; use inference_data, or"
                      + " keep the figure in a table of its own");
            }
            return super.visit(call);
          }
        });
  }

  private SqlNode from(@Nullable SqlNode from) {
    if (from instanceof SqlJoin join) {
      return join(join);
    }
    if (from == null) {
      throw new AssertionError(spine);
    }
    SqlParserPos place = from.getParserPosition();
    SqlIdentifier table =
        new SqlIdentifier(List.of(entities.catalog(), entities.schema(), entities.table()), place);
    return SqlStdOperatorTable.AS.createCall(place, table, new SqlIdentifier(spine, place));
  }

  private SqlNode join(SqlJoin join) {
    String alias = InferenceChecks.alias(join.getRight());
    if (alias != null && checks.labelTables().contains(alias)) {
      return from(join.getLeft());
    }
    Lookup lookup = new Lookup(join, alias);
    SqlNode left = from(join.getLeft());
    SqlParserPos place = join.getParserPosition();
    SqlIdentifier online =
        new SqlIdentifier(
            List.of(OnlineCatalog.NAME, lookup.lake.schema(), lookup.lake.table()),
            join.getRight().getParserPosition());
    SqlNode right =
        SqlStdOperatorTable.AS.createCall(place, online, new SqlIdentifier(lookup.alias, place));
    found.add(lookup.isFound());
    return new SqlJoin(
        place,
        left,
        SqlLiteral.createBoolean(false, place),
        (lookup.outer ? JoinType.LEFT : JoinType.INNER).symbol(place),
        right,
        JoinConditionType.ON.symbol(place),
        lookup.condition());
  }

  /** A join's right table as a lookup of its latest row by key. */
  private final class Lookup {
    private final SqlJoin join;
    private final String alias;
    private final boolean outer;
    private final boolean asof;
    private final TableName lake;
    private final TableDefinition online;
    private final List<SqlNode> conditions = new ArrayList<>();
    private final Map<String, SqlNode> keys = new LinkedHashMap<>();

    Lookup(SqlJoin join, @Nullable String alias) {
      this.join = join;
      this.asof = join instanceof SqlAsofJoin;
      this.outer =
          switch (join.getJoinType()) {
            case LEFT, LEFT_ASOF -> true;
            case INNER, ASOF -> false;
            default ->
                throw SqlErrors.at(
                    join.getRight(),
                    ErrorCode.UNSUPPORTED,
                    "a table that is joined otherwise than by [LEFT] JOIN ... ON has no row for a"
                        + " key");
          };
      SqlIdentifier name = name(join.getRight());
      this.lake = lakeTable(name);
      this.alias = alias == null ? lake.table() : alias;
      collect();
      this.online = online(name);
      conditions.forEach(this::check);
      checkKey(name);
    }

    private SqlIdentifier name(SqlNode right) {
      SqlNode named =
          right instanceof SqlBasicCall call && call.getKind() == SqlKind.AS
              ? call.operand(0)
              : right;
      if (named instanceof SqlIdentifier name) {
        return name;
      }
      throw SqlErrors.at(
          right,
          ErrorCode.UNSUPPORTED,
          "a sub-query is joined here; a service looks up rows of tables: join the table itself");
    }

    private TableName lakeTable(SqlIdentifier name) {
      Relation relation = null;
      try {
        relation = tables.load(tables.qualify(name.names)).orElse(null);
      } catch (EngineException unknown) {
        // WITH, or a state of a table
      }
      if (relation instanceof Relation.Table table) {
        return table.name();
      }
      throw SqlErrors.at(
          name,
          ErrorCode.UNSUPPORTED,
          name.names.getLast().replaceAll("\u0001.*", "")
              + (relation instanceof Relation.View
                  ? " is a view"
                  : " is no table, or a past state of one")
              + "; a service looks up the latest rows of tables: join the table itself");
    }

    /** The conjuncts of ON and MATCH_CONDITION. */
    private void collect() {
      if (join.getConditionType() == JoinConditionType.USING) {
        throw SqlErrors.at(
            join.getCondition() == null ? join : join.getCondition(),
            ErrorCode.UNSUPPORTED,
            "write the join's condition with ON");
      }
      for (SqlNode part : InferenceChecks.own(join)) {
        if (part instanceof SqlLiteral) {
          continue;
        }
        conjuncts(part);
      }
    }

    private void conjuncts(SqlNode node) {
      if (node instanceof SqlCall call
          && (call.getKind() == SqlKind.AND || call.getOperator().equals(Operators.MATCH))) {
        call.getOperandList().forEach(this::conjuncts);
        return;
      }
      conditions.add(node);
      if (node instanceof SqlCall call && call.getKind() == SqlKind.EQUALS) {
        key(call.operand(0), call.operand(1));
        key(call.operand(1), call.operand(0));
      }
    }

    private void key(SqlNode column, SqlNode value) {
      if (column instanceof SqlIdentifier own && isOwn(own) && columns(value).isEmpty()) {
        keys.put(own.names.getLast(), column);
      }
    }

    private boolean isOwn(SqlIdentifier column) {
      return column.names.size() > 1 && column.names.getFirst().equalsIgnoreCase(alias);
    }

    /** This table's columns in an expression. */
    private Set<String> columns(SqlNode node) {
      Set<String> names = new HashSet<>();
      InferenceChecks.eachColumn(
          node,
          column -> {
            if (isOwn(column)) {
              names.add(column.names.getLast());
            }
          });
      return names;
    }

    private TableDefinition online(SqlIdentifier name) {
      TableName mirror = new TableName(OnlineCatalog.NAME, lake.schema(), lake.table());
      if (tables.load(mirror).orElse(null) instanceof Relation.Table table) {
        return table.definition();
      }
      throw SqlErrors.at(
          name,
          ErrorCode.UNKNOWN_TABLE,
          "there is no online table of " + lake + "; run " + create());
    }

    private String create() {
      String by = String.join(", ", keys.keySet().stream().map(Sql::name).toList());
      return "CREATE ONLINE TABLE " + lake.schema() + "." + lake.table() + " KEY (" + by + ")";
    }

    private void checkKey(SqlIdentifier name) {
      if (!keys.keySet().equals(Set.copyOf(online.primaryKey()))) {
        throw SqlErrors.at(
            name,
            ErrorCode.UNSUPPORTED,
            "online table "
                + lake.schema()
                + "."
                + lake.table()
                + " has the key ("
                + String.join(", ", online.primaryKey())
                + "), and the join compares ("
                + String.join(", ", keys.keySet())
                + "); make it by the join's: CREATE OR REPLACE"
                + create().substring("CREATE".length()));
      }
      if (!asof && online.eventTime() != null) {
        throw SqlErrors.at(
            name,
            ErrorCode.UNSUPPORTED,
            lake
                + " has EVENT TIME and is joined with all of its history; a service has the latest"
                + " row: write ASOF JOIN");
      }
    }

    private void check(SqlNode condition) {
      Set<String> own = columns(condition);
      if (own.isEmpty() || keyed(condition) || !asof) {
        return;
      }
      String time = online.eventTime();
      if (time == null || !own.equals(Set.of(time))) {
        own.remove(String.valueOf(time));
        throw SqlErrors.at(
            condition,
            ErrorCode.UNSUPPORTED,
            "a condition on "
                + alias
                + "."
                + String.join(", ", own)
                + " chooses among rows of history before the latest is taken, and "
                + (time == null
                    ? "the online table has no event time"
                    : "the online table has the latest by " + time + " alone"));
      }
      checkBackward(condition);
    }

    private boolean keyed(SqlNode condition) {
      return condition instanceof SqlCall call
          && call.getKind() == SqlKind.EQUALS
          && call.getOperandList().stream().anyMatch(keys.values()::contains);
    }

    /** The first of MATCH_CONDITION decides which row is taken: it must be the latest. */
    private void checkBackward(SqlNode condition) {
      SqlNode match = ((SqlAsofJoin) join).getMatchCondition();
      SqlNode deciding =
          match instanceof SqlCall all && all.getOperator().equals(Operators.MATCH)
              ? all.operand(0)
              : match;
      if (condition != deciding || !(condition instanceof SqlCall comparison)) {
        return;
      }
      boolean ownFirst = !columns(comparison.operand(0)).isEmpty();
      boolean lower =
          switch (comparison.getKind()) {
            case LESS_THAN, LESS_THAN_OR_EQUAL -> ownFirst;
            default -> !ownFirst;
          };
      if (!lower) {
        throw SqlErrors.at(
            condition,
            ErrorCode.UNSUPPORTED,
            "the join looks ahead, to the next row; an online table has the latest");
      }
    }

    SqlNode condition() {
      SqlParserPos place = join.getParserPosition();
      return conditions.stream()
          .reduce((a, b) -> SqlStdOperatorTable.AND.createCall(place, a, b))
          .orElseThrow();
    }

    SqlNode isFound() {
      SqlParserPos place = join.getParserPosition();
      SqlNode key = new SqlIdentifier(List.of(alias, online.primaryKey().getFirst()), place);
      return SqlStdOperatorTable.IS_NOT_NULL.createCall(place, key);
    }
  }
}
