package io.sluice.engine.plan;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import java.util.List;

/** A number of rows in LIMIT or OFFSET: written in the query, or bound when the plan is run. */
public sealed interface RowCount {
  /** No OFFSET. */
  RowCount NONE = new Fixed(0);

  /** No LIMIT. */
  RowCount ALL = new Fixed(-1);

  /** The number itself; -1 for a limit that lets all rows pass. */
  record Fixed(long rows) implements RowCount {
    @Override
    public String toString() {
      return rows < 0 ? "all" : Long.toString(rows);
    }
  }

  /** The value of a BIGINT parameter. */
  record Bound(int parameter) implements RowCount {
    @Override
    public String toString() {
      return "?" + (parameter + 1);
    }
  }

  /**
   * The number for one execution.
   *
   * @param parameters values by index
   * @throws EngineException INVALID_PARAMETER where a bound value is NULL or negative
   */
  default long rows(List<Expression.Literal> parameters) {
    return switch (this) {
      case Fixed fixed -> fixed.rows();
      case Bound bound -> bound(bound.parameter(), parameters.get(bound.parameter()));
    };
  }

  private static long bound(int parameter, Expression.Literal literal) {
    if (literal.value() instanceof Long rows && rows >= 0) {
      return rows;
    }
    throw new EngineException(
        ErrorCode.INVALID_PARAMETER,
        "parameter "
            + (parameter + 1)
            + ": LIMIT and OFFSET take a number of rows, 0 or more, not "
            + (literal.value() == null ? "NULL" : literal.value()));
  }
}
