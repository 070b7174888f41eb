package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.plan.AggregateCall;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.validate.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;

/** Grouping and aggregates. */
final class TranslateAggregate {
  private TranslateAggregate() {}

  static PhysicalPlan translate(Aggregate aggregate, PlanTranslator plans) {
    PhysicalPlan input = plans.translate(aggregate.getInput());
    List<Integer> groups = aggregate.getGroupSet().asList();
    List<AggregateCall> calls = new ArrayList<>();
    for (org.apache.calcite.rel.core.AggregateCall call : aggregate.getAggCallList()) {
      refuseUnordered(call, aggregate);
      calls.add(call(call));
    }
    return new PhysicalPlan.AggregatePlan(
        input,
        groups,
        groupingSets(aggregate, groups),
        calls,
        PlanTranslator.columns(aggregate.getRowType()));
  }

  private static List<List<Integer>> groupingSets(Aggregate aggregate, List<Integer> groups) {
    if (aggregate.getGroupType() == Aggregate.Group.SIMPLE) {
      return List.of();
    }
    List<List<Integer>> sets = new ArrayList<>();
    for (ImmutableBitSet set : aggregate.getGroupSets()) {
      sets.add(set.asList().stream().map(groups::indexOf).toList());
    }
    return sets;
  }

  /** Arrays, rows and maps have no order, so none of them is the least. */
  private static void refuseUnordered(
      org.apache.calcite.rel.core.AggregateCall call, Aggregate aggregate) {
    String name = name(call);
    int ordered =
        switch (name) {
          case "min", "max" -> 0;
          case "arg_min", "arg_max" -> 1;
          default -> -1;
        };
    if (ordered < 0) {
      return;
    }
    SqlType type =
        SqlTypes.fromCalcite(
            aggregate
                .getInput()
                .getRowType()
                .getFieldList()
                .get(call.getArgList().get(ordered))
                .getType());
    if (type.isNested()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          call.getAggregation().getName()
              + " needs an order, which "
              + type.sql()
              + " has not; take a field or an element");
    }
  }

  private static AggregateCall call(org.apache.calcite.rel.core.AggregateCall call) {
    if (!call.collation.getFieldCollations().isEmpty()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, "ORDER BY within an aggregate is not supported: " + call);
    }
    return new AggregateCall(
        name(call),
        call.getArgList(),
        call.isDistinct() && sensitive(call.getAggregation().getKind()),
        call.filterArg,
        SqlTypes.fromCalcite(call.getType()));
  }

  /** Whether equal values count twice. */
  private static boolean sensitive(SqlKind kind) {
    return kind != SqlKind.MIN && kind != SqlKind.MAX;
  }

  private static String name(org.apache.calcite.rel.core.AggregateCall call) {
    String name = call.getAggregation().getName().toLowerCase(Locale.ROOT);
    return switch (name) {
      case "every" -> "bool_and";
      case "max_by" -> "arg_max";
      case "min_by" -> "arg_min";
      case "stddev" -> "stddev_samp";
      case "variance" -> "var_samp";
      default -> name;
    };
  }
}
