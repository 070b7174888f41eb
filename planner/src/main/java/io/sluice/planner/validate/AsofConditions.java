package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/** What an ASOF join's conditions must look like, with the place of what does not. */
final class AsofConditions {
  private static final Set<SqlKind> DECIDING =
      Set.of(
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL);

  private AsofConditions() {}

  /** The conjuncts of MATCH_CONDITION as one call, the deciding one first. */
  static SqlNode match(SqlAsofJoin join) {
    SqlNode condition = join.getMatchCondition();
    if (condition instanceof SqlCall call && call.getOperator().equals(Operators.MATCH)) {
      return condition;
    }
    List<SqlNode> conjuncts = new ArrayList<>();
    conjuncts(condition, conjuncts);
    SqlNode deciding = conjuncts.getFirst();
    if (!deciding.isA(DECIDING)) {
      throw SqlErrors.at(
          deciding,
          ErrorCode.INVALID_ARGUMENT,
          "MATCH_CONDITION must begin with a comparison of a time of one side with a time of the"
              + " other by <, <=, > or >=; further conditions follow with AND");
    }
    return Operators.MATCH.createCall(condition.getParserPosition(), conjuncts);
  }

  private static void conjuncts(SqlNode node, List<SqlNode> into) {
    if (node.getKind() == SqlKind.AND && node instanceof SqlCall call) {
      call.getOperandList().forEach(operand -> conjuncts(operand, into));
    } else {
      into.add(node);
    }
  }

  /**
   * @throws EngineException UNSUPPORTED where a condition has a sub-query
   */
  static void refuseSubQueries(SqlAsofJoin join) {
    refuseSubQueries(join.getMatchCondition(), "MATCH_CONDITION");
    if (join.getCondition() != null) {
      refuseSubQueries(join.getCondition(), "ON");
    }
  }

  private static void refuseSubQueries(SqlNode condition, String clause) {
    condition.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.isA(SqlKind.QUERY)) {
              throw SqlErrors.at(
                  call,
                  ErrorCode.UNSUPPORTED,
                  clause
                      + " of an ASOF JOIN cannot hold a sub-query; put it into the side that it"
                      + " filters, as in LEFT ASOF JOIN (SELECT * FROM r WHERE v IN (SELECT ...)) r,"
                      + " or join its result first");
            }
            return super.visit(call);
          }
        });
  }

  /**
   * Checks that the deciding comparison has one side's columns in one operand and the other's in
   * the other.
   *
   * @param condition MATCH_CONDITION with qualified names
   * @throws EngineException INVALID_ARGUMENT where it does not
   */
  static void checkSides(SqlAsofJoin join, SqlNode condition) {
    SqlCall deciding = ((SqlCall) condition).operand(0);
    Set<String> left = aliases(join.getLeft());
    Set<String> right = aliases(join.getRight());
    Set<String> first = tables(deciding.operand(0));
    Set<String> second = tables(deciding.operand(1));
    boolean apart =
        (left.containsAll(first) && right.containsAll(second))
            || (right.containsAll(first) && left.containsAll(second));
    if (apart && !first.isEmpty() && !second.isEmpty()) {
      return;
    }
    Set<String> known = new HashSet<>(left);
    known.addAll(right);
    if (known.containsAll(first) && known.containsAll(second)) {
      throw SqlErrors.at(
          deciding,
          ErrorCode.INVALID_ARGUMENT,
          "MATCH_CONDITION must begin with a comparison of a time of one side with a time of the"
              + " other, but this has "
              + what(deciding.operand(0), first, left, right)
              + " and "
              + what(deciding.operand(1), second, left, right)
              + "; write it after the deciding comparison, with AND");
    }
  }

  private static String what(
      SqlNode operand, Set<String> tables, Set<String> left, Set<String> right) {
    String sides =
        tables.isEmpty()
            ? "neither side"
            : left.containsAll(tables)
                ? "the left side"
                : right.containsAll(tables) ? "the right side" : "both sides";
    return operand.toString().replace("`", "").replace("\"", "") + " of " + sides;
  }

  /** The names by which columns of a FROM item are qualified, in lower case. */
  private static Set<String> aliases(SqlNode from) {
    Set<String> aliases = new HashSet<>();
    if (from instanceof SqlJoin join) {
      aliases.addAll(aliases(join.getLeft()));
      aliases.addAll(aliases(join.getRight()));
    } else {
      String alias = SqlValidatorUtil.alias(from);
      if (alias != null) {
        aliases.add(alias.toLowerCase(Locale.ROOT));
      }
    }
    return aliases;
  }

  private static Set<String> tables(SqlNode expression) {
    Set<String> tables = new HashSet<>();
    expression.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier identifier) {
            int size = identifier.names.size();
            // a name without a table is of no side that is known here
            tables.add(size < 2 ? "" : identifier.names.get(size - 2).toLowerCase(Locale.ROOT));
            return null;
          }
        });
    return tables;
  }
}
