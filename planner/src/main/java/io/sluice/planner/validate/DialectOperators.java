package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlBinaryOperator;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/** What the parser makes of syntax that is not Calcite's; {@link Desugar} replaces all of it. */
public final class DialectOperators {
  private static final int TIGHT = 94;
  private static final int ZONE = 70;

  private DialectOperators() {}

  /** {@code x::type}. */
  public static final SqlBinaryOperator INFIX_CAST = binary("::", TIGHT);

  /** {@code x AT TIME ZONE zone}. */
  public static final SqlBinaryOperator AT_TIME_ZONE = binary("AT TIME ZONE", ZONE);

  /** Marks the version of {@code FOR VERSION AS OF}. */
  public static final SqlOperator VERSION = function("$VERSION");

  /** {@code GROUP BY ALL}. */
  public static final SqlOperator GROUP_BY_ALL = function("$GROUP_BY_ALL");

  private static SqlBinaryOperator binary(String name, int precedence) {
    return new SqlBinaryOperator(
        name,
        SqlKind.OTHER,
        precedence,
        true,
        ReturnTypes.ARG0,
        InferTypes.FIRST_KNOWN,
        OperandTypes.ANY_ANY);
  }

  private static SqlOperator function(String name) {
    return new SqlFunction(
        name,
        SqlKind.OTHER_FUNCTION,
        ReturnTypes.BOOLEAN,
        null,
        OperandTypes.VARIADIC,
        SqlFunctionCategory.SYSTEM);
  }
}
