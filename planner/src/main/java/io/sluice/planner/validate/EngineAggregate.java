package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.Optionality;

/** An aggregate that the engine's registry defines and Calcite has not. */
final class EngineAggregate extends SqlAggFunction {
  EngineAggregate(String name, AggregateTyping typing) {
    super(
        name,
        null,
        SqlKind.OTHER_FUNCTION,
        typing,
        typing,
        typing,
        SqlFunctionCategory.USER_DEFINED_FUNCTION,
        false,
        false,
        Optionality.FORBIDDEN);
  }
}
