package io.sluice.planner.training;

import io.sluice.engine.ErrorCode;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A dataset's query with another relation in place of its spine, the first table of its FROM.
 *
 * @param query the query, in which {@link #KEYS} stands for the spine
 * @param rows a query for all of the spine's own columns
 * @param alias by which the query's expressions name the spine
 */
record InferenceSpine(SqlNode query, SqlNode rows, String alias) {
  /** The name that stands for the spine. */
  static final String KEYS = "$keys";

  /** What stood first, and its alias where it has one. */
  private record First(SqlNode node, @Nullable String alias) {}

  /**
   * Takes the query apart; it must not be used afterwards.
   *
   * @throws io.sluice.engine.EngineException UNSUPPORTED where no one table comes first
   */
  static InferenceSpine of(SqlNode query) {
    return switch (query) {
      case SqlOrderBy order -> {
        InferenceSpine inner = of(order.query);
        yield new InferenceSpine(
            new SqlOrderBy(
                order.getParserPosition(), inner.query, order.orderList, order.offset, order.fetch),
            inner.rows,
            inner.alias);
      }
      case SqlWith with -> {
        InferenceSpine inner = of(with.body);
        yield new InferenceSpine(with(with, inner.query), with(with, inner.rows), inner.alias);
      }
      case SqlSelect select when select.getFrom() != null -> ofSelect(select, select.getFrom());
      case SqlCall call ->
          throw SqlErrors.at(
              call,
              ErrorCode.UNSUPPORTED,
              "the rows of the dataset come from no one table but from a "
                  + call.getOperator().getName()
                  + ", so that other keys cannot take its place");
      default -> throw SqlErrors.at(query, ErrorCode.UNSUPPORTED, "the dataset reads no table");
    };
  }

  private static SqlWith with(SqlWith with, SqlNode body) {
    return new SqlWith(with.getParserPosition(), with.withList, body);
  }

  private static InferenceSpine ofSelect(SqlSelect select, SqlNode from) {
    List<First> found = new ArrayList<>();
    select.setFrom(replaced(from, found));
    First first = found.getFirst();
    String alias = first.alias();
    if (alias == null) {
      throw SqlErrors.at(
          first.node(), ErrorCode.UNSUPPORTED, "the dataset's first table needs a name: AS f");
    }
    SqlParserPos place = first.node().getParserPosition();
    SqlNode rows = Selects.of(place, SqlNodeList.of(SqlIdentifier.star(place)), first.node(), null);
    return new InferenceSpine(select, rows, alias);
  }

  private static SqlNode replaced(SqlNode from, List<First> found) {
    if (from instanceof SqlJoin join) {
      join.setLeft(replaced(join.getLeft(), found));
      return join;
    }
    if (from instanceof SqlBasicCall call && call.getKind() == SqlKind.AS) {
      if (call.operandCount() > 2) {
        throw SqlErrors.at(
            call,
            ErrorCode.UNSUPPORTED,
            "the dataset's first table has other names for its columns; name them in a sub-query");
      }
      found.add(new First(call.operand(0), ((SqlIdentifier) call.operand(1)).getSimple()));
    } else {
      found.add(new First(from, lastName(from)));
    }
    First first = found.getFirst();
    SqlParserPos place = from.getParserPosition();
    return SqlStdOperatorTable.AS.createCall(
        place,
        new SqlIdentifier(KEYS, place),
        new SqlIdentifier(first.alias() == null ? KEYS : first.alias(), place));
  }

  private static @Nullable String lastName(SqlNode node) {
    return switch (node) {
      case SqlIdentifier name -> name.names.getLast();
      case SqlSnapshot snapshot -> lastName(snapshot.getTableRef());
      // a sub-query without a name: its columns are written without one, too
      default -> KEYS;
    };
  }
}
