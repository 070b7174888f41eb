package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.SortKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Order and limits. */
final class TranslateSort {
  private TranslateSort() {}

  static PhysicalPlan translate(Sort sort, PlanTranslator plans) {
    PhysicalPlan input = plans.translate(sort.getInput());
    List<SortKey> keys = new ArrayList<>();
    for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
      keys.add(
          new SortKey(
              field.getFieldIndex(),
              field.getDirection().isDescending(),
              field.nullDirection == RelFieldCollation.NullDirection.FIRST));
    }
    long offset = Math.max(0, rows(sort.offset, "OFFSET"));
    long limit = rows(sort.fetch, "LIMIT");
    if (keys.isEmpty()) {
      return offset == 0 && limit < 0 ? input : new PhysicalPlan.LimitPlan(input, offset, limit);
    }
    if (limit >= 0) {
      return new PhysicalPlan.TopNPlan(input, keys, offset, limit);
    }
    PhysicalPlan sorted = new PhysicalPlan.SortPlan(input, keys);
    return offset == 0 ? sorted : new PhysicalPlan.LimitPlan(sorted, offset, -1);
  }

  private static long rows(@Nullable RexNode count, String clause) {
    if (count == null) {
      return -1;
    }
    if (count instanceof RexLiteral literal) {
      BigDecimal value = literal.getValueAs(BigDecimal.class);
      if (value != null && value.signum() >= 0) {
        return value.longValue();
      }
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED, clause + " takes a number of rows, not " + count);
  }
}
