package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlKind;

/** An infix operator that the engine's registry types. A class of its own, equal to none else. */
final class EngineOperator extends SqlBinaryOperator {
  EngineOperator(String symbol, SqlKind kind, int precedence, RegistryTyping typing) {
    super(symbol, kind, precedence, true, typing, typing, typing);
  }
}
