package io.sluice.planner.training;

import io.sluice.planner.validate.Operators;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** The calls of aggregates in a text. */
final class AggregateCalls {
  private AggregateCalls() {}

  /**
   * The first call over one of the columns, else the first that names none of another, else null.
   */
  static @Nullable SqlNode over(SqlNode query, List<String> columns) {
    List<SqlCall> calls = new ArrayList<>();
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.getOperator() instanceof SqlFunction function
                && Operators.isAggregate(function.getName())) {
              calls.add(call);
            }
            return super.visit(call);
          }
        });
    for (SqlCall call : calls) {
      if (columns.stream().anyMatch(column -> names(call, column))) {
        return call;
      }
    }
    return calls.stream().filter(call -> named(call).isEmpty()).findFirst().orElse(null);
  }

  private static boolean names(SqlCall call, String column) {
    return named(call).stream().anyMatch(column::equalsIgnoreCase);
  }

  private static List<String> named(SqlCall call) {
    List<String> names = new ArrayList<>();
    for (SqlNode operand : call.getOperandList()) {
      if (operand != null) {
        operand.accept(
            new SqlBasicVisitor<@Nullable Void>() {
              @Override
              public @Nullable Void visit(SqlIdentifier identifier) {
                if (!identifier.isStar()) {
                  names.add(identifier.names.getLast());
                }
                return null;
              }
            });
      }
    }
    return names;
  }
}
