package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;

/** Which columns an expression reads, and the same expression over other column numbers. */
final class References {
  private References() {}

  static void collect(Expression expression, Set<Integer> columns) {
    switch (expression) {
      case Expression.InputRef ref -> columns.add(ref.column());
      case Expression.Literal ignored -> {}
      case Expression.Parameter ignored -> {}
      case Expression.Call call -> call.arguments().forEach(a -> collect(a, columns));
      case Expression.Cast cast -> collect(cast.input(), columns);
      case Expression.Case choice -> {
        for (Expression.Case.Branch branch : choice.branches()) {
          collect(branch.condition(), columns);
          collect(branch.result(), columns);
        }
        collect(choice.otherwise(), columns);
      }
      case Expression.Try attempt -> collect(attempt.input(), columns);
    }
  }

  static Expression map(Expression expression, IntUnaryOperator column) {
    return replace(
        expression,
        leaf ->
            leaf instanceof Expression.InputRef ref
                ? new Expression.InputRef(column.applyAsInt(ref.column()), ref.type())
                : leaf);
  }

  /** The expression with a row's cells in the place of columns. */
  static Expression inline(Expression expression, List<Expression> row) {
    return replace(
        expression, leaf -> leaf instanceof Expression.InputRef ref ? row.get(ref.column()) : leaf);
  }

  /** The expression with others in the place of columns. */
  static Expression replaceRefs(
      Expression expression, Function<Expression.InputRef, Expression> value) {
    return replace(
        expression, leaf -> leaf instanceof Expression.InputRef ref ? value.apply(ref) : leaf);
  }

  /** The expression with columns, from {@code first}, in the place of parameters. */
  static Expression parametersFrom(Expression expression, int first) {
    return replace(
        expression,
        leaf ->
            leaf instanceof Expression.Parameter parameter
                ? new Expression.InputRef(first + parameter.index(), parameter.type())
                : leaf);
  }

  private static Expression replace(Expression expression, UnaryOperator<Expression> change) {
    return switch (expression) {
      case Expression.InputRef ref -> change.apply(ref);
      case Expression.Literal literal -> literal;
      case Expression.Parameter parameter -> change.apply(parameter);
      case Expression.Call call ->
          new Expression.Call(call.function(), replace(call.arguments(), change), call.type());
      case Expression.Cast cast ->
          new Expression.Cast(replace(cast.input(), change), cast.type(), cast.safe());
      case Expression.Case choice ->
          new Expression.Case(
              choice.branches().stream()
                  .map(
                      b ->
                          new Expression.Case.Branch(
                              replace(b.condition(), change), replace(b.result(), change)))
                  .toList(),
              replace(choice.otherwise(), change),
              choice.type());
      case Expression.Try attempt -> new Expression.Try(replace(attempt.input(), change));
    };
  }

  private static List<Expression> replace(
      List<Expression> expressions, UnaryOperator<Expression> change) {
    return expressions.stream().map(e -> replace(e, change)).toList();
  }

  static List<Expression> map(List<Expression> expressions, IntUnaryOperator column) {
    return expressions.stream().map(e -> map(e, column)).toList();
  }
}
