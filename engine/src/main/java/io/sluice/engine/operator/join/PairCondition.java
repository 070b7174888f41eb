package io.sluice.engine.operator.join;

import io.sluice.engine.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A condition over pairs of rows, on the columns that it reads alone.
 *
 * @param expression over the left columns, then the right columns that are named here
 */
record PairCondition(Expression expression, List<Integer> leftColumns, List<Integer> rightColumns) {
  PairCondition {
    leftColumns = List.copyOf(leftColumns);
    rightColumns = List.copyOf(rightColumns);
  }

  /**
   * @param condition over all left columns, then all right columns
   */
  static PairCondition of(Expression condition, int leftCount) {
    TreeSet<Integer> read = new TreeSet<>();
    collect(condition, read);
    List<Integer> all = new ArrayList<>(read);
    return new PairCondition(
        renumber(condition, all),
        all.stream().filter(c -> c < leftCount).toList(),
        all.stream().filter(c -> c >= leftCount).map(c -> c - leftCount).toList());
  }

  private static void collect(Expression expression, TreeSet<Integer> columns) {
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

  private static Expression renumber(Expression expression, List<Integer> columns) {
    return switch (expression) {
      case Expression.InputRef ref ->
          new Expression.InputRef(columns.indexOf(ref.column()), ref.type());
      case Expression.Literal literal -> literal;
      case Expression.Parameter parameter -> parameter;
      case Expression.Call call ->
          new Expression.Call(
              call.function(),
              call.arguments().stream().map(a -> renumber(a, columns)).toList(),
              call.type());
      case Expression.Cast cast ->
          new Expression.Cast(renumber(cast.input(), columns), cast.type(), cast.safe());
      case Expression.Case choice ->
          new Expression.Case(
              choice.branches().stream()
                  .map(
                      b ->
                          new Expression.Case.Branch(
                              renumber(b.condition(), columns), renumber(b.result(), columns)))
                  .toList(),
              renumber(choice.otherwise(), columns),
              choice.type());
      case Expression.Try attempt -> new Expression.Try(renumber(attempt.input(), columns));
    };
  }
}
