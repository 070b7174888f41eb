package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;

/** The name in FROM that stands for a call of a table function. */
final class CallName extends SqlIdentifier {
  private final SqlCall call;

  CallName(SqlCall call) {
    super(name(call), call.getParserPosition());
    this.call = call;
  }

  private static String name(SqlCall call) {
    return "$call:"
        + call.getParserPosition().getLineNum()
        + ":"
        + call.getParserPosition().getColumnNum();
  }

  SqlCall call() {
    return call;
  }
}
