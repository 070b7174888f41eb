package io.sluice.connectors.iceberg.scan;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Says a filter, or what of it can be said, in Iceberg's expressions: they are true wherever the
 * filter is. They serve to skip files and nothing else. Iceberg keeps NaN out of bounds and orders
 * -0.0 before 0.0, so comparisons of floats are widened to mean what they mean in SQL.
 *
 * <p>Iceberg finds columns by name in a schema of its choice, in which a column may have had
 * another name, or its name may be another's: so columns are named as that schema does.
 */
final class FilterTranslation {
  private final List<String> columns;
  private final Schema schema;
  private final Schema bindingSchema;
  private boolean exact = true;

  /**
   * @param columns that the filter's inputs are
   * @param schema that names these columns
   * @param bindingSchema that Iceberg binds the translation to
   */
  FilterTranslation(List<String> columns, Schema schema, Schema bindingSchema) {
    this.columns = columns;
    this.schema = schema;
    this.bindingSchema = bindingSchema;
  }

  org.apache.iceberg.expressions.Expression translate(@Nullable Expression filter) {
    org.apache.iceberg.expressions.Expression known =
        filter == null ? null : condition(filter, false);
    exact &= filter == null || known != null;
    return known == null ? Expressions.alwaysTrue() : known;
  }

  /** Whether all that was translated is true for the same rows as its translation. */
  boolean isExact() {
    return exact;
  }

  /**
   * @param negated whether NOT stands before it; SQL's NULL is neither, so that comparisons and
   *     connectives turn into their opposites
   * @return null where nothing can be said
   */
  private org.apache.iceberg.expressions.@Nullable Expression condition(
      Expression expression, boolean negated) {
    if (expression instanceof Expression.Literal literal) {
      boolean truth = Boolean.TRUE.equals(literal.value());
      boolean falsity = Boolean.FALSE.equals(literal.value());
      return (negated ? falsity : truth) ? Expressions.alwaysTrue() : Expressions.alwaysFalse();
    }
    if (!(expression instanceof Expression.Call call)) {
      String column = booleanColumn(expression);
      return column == null ? null : Expressions.equal(column, !negated);
    }
    return switch (call.function()) {
      case "and" -> negated ? any(call.arguments(), true) : all(call.arguments(), false);
      case "or" -> negated ? all(call.arguments(), true) : any(call.arguments(), false);
      case "not" -> condition(call.arguments().getFirst(), !negated);
      case "is_null" -> isNull(call.arguments().getFirst(), !negated);
      case "is_not_null" -> isNull(call.arguments().getFirst(), negated);
      case "eq", "ne", "lt", "le", "gt", "ge" ->
          comparison(negated ? opposite(call.function()) : call.function(), call.arguments());
      default -> null;
    };
  }

  private @Nullable String booleanColumn(Expression expression) {
    return expression.type().equals(SqlType.BOOLEAN) ? column(expression) : null;
  }

  private org.apache.iceberg.expressions.@Nullable Expression all(
      List<Expression> conjuncts, boolean negated) {
    org.apache.iceberg.expressions.Expression result = null;
    for (Expression conjunct : conjuncts) {
      org.apache.iceberg.expressions.Expression one = condition(conjunct, negated);
      if (one == null) {
        exact = false;
      } else {
        result = result == null ? one : Expressions.and(result, one);
      }
    }
    return result;
  }

  private org.apache.iceberg.expressions.@Nullable Expression any(
      List<Expression> disjuncts, boolean negated) {
    org.apache.iceberg.expressions.Expression result = Expressions.alwaysFalse();
    for (Expression disjunct : disjuncts) {
      org.apache.iceberg.expressions.Expression one = condition(disjunct, negated);
      if (one == null) {
        return null;
      }
      result = Expressions.or(result, one);
    }
    return result;
  }

  private org.apache.iceberg.expressions.@Nullable Expression isNull(
      Expression expression, boolean wanted) {
    String column = column(expression);
    if (column == null) {
      return null;
    }
    return wanted ? Expressions.isNull(column) : Expressions.notNull(column);
  }

  /** The stored column that an expression is, by the name that Iceberg binds, or null. */
  private @Nullable String column(Expression expression) {
    if (!(expression instanceof Expression.InputRef ref)) {
      return null;
    }
    Types.NestedField field = schema.asStruct().field(columns.get(ref.column()));
    Types.NestedField bound =
        field == null ? null : bindingSchema.asStruct().field(field.fieldId());
    // a dot would be taken for a path
    return field != null
            && bound != null
            && field.type().isPrimitiveType()
            && comparable(field.type(), bound.type())
            && bindingSchema.findField(bound.name()).fieldId() == bound.fieldId()
        ? bound.name()
        : null;
  }

  /** Whether a literal of the one type keeps its value as one of the other. */
  private static boolean comparable(Type type, Type bound) {
    return type.equals(bound) || (isInteger(type) && isInteger(bound));
  }

  private static boolean isInteger(Type type) {
    return type.typeId() == Type.TypeID.INTEGER || type.typeId() == Type.TypeID.LONG;
  }

  private org.apache.iceberg.expressions.@Nullable Expression comparison(
      String function, List<Expression> arguments) {
    Expression left = arguments.get(0);
    Expression right = arguments.get(1);
    if (left instanceof Expression.Literal) {
      return comparison(mirrored(function), List.of(right, left));
    }
    String column = column(left);
    if (column == null
        || !(right instanceof Expression.Literal literal)
        || !comparable(left.type(), literal.type())) {
      return null;
    }
    Object value = literal.value();
    if (value == null) {
      return Expressions.alwaysFalse();
    }
    if (left.type().equals(SqlType.UUID)) {
      // Iceberg orders literals as signed numbers and bounds as bytes
      return null;
    }
    if (left.type().isFloating()) {
      exact = false;
      return floating(function, column, ((Number) value).doubleValue(), left.type());
    }
    // to Iceberg, NULL is another value
    exact &= !function.equals("ne");
    Literal<Object> stored = literal(value, left.type());
    return switch (function) {
      case "eq" -> Expressions.predicate(operation("eq"), column, stored);
      case "ne", "lt", "le", "gt", "ge" ->
          Expressions.predicate(operation(function), column, stored);
      default -> null;
    };
  }

  private static boolean comparable(SqlType column, SqlType literal) {
    return column.equals(literal) || (column.isInteger() && literal.isInteger());
  }

  private static org.apache.iceberg.expressions.@Nullable Expression floating(
      String function, String column, double value, SqlType type) {
    if (Double.isNaN(value)) {
      return switch (function) {
        case "eq", "ge" -> Expressions.isNaN(column);
        default -> null;
      };
    }
    double low = value == 0 ? -0.0 : value;
    double high = value == 0 ? 0.0 : value;
    if (type.equals(SqlType.REAL) && (float) value != value) {
      return null;
    }
    return switch (function) {
      case "eq" ->
          Expressions.and(predicate("ge", column, low, type), predicate("le", column, high, type));
      case "lt" -> predicate("lt", column, low, type);
      case "le" -> predicate("le", column, high, type);
      case "gt" -> Expressions.or(predicate("gt", column, low, type), Expressions.isNaN(column));
      case "ge" -> Expressions.or(predicate("ge", column, low, type), Expressions.isNaN(column));
      default -> null;
    };
  }

  private static org.apache.iceberg.expressions.Expression predicate(
      String function, String column, double value, SqlType type) {
    Literal<?> literal =
        type.equals(SqlType.REAL) ? Expressions.lit((float) value) : Expressions.lit(value);
    return Expressions.predicate(operation(function), column, literal);
  }

  @SuppressWarnings("unchecked")
  private static Literal<Object> literal(Object value, SqlType type) {
    Literal<?> literal =
        switch (type) {
          case SqlType.Timestamp timestamp when timestamp.precision() == 9 ->
              Expressions.nanos((Long) value);
          case SqlType.Timestamp ignored -> Expressions.micros((Long) value);
          default ->
              Expressions.lit(value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value);
        };
    return (Literal<Object>) literal;
  }

  private static org.apache.iceberg.expressions.Expression.Operation operation(String function) {
    return switch (function) {
      case "eq" -> org.apache.iceberg.expressions.Expression.Operation.EQ;
      case "ne" -> org.apache.iceberg.expressions.Expression.Operation.NOT_EQ;
      case "lt" -> org.apache.iceberg.expressions.Expression.Operation.LT;
      case "le" -> org.apache.iceberg.expressions.Expression.Operation.LT_EQ;
      case "gt" -> org.apache.iceberg.expressions.Expression.Operation.GT;
      case "ge" -> org.apache.iceberg.expressions.Expression.Operation.GT_EQ;
      default -> throw new AssertionError(function);
    };
  }

  private static String opposite(String function) {
    return switch (function) {
      case "eq" -> "ne";
      case "ne" -> "eq";
      case "lt" -> "ge";
      case "le" -> "gt";
      case "gt" -> "le";
      case "ge" -> "lt";
      default -> throw new AssertionError(function);
    };
  }

  private static String mirrored(String function) {
    return switch (function) {
      case "lt" -> "gt";
      case "le" -> "ge";
      case "gt" -> "lt";
      case "ge" -> "le";
      default -> function;
    };
  }

  /** The top-level conjuncts of a filter. */
  static List<Expression> conjuncts(@Nullable Expression filter) {
    List<Expression> conjuncts = new ArrayList<>();
    if (filter instanceof Expression.Call call && call.function().equals("and")) {
      call.arguments().forEach(argument -> conjuncts.addAll(conjuncts(argument)));
    } else if (filter != null) {
      conjuncts.add(filter);
    }
    return conjuncts;
  }
}
