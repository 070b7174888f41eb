package io.sluice.engine.testing;

import io.sluice.engine.expression.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Skips splits by conjuncts that compare a column of whole numbers with a constant. */
final class SplitFilter {
  private SplitFilter() {}

  /**
   * Whether some row may pass.
   *
   * @param wanted numbers, within the rows, of the columns that the filter reads
   */
  static boolean mayPass(List<List<?>> rows, List<Integer> wanted, @Nullable Expression filter) {
    return filter == null || rows.stream().anyMatch(row -> passes(row, wanted, filter));
  }

  private static boolean passes(List<?> row, List<Integer> wanted, Expression filter) {
    if (!(filter instanceof Expression.Call call)) {
      return true;
    }
    if (call.function().equals("and")) {
      return call.arguments().stream().allMatch(part -> passes(row, wanted, part));
    }
    if (call.arguments().size() != 2
        || !(call.arguments().get(0) instanceof Expression.InputRef column)
        || !(call.arguments().get(1) instanceof Expression.Literal literal)
        || !(literal.value() instanceof Long limit)) {
      return true;
    }
    Object cell = row.get(wanted.get(column.column()));
    if (!(cell instanceof Long value)) {
      return cell != null;
    }
    return switch (call.function()) {
      case "le" -> value <= limit;
      case "lt" -> value < limit;
      case "ge" -> value >= limit;
      case "gt" -> value > limit;
      default -> true;
    };
  }
}
