package io.sluice.planner.service;

import io.sluice.engine.connector.TableName;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.Session;
import io.sluice.planner.validate.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * A query with parameters as one query for many entities: a table of them stands first in FROM, its
 * columns in the parameters' place, and its row number is the first column of the result. Joins
 * that keep their left rows or drop them give the same for each entity as the query with its
 * values; what groups, sorts, or hides its parameters in sub-queries is not rewritten.
 */
final class EntityQuery {
  /** The table of entities; no text can hold the name. */
  static final TableName ENTITIES =
      new TableName(Session.DEFAULT_CATALOG, Session.DEFAULT_SCHEMA, "$entities");

  /** The number of an entity. */
  static final String ROW = "$row";

  private EntityQuery() {}

  /** A parameter's column of the table of entities. */
  static String column(int parameter) {
    return "$p" + parameter;
  }

  /**
   * The query for many entities, or empty where it cannot be written so; the argument must not be
   * used afterwards.
   *
   * @param parameterOf the parameter of a mark by the mark's number
   */
  static Optional<SqlNode> of(SqlNode query, IntFunction<Integer> parameterOf) {
    if (!(query instanceof SqlSelect select) || !isPlain(select)) {
      return Optional.empty();
    }
    List<@Nullable String> aliases = new ArrayList<>();
    SqlNode from = select.getFrom();
    if (from != null && !collect(from, aliases)) {
      return Optional.empty();
    }
    SqlNodeList items = items(select.getSelectList(), aliases);
    if (items == null) {
      return Optional.empty();
    }
    SqlParserPos place = select.getParserPosition();
    SqlIdentifier entities =
        new SqlIdentifier(List.of(ENTITIES.catalog(), ENTITIES.schema(), ENTITIES.table()), place);
    select.setSelectList(items);
    select.setFrom(from == null ? entities : first(entities, from));
    SqlNode rewritten =
        select.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlDynamicParam mark) {
                return new SqlIdentifier(
                    List.of(ENTITIES.table(), column(parameterOf.apply(mark.getIndex()))),
                    mark.getParserPosition());
              }
            });
    return Optional.ofNullable(rewritten);
  }

  /** Whether each row of the result comes from one row of FROM. */
  private static boolean isPlain(SqlSelect select) {
    boolean shaped =
        select.isDistinct()
            || select.getGroup() != null
            || select.getHaving() != null
            || select.getQualify() != null
            || (select.getOrderList() != null && !select.getOrderList().isEmpty())
            || select.getFetch() != null
            || select.getOffset() != null
            || !select.getWindowList().isEmpty();
    if (shaped) {
      return false;
    }
    boolean[] plain = {true};
    SqlBasicVisitor<@Nullable Void> visitor =
        new SqlBasicVisitor<>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.getKind().belongsTo(SqlKind.QUERY)) {
              plain[0] &= QueryPlanner.countParameters(call) == 0;
              return null;
            }
            plain[0] &=
                call.getKind() != SqlKind.OVER
                    && !Operators.isAggregate(call.getOperator().getName());
            return super.visit(call);
          }
        };
    select.getSelectList().accept(visitor);
    if (select.getWhere() != null) {
      select.getWhere().accept(visitor);
    }
    if (select.getFrom() != null) {
      select.getFrom().accept(visitor);
    }
    return plain[0];
  }

  /** Collects the aliases of FROM; false where a row of the entities in front would not be kept. */
  private static boolean collect(SqlNode from, List<@Nullable String> aliases) {
    return switch (from) {
      case SqlJoin join -> {
        boolean keeps =
            switch (join.getJoinType()) {
              case INNER, LEFT, CROSS, COMMA, ASOF, LEFT_ASOF -> true;
              default -> false;
            };
        yield keeps && collect(join.getLeft(), aliases) && collectOne(join.getRight(), aliases);
      }
      default -> collectOne(from, aliases);
    };
  }

  private static boolean collectOne(SqlNode node, List<@Nullable String> aliases) {
    if (node instanceof SqlJoin join) {
      // a join in parentheses: its own affair, as no entity stands in it
      return QueryPlanner.countParameters(join) == 0 && collectAll(join, aliases);
    }
    aliases.add(alias(node));
    return true;
  }

  private static boolean collectAll(SqlNode node, List<@Nullable String> aliases) {
    if (node instanceof SqlJoin join) {
      return collectAll(join.getLeft(), aliases) && collectAll(join.getRight(), aliases);
    }
    aliases.add(alias(node));
    return true;
  }

  private static @Nullable String alias(SqlNode node) {
    return switch (node) {
      case SqlIdentifier name -> name.names.getLast();
      case SqlSnapshot snapshot -> alias(snapshot.getTableRef());
      case SqlBasicCall call when call.getKind() == SqlKind.AS ->
          ((SqlIdentifier) call.operand(1)).getSimple();
      default -> null;
    };
  }

  /** The row number, then the items, a star as the stars of the tables that it stood for. */
  private static @Nullable SqlNodeList items(SqlNodeList list, List<@Nullable String> aliases) {
    SqlParserPos place = list.getParserPosition();
    SqlNodeList items = new SqlNodeList(place);
    items.add(new SqlIdentifier(List.of(ENTITIES.table(), ROW), place));
    for (SqlNode item : list) {
      if (!(item instanceof SqlIdentifier star) || !star.isStar() || star.names.size() > 1) {
        items.add(item);
        continue;
      }
      for (String alias : aliases) {
        if (alias == null) {
          return null;
        }
        items.add(
            SqlIdentifier.star(
                List.of(alias, ""),
                star.getParserPosition(),
                List.of(star.getParserPosition(), star.getParserPosition())));
      }
    }
    return items;
  }

  private static SqlNode first(SqlIdentifier entities, SqlNode from) {
    if (from instanceof SqlJoin join) {
      join.setLeft(first(entities, join.getLeft()));
      return join;
    }
    SqlParserPos place = from.getParserPosition();
    return new SqlJoin(
        place,
        entities,
        SqlLiteral.createBoolean(false, place),
        JoinType.CROSS.symbol(place),
        from,
        JoinConditionType.NONE.symbol(place),
        null);
  }
}
