package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.RowCount;
import io.sluice.engine.plan.SortKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexDynamicParam;
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
    RowCount offset = rows(sort.offset, RowCount.NONE, "OFFSET");
    RowCount limit = rows(sort.fetch, RowCount.ALL, "LIMIT");
    boolean all = limit.equals(RowCount.ALL);
    boolean fromFirst = offset.equals(RowCount.NONE);
    if (keys.isEmpty()) {
      return fromFirst && all ? input : new PhysicalPlan.LimitPlan(input, offset, limit);
    }
    if (!all) {
      return new PhysicalPlan.TopNPlan(input, keys, offset, limit);
    }
    PhysicalPlan sorted = new PhysicalPlan.SortPlan(input, keys);
    return fromFirst ? sorted : new PhysicalPlan.LimitPlan(sorted, offset, limit);
  }

  private static RowCount rows(@Nullable RexNode count, RowCount without, String clause) {
    if (count == null) {
      return without;
    }
    if (count instanceof RexDynamicParam parameter) {
      return new RowCount.Bound(parameter.getIndex());
    }
    if (count instanceof RexLiteral literal) {
      BigDecimal value = literal.getValueAs(BigDecimal.class);
      if (value != null && value.signum() >= 0) {
        return new RowCount.Fixed(value.longValue());
      }
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED, clause + " takes a number of rows, not " + count);
  }
}
