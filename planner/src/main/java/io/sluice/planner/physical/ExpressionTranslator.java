package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.function.ResolvedFunction;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.validate.EngineFunction;
import io.sluice.planner.validate.Operators;
import io.sluice.planner.validate.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;

/** Scalar expressions of Calcite's as the engine's. */
public final class ExpressionTranslator {
  private static final Set<String> COMPARISONS =
      Set.of("eq", "ne", "lt", "le", "gt", "ge", "is_distinct_from", "is_not_distinct_from");

  private final RexBuilder builder;
  private final int nowParameter;

  /** For expressions that do not read the clock. */
  public ExpressionTranslator(RexBuilder builder) {
    this(builder, -1);
  }

  /**
   * @param nowParameter the parameter that brings the statement's instant, after the statement's
   *     own, or -1 where there is none
   */
  public ExpressionTranslator(RexBuilder builder, int nowParameter) {
    this.builder = builder;
    this.nowParameter = nowParameter;
  }

  RexBuilder builder() {
    return builder;
  }

  /**
   * @throws EngineException UNSUPPORTED for what the engine cannot evaluate
   */
  public Expression translate(RexNode node) {
    return switch (node) {
      case RexInputRef ref -> new Expression.InputRef(ref.getIndex(), type(ref));
      case RexLiteral literal -> Literals.fromRex(literal);
      case RexDynamicParam parameter ->
          new Expression.Parameter(parameter.getIndex(), type(parameter));
      case RexSubQuery query ->
          throw unsupported("a sub-query at this place: " + query.getOperator().getName());
      case RexOver over -> throw unsupported("window functions (" + over.getAggOperator() + ")");
      case RexCall call -> call(call);
      case RexFieldAccess access -> field(access);
      default -> throw unsupported(node.toString());
    };
  }

  List<Expression> translate(List<RexNode> nodes) {
    return nodes.stream().map(this::translate).toList();
  }

  private static EngineException unsupported(String what) {
    return new EngineException(ErrorCode.UNSUPPORTED, "not supported: " + what);
  }

  private static SqlType type(RexNode node) {
    return SqlTypes.fromCalcite(node.getType());
  }

  private Expression call(RexCall call) {
    return switch (call.getKind()) {
      case CAST, REINTERPRET -> cast(call, false);
      case SAFE_CAST -> cast(call, true);
      case CASE -> choice(call);
      case SEARCH -> translate(RexUtil.expandSearch(builder, null, call));
      case AND, OR -> logic(call);
      case EQUALS -> function("eq", call);
      case NOT_EQUALS -> function("ne", call);
      case LESS_THAN -> function("lt", call);
      case LESS_THAN_OR_EQUAL -> function("le", call);
      case GREATER_THAN -> function("gt", call);
      case GREATER_THAN_OR_EQUAL -> function("ge", call);
      case IS_DISTINCT_FROM -> function("is_distinct_from", call);
      case IS_NOT_DISTINCT_FROM -> function("is_not_distinct_from", call);
      case IS_NULL, IS_UNKNOWN -> function("is_null", call);
      case IS_NOT_NULL -> function("is_not_null", call);
      case IS_TRUE -> function("is_true", call);
      case IS_FALSE -> function("is_false", call);
      case IS_NOT_TRUE -> function("is_not_true", call);
      case IS_NOT_FALSE -> function("is_not_false", call);
      case NOT -> function("not", call);
      case PLUS -> function("add", call);
      case MINUS -> function("subtract", call);
      case TIMES -> function("multiply", call);
      case DIVIDE -> function("divide", call);
      case MOD -> function("modulo", call);
      case MINUS_PREFIX -> function("negate", call);
      case PLUS_PREFIX -> translate(call.getOperands().getFirst());
      case COALESCE -> function("coalesce", call);
      case ITEM -> function("element_at", call);
      case LIKE -> function(call.getOperator().getName().toLowerCase(Locale.ROOT), call);
      default -> named(call);
    };
  }

  private Expression field(RexFieldAccess access) {
    if (access.getReferenceExpr() instanceof RexCorrelVariable) {
      throw unsupported("a correlated sub-query like this: " + access);
    }
    Expression row = translate(access.getReferenceExpr());
    Expression place = new Expression.Literal((long) access.getField().getIndex(), SqlType.INTEGER);
    return new Expression.Call(Expression.FIELD, List.of(row, place), type(access));
  }

  private Expression named(RexCall call) {
    if (call.getOperator().equals(Operators.TRY)) {
      return new Expression.Try(translate(call.getOperands().getFirst()));
    }
    if (call.getOperator() instanceof EngineFunction function) {
      return function(function.function(), call);
    }
    return switch (call.getOperator().getName()) {
      case "||" -> function("concat", call);
      case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_DATE" -> convert(now(), type(call));
      default -> function(call.getOperator().getName().toLowerCase(Locale.ROOT), call);
    };
  }

  private Expression now() {
    if (nowParameter < 0) {
      throw unsupported("the current time as a constant");
    }
    return new Expression.Parameter(nowParameter, SqlType.TIMESTAMP_TZ);
  }

  private Expression function(String name, RexCall call) {
    List<Expression> operands = translate(call.getOperands());
    Expression result =
        call(name, COMPARISONS.contains(name) ? Constants.fitted(operands) : operands);
    return convert(result, type(call));
  }

  /** A call of a function of the registry, its arguments converted. */
  static Expression call(String name, List<Expression> arguments) {
    List<SqlType> types = arguments.stream().map(Expression::type).toList();
    ResolvedFunction resolved =
        FunctionRegistry.standard()
            .resolve(name, types)
            .orElseThrow(
                () ->
                    unsupported(
                        name
                            + "("
                            + types.stream().map(SqlType::sql).collect(Collectors.joining(", "))
                            + ")"));
    List<Expression> converted = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      converted.add(convert(arguments.get(i), resolved.argumentTypes().get(i)));
    }
    return new Expression.Call(name, converted, resolved.type());
  }

  /** The same value in another type; a literal NULL just takes the type. */
  static Expression convert(Expression expression, SqlType type) {
    if (expression.type().equals(type) || type.kind() == SqlType.Kind.NULL) {
      return expression;
    }
    if (expression.type().kind() == SqlType.Kind.NULL) {
      return new Expression.Literal(null, type);
    }
    if (expression instanceof Expression.Literal literal) {
      return Constants.converted(literal, type);
    }
    return new Expression.Cast(expression, type, false);
  }

  private Expression cast(RexCall call, boolean safe) {
    Expression input = translate(call.getOperands().getFirst());
    SqlType type = type(call);
    if (!safe) {
      return convert(input, type);
    }
    return input.type().equals(type) ? input : new Expression.Cast(input, type, true);
  }

  private Expression logic(RexCall call) {
    String name = call.getKind().name().toLowerCase(Locale.ROOT);
    List<Expression> arguments = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      arguments.add(convert(translate(operand), SqlType.BOOLEAN));
    }
    return arguments.size() == 1
        ? arguments.getFirst()
        : new Expression.Call(name, arguments, SqlType.BOOLEAN);
  }

  private Expression choice(RexCall call) {
    SqlType type = type(call);
    List<RexNode> operands = call.getOperands();
    List<Expression.Case.Branch> branches = new ArrayList<>();
    for (int i = 0; i + 1 < operands.size(); i += 2) {
      branches.add(
          new Expression.Case.Branch(
              translate(operands.get(i)), convert(translate(operands.get(i + 1)), type)));
    }
    return new Expression.Case(branches, convert(translate(operands.getLast()), type), type);
  }

  /** The type of a column. */
  static SqlType type(RelDataType type) {
    return SqlTypes.fromCalcite(type);
  }
}
