package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.ConstantFolder;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Values of parameters in the types that the plan expects. */
public final class BoundValues {
  private BoundValues() {}

  /**
   * The values, and after them the statement's instant, which plans read as one more parameter.
   *
   * @throws EngineException INVALID_PARAMETER for a wrong number of values or one that does not
   *     convert
   */
  public static List<Expression.Literal> convert(
      List<Expression.Literal> values, List<SqlType> types, ZoneId zone, long nowMicros) {
    if (values.size() != types.size()) {
      throw new EngineException(
          ErrorCode.INVALID_PARAMETER,
          "the statement has " + types.size() + " parameters, but " + values.size() + " are bound");
    }
    List<Expression.Literal> converted = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      converted.add(convert(i, values.get(i), types.get(i), zone));
    }
    converted.add(new Expression.Literal(nowMicros, SqlType.TIMESTAMP_TZ));
    return converted;
  }

  private static Expression.Literal convert(
      int index, Expression.Literal value, SqlType type, ZoneId zone) {
    if (value.type().equals(type)) {
      return value;
    }
    if (value.value() == null) {
      return new Expression.Literal(null, type);
    }
    try {
      return ConstantFolder.fold(new Expression.Cast(value, type, false), zone);
    } catch (EngineException failure) {
      throw new EngineException(
          ErrorCode.INVALID_PARAMETER,
          "parameter " + (index + 1) + ": " + failure.getMessage(),
          failure);
    }
  }
}
