package io.sluice.engine.operator.asof;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.plan.PhysicalPlan;

/** {@code AsofJoinPlan} to pipelines. */
public final class TranslateAsofJoin {
  /** How many times larger a left side must be for the right one to be kept in its place. */
  private static final double MUCH_LARGER = 4;

  private TranslateAsofJoin() {}

  public static Flow translate(PhysicalPlan.AsofJoinPlan plan, PipelineBuilder builder) {
    for (Expression key : plan.leftKeys()) {
      requireComparable(key);
    }
    AsofShape shape = new AsofShape(plan);
    RightScan scan = RightScan.of(plan.right());
    double leftRows = RowEstimate.of(plan.left(), builder);
    double rightRows = RowEstimate.of(plan.right(), builder);
    boolean known = leftRows >= 0 && rightRows >= 0;
    boolean rightSmaller = known && rightRows * MUCH_LARGER < leftRows;
    if (scan != null && !rightSmaller && shape.streams()) {
      return new ScanJoin(shape, scan, builder).flow();
    }
    boolean leftFirst = shape.directInstant() && (!known || leftRows < rightRows);
    return new CandidateFlow(shape, scan, leftFirst, builder).flow();
  }

  private static void requireComparable(Expression key) {
    if (key.type().isNested()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "an ASOF JOIN cannot have a key of type "
              + key.type().sql()
              + ": arrays, rows and maps are no keys");
    }
  }
}
