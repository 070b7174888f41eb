package io.sluice.planner;

import io.sluice.engine.type.SqlType;
import io.sluice.planner.validate.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Parameters that stand for whole columns of rows to be written take the columns' types. */
public final class ColumnParameters {
  private static final SqlTypes TYPES = new SqlTypes();

  private ColumnParameters() {}

  /** VALUES or SELECT with such parameters as casts; any other query as it is. */
  static SqlNode typed(SqlNode rows, List<SqlType> columns) {
    if (rows.getKind() == SqlKind.VALUES && rows instanceof SqlBasicCall values) {
      List<SqlNode> typed = new ArrayList<>();
      for (SqlNode row : values.getOperandList()) {
        typed.add(
            row instanceof SqlBasicCall call
                ? call.getOperator()
                    .createCall(call.getParserPosition(), list(call.getOperandList(), columns))
                : row);
      }
      return values.getOperator().createCall(values.getParserPosition(), typed);
    }
    if (rows instanceof SqlSelect select && select.getSelectList() != null) {
      SqlNodeList items = select.getSelectList();
      select.setSelectList(new SqlNodeList(list(items, columns), items.getParserPosition()));
    }
    return rows;
  }

  private static List<SqlNode> list(List<SqlNode> nodes, List<SqlType> columns) {
    List<SqlNode> typed = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      typed.add(i < columns.size() ? typed(nodes.get(i), columns.get(i)) : nodes.get(i));
    }
    return typed;
  }

  /** A parameter that is all of a column's value, as a cast; any other value as it is. */
  public static SqlNode typed(SqlNode value, SqlType column) {
    return value instanceof SqlDynamicParam && castable(column)
        ? SqlStdOperatorTable.CAST.createCall(
            value.getParserPosition(),
            value,
            SqlTypeUtil.convertTypeToSpec(SqlTypes.toCalcite(column, true, TYPES)))
        : value;
  }

  private static boolean castable(SqlType type) {
    return !type.isNested()
        && type.kind() != SqlType.Kind.INTERVAL_MICROS
        && type.kind() != SqlType.Kind.INTERVAL_MONTHS;
  }
}
