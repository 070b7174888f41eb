package io.sluice.planner.rules;

import io.sluice.planner.validate.CatalogReader;
import io.sluice.planner.validate.Operators;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.ViewExpanders;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/** From validated SQL to relational expressions; an ASOF join becomes a {@link TemporalJoin}. */
public final class SqlToRel extends SqlToRelConverter {
  private static final Config CONFIG =
      SqlToRelConverter.config()
          .withExpand(false)
          .withDecorrelationEnabled(false)
          .withTrimUnusedFields(false)
          .withInSubQueryThreshold(Integer.MAX_VALUE)
          .withRelBuilderConfigTransform(config -> config.withSimplifyValues(false));

  public SqlToRel(SqlValidator validator, CatalogReader reader, RelOptCluster cluster) {
    super(
        ViewExpanders.simpleContext(cluster),
        validator,
        reader,
        cluster,
        StandardConvertletTable.INSTANCE,
        CONFIG);
  }

  /** The query's relational expression, which sub-queries may still be part of. */
  public RelRoot convert(SqlNode validated) {
    return convertQuery(validated, false, true);
  }

  @Override
  protected RelNode createAsofJoin(
      SqlParserPos pos,
      Blackboard bb,
      RelNode left,
      RelNode right,
      RexNode joinCondition,
      RexNode matchCondition,
      JoinRelType joinType) {
    List<RexNode> match = operands(matchCondition);
    RexNode condition =
        RexUtil.composeConjunction(
            rexBuilder,
            java.util.stream.Stream.concat(
                    match.stream().skip(1), RelOptUtil.conjunctions(joinCondition).stream())
                .toList());
    return TemporalJoin.create(
        left, right, match.getFirst(), condition, joinType == JoinRelType.LEFT_ASOF);
  }

  private static List<RexNode> operands(@Nullable RexNode condition) {
    if (condition instanceof RexCall call && call.getOperator().equals(Operators.MATCH)) {
      return call.getOperands();
    }
    throw new AssertionError(condition);
  }
}
