package io.sluice.engine.operator.asof;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A right side that is a filtered and projected scan, so that its rows have addresses.
 *
 * @param filters over the scan's columns, all of which must be true, in the order of evaluation
 * @param outputs the side's columns, over the scan's columns
 */
record RightScan(PhysicalPlan.ScanPlan scan, List<Expression> filters, List<Expression> outputs) {
  /** The scan below filters and projections, or null where something else lies below. */
  static @Nullable RightScan of(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan -> {
        List<Expression> columns = new ArrayList<>();
        for (OutputColumn column : scan.output()) {
          columns.add(new Expression.InputRef(columns.size(), column.type()));
        }
        Expression filter = scan.filter();
        yield new RightScan(scan, filter == null ? List.of() : List.of(filter), columns);
      }
      case PhysicalPlan.FilterPlan filter -> {
        RightScan below = of(filter.input());
        if (below == null) {
          yield null;
        }
        List<Expression> filters = new ArrayList<>(below.filters);
        filters.add(InputRefs.inline(filter.condition(), below.outputs));
        yield new RightScan(below.scan, filters, below.outputs);
      }
      case PhysicalPlan.ProjectPlan project -> {
        RightScan below = of(project.input());
        yield below == null
            ? null
            : new RightScan(below.scan, below.filters, inline(project.expressions(), below));
      }
      default -> null;
    };
  }

  private static List<Expression> inline(List<Expression> expressions, RightScan below) {
    return expressions.stream().map(e -> InputRefs.inline(e, below.outputs)).toList();
  }

  /** Expressions over this side's columns, over the scan's columns. */
  List<Expression> toScan(List<Expression> expressions) {
    return inline(expressions, this);
  }
}
