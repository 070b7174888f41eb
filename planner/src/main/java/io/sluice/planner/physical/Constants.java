package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.expression.ConstantFolder;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Numbers written in a query, in the types of what they meet. */
final class Constants {
  private Constants() {}

  /** The literal in another type; a cast where it does not convert or depends on the zone. */
  static Expression converted(Expression.Literal literal, SqlType type) {
    if (literal.value() == null) {
      return new Expression.Literal(null, type);
    }
    if (literal.type().isNumeric() && type.isNumeric()) {
      Optional<Expression.Literal> folded = folded(literal, type);
      if (folded.isPresent()) {
        return folded.get();
      }
    }
    return new Expression.Cast(literal, type, false);
  }

  private static Optional<Expression.Literal> folded(Expression.Literal literal, SqlType type) {
    try {
      return Optional.of(
          ConstantFolder.fold(new Expression.Cast(literal, type, false), ZoneOffset.UTC));
    } catch (EngineException unfoldable) {
      return Optional.empty();
    }
  }

  /**
   * The operands of a comparison in which an exact number takes the type of the other side where
   * that type holds it: the other side, often a column, then needs no conversion.
   */
  static List<Expression> fitted(List<Expression> operands) {
    if (operands.size() != 2) {
      return operands;
    }
    Expression a = operands.get(0);
    Expression b = operands.get(1);
    return List.of(fitted(a, b), fitted(b, a));
  }

  private static Expression fitted(Expression operand, Expression other) {
    boolean candidate =
        operand instanceof Expression.Literal
            && !(other instanceof Expression.Literal)
            && exact(operand.type())
            && exact(other.type())
            && !operand.type().equals(other.type());
    if (!candidate || !(operand instanceof Expression.Literal literal)) {
      return operand;
    }
    return folded(literal, other.type())
        .filter(
            fit ->
                fit.value() != null && number(fit.value()).compareTo(number(literal.value())) == 0)
        .map(Expression.class::cast)
        .orElse(operand);
  }

  private static boolean exact(SqlType type) {
    return type.isInteger() || type.kind() == SqlType.Kind.DECIMAL;
  }

  private static BigDecimal number(@Nullable Object value) {
    return value instanceof BigDecimal decimal
        ? decimal
        : value instanceof Long integer ? BigDecimal.valueOf(integer) : BigDecimal.ZERO;
  }
}
