package io.sluice.planner.statement;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlNode;

/** Procedures. */
final class CallStatement {
  private CallStatement() {}

  /** Rows added. */
  static long run(Statement.Call call, StatementTables tables) {
    String name = call.procedure().names.getLast();
    if (!name.equalsIgnoreCase("register_parquet")) {
      throw SqlErrors.at(
          call.procedure(),
          ErrorCode.UNKNOWN_FUNCTION,
          "there is no procedure " + name + "; there is register_parquet('schema.table', 'path')");
    }
    if (call.arguments().size() != 2) {
      throw SqlErrors.at(
          call.procedure(),
          ErrorCode.INVALID_ARGUMENT,
          "register_parquet takes a table's name and a path, glob or folder");
    }
    List<String> parts = SqlText.name(text(call.arguments().get(0)));
    TableName target = tables.qualifyNew(parts);
    return tables
        .changing(target)
        .registerParquet(
            tables.principal(), target.schema(), target.table(), text(call.arguments().get(1)));
  }

  private static String text(SqlNode node) {
    if (node instanceof SqlCharStringLiteral literal) {
      return literal.getValueAs(String.class);
    }
    throw SqlErrors.at(
        node, ErrorCode.INVALID_ARGUMENT, "register_parquet takes texts in single quotes");
  }
}
