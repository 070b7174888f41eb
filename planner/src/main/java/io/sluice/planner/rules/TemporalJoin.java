package io.sluice.planner.rules;

import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.BiRel;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * An ASOF join: for each left row at most one right row, the closest by {@code deciding} among
 * those for which {@code condition} is true. It is no {@code Join}, so that no rule for joins
 * touches it: a predicate on the right side would change the winner, not drop the row.
 */
public final class TemporalJoin extends BiRel {
  private final RexNode deciding;
  private final RexNode condition;
  private final boolean outer;

  private TemporalJoin(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode left,
      RelNode right,
      RexNode deciding,
      RexNode condition,
      boolean outer) {
    super(cluster, traits, left, right);
    this.deciding = deciding;
    this.condition = condition;
    this.outer = outer;
  }

  /**
   * @param deciding an ordering comparison over left columns, then right columns
   * @param condition what else must be true before the pick
   * @param outer keeps left rows without a match
   */
  public static TemporalJoin create(
      RelNode left, RelNode right, RexNode deciding, RexNode condition, boolean outer) {
    RelOptCluster cluster = left.getCluster();
    return new TemporalJoin(
        cluster, cluster.traitSetOf(Convention.NONE), left, right, deciding, condition, outer);
  }

  public RexNode deciding() {
    return deciding;
  }

  public RexNode condition() {
    return condition;
  }

  public boolean outer() {
    return outer;
  }

  /** The same join of other inputs. */
  public TemporalJoin with(RelNode newLeft, RelNode newRight) {
    return create(newLeft, newRight, deciding, condition, outer);
  }

  @Override
  protected RelDataType deriveRowType() {
    return SqlValidatorUtil.deriveJoinRowType(
        left.getRowType(),
        right.getRowType(),
        outer ? JoinRelType.LEFT : JoinRelType.INNER,
        getCluster().getTypeFactory(),
        null,
        List.of());
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new TemporalJoin(
        getCluster(), traits, inputs.get(0), inputs.get(1), deciding, condition, outer);
  }

  @Override
  public RelNode accept(RexShuttle shuttle) {
    RexNode newDeciding = shuttle.apply(deciding);
    RexNode newCondition = shuttle.apply(condition);
    return newDeciding.equals(deciding) && newCondition.equals(condition)
        ? this
        : create(left, right, newDeciding, newCondition, outer);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("deciding", deciding)
        .item("condition", condition)
        .item("outer", outer);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery query) {
    Double rows = query.getRowCount(left);
    return rows == null ? 1 : rows;
  }

  @Override
  public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
    double rows = estimateRowCount(query);
    Double rightRows = query.getRowCount(right);
    return planner.getCostFactory().makeCost(rows, rows + (rightRows == null ? 0 : rightRows), 0);
  }
}
