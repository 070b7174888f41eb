package io.sluice.planner.service;

import io.sluice.planner.parse.NamedParameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * What a query's parameters are called: {@code :name} by its name, a {@code ?} by the column that
 * it is compared with, else {@code p} and its number. A name stands for one parameter, however
 * often it is written; a {@code ?} is a parameter of its own each time.
 */
final class ParameterNames {
  private ParameterNames() {}

  /** Names by the number of the mark in the text. */
  static List<String> of(SqlNode query) {
    Map<Integer, String> written = new TreeMap<>();
    Map<Integer, String> compared = new HashMap<>();
    query.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam mark) {
            written.put(mark.getIndex(), mark instanceof NamedParameter named ? named.name() : "");
            return null;
          }

          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.getKind().belongsTo(SqlKind.COMPARISON)) {
              column(call.getOperandList(), compared);
            }
            return super.visit(call);
          }
        });
    Set<String> taken = new HashSet<>();
    written.values().forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
    List<String> names = new ArrayList<>();
    written.forEach(
        (mark, name) -> {
          if (!name.isEmpty()) {
            names.add(name);
            return;
          }
          String column = compared.get(mark);
          boolean free = column != null && taken.add(column.toLowerCase(Locale.ROOT));
          names.add(free && column != null ? column : "p" + (mark + 1));
        });
    return names;
  }

  private static void column(List<SqlNode> operands, Map<Integer, String> compared) {
    String column = null;
    for (SqlNode operand : operands) {
      if (operand instanceof SqlIdentifier identifier) {
        column = identifier.names.getLast();
      }
    }
    for (SqlNode operand : operands) {
      if (column != null && operand instanceof SqlDynamicParam mark) {
        compared.put(mark.getIndex(), column);
      }
    }
  }
}
