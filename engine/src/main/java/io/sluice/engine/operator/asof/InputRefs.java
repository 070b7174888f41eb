package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Rewrites the columns that expressions read. */
final class InputRefs {
  private InputRefs() {}

  /** The columns that any of the expressions reads. */
  static SortedSet<Integer> of(List<Expression> expressions) {
    SortedSet<Integer> columns = new TreeSet<>();
    for (Expression expression : expressions) {
      replace(
          expression,
          ref -> {
            columns.add(ref.column());
            return ref;
          });
    }
    return columns;
  }

  /** The expression over the inputs of {@code outputs}, of which it reads column by column. */
  static Expression inline(Expression expression, List<Expression> outputs) {
    return replace(expression, ref -> outputs.get(ref.column()));
  }

  /** The expression with column {@code i} at {@code i + by}. */
  static Expression shift(Expression expression, int by) {
    return replace(expression, ref -> new Expression.InputRef(ref.column() + by, ref.type()));
  }

  /** The expression over {@code columns}, a choice of its input's columns. */
  static Expression over(Expression expression, List<Integer> columns) {
    return replace(
        expression, ref -> new Expression.InputRef(columns.indexOf(ref.column()), ref.type()));
  }

  private static Expression replace(
      Expression expression, Function<Expression.InputRef, Expression> change) {
    return switch (expression) {
      case Expression.InputRef ref -> change.apply(ref);
      case Expression.Literal literal -> literal;
      case Expression.Parameter parameter -> parameter;
      case Expression.Call call ->
          new Expression.Call(call.function(), replace(call.arguments(), change), call.type());
      case Expression.Cast cast ->
          new Expression.Cast(replace(cast.input(), change), cast.type(), cast.safe());
      case Expression.Case choice ->
          new Expression.Case(
              choice.branches().stream()
                  .map(
                      branch ->
                          new Expression.Case.Branch(
                              replace(branch.condition(), change),
                              replace(branch.result(), change)))
                  .toList(),
              replace(choice.otherwise(), change),
              choice.type());
      case Expression.Try attempt -> new Expression.Try(replace(attempt.input(), change));
    };
  }

  private static List<Expression> replace(
      List<Expression> expressions, Function<Expression.InputRef, Expression> change) {
    return expressions.stream().map(expression -> replace(expression, change)).toList();
  }
}
