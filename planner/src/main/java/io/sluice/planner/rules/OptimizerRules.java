package io.sluice.planner.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.rel.rules.PruneEmptyRules;

/**
 * Every rewriting rule, in the order of the phases. Each has a name, by which it can be left out.
 * Rules of Calcite's are chosen one by one; none of its programs is used.
 */
public final class OptimizerRules {
  private OptimizerRules() {}

  /** When a rule applies. */
  public enum Phase {
    /** Sub-queries become joins; always on. */
    SUB_QUERIES,
    /** Set operations become unions and aggregates; always on. */
    SET_OPERATIONS,
    /** Constants folded, filters pushed down, projections merged. */
    NORMALIZE
  }

  /** A rule and when it applies. */
  public record Entry(Phase phase, RelOptRule rule) {
    public String name() {
      return rule.toString();
    }
  }

  private static final List<Entry> ALL =
      List.of(
          new Entry(Phase.SUB_QUERIES, CoreRules.FILTER_SUB_QUERY_TO_MARK_CORRELATE),
          new Entry(Phase.SUB_QUERIES, CoreRules.PROJECT_SUB_QUERY_TO_MARK_CORRELATE),
          new Entry(Phase.SUB_QUERIES, CoreRules.JOIN_SUB_QUERY_TO_CORRELATE),
          new Entry(Phase.SET_OPERATIONS, CoreRules.INTERSECT_TO_DISTINCT),
          new Entry(Phase.SET_OPERATIONS, CoreRules.MINUS_TO_DISTINCT),
          new Entry(Phase.NORMALIZE, CoreRules.FILTER_REDUCE_EXPRESSIONS),
          new Entry(Phase.NORMALIZE, CoreRules.PROJECT_REDUCE_EXPRESSIONS),
          new Entry(Phase.NORMALIZE, CoreRules.FILTER_MERGE),
          new Entry(Phase.NORMALIZE, CoreRules.FILTER_PROJECT_TRANSPOSE),
          new Entry(Phase.NORMALIZE, CoreRules.FILTER_INTO_JOIN),
          new Entry(Phase.NORMALIZE, CoreRules.JOIN_CONDITION_PUSH),
          new Entry(Phase.NORMALIZE, CoreRules.FILTER_AGGREGATE_TRANSPOSE),
          new Entry(Phase.NORMALIZE, CoreRules.FILTER_SET_OP_TRANSPOSE),
          new Entry(Phase.NORMALIZE, new PushFilterThroughTemporalJoin()),
          new Entry(Phase.NORMALIZE, new PushConditionIntoTemporalJoin()),
          new Entry(Phase.NORMALIZE, CoreRules.PROJECT_MERGE),
          new Entry(Phase.NORMALIZE, CoreRules.PROJECT_REMOVE),
          new Entry(Phase.NORMALIZE, CoreRules.UNION_MERGE),
          new Entry(Phase.NORMALIZE, PruneEmptyRules.FILTER_INSTANCE),
          new Entry(Phase.NORMALIZE, PruneEmptyRules.PROJECT_INSTANCE),
          new Entry(Phase.NORMALIZE, PruneEmptyRules.UNION_INSTANCE),
          new Entry(Phase.NORMALIZE, PruneEmptyRules.SORT_INSTANCE));

  /** The name of {@link JoinOrder}, which is no rule but can be left out like one. */
  static final String JOIN_ORDER = "JoinOrder";

  public static List<Entry> all() {
    return ALL;
  }

  /** The rules of a phase without those that are disabled. */
  static List<RelOptRule> of(Phase phase, Set<String> disabled) {
    List<RelOptRule> rules = new ArrayList<>();
    for (Entry entry : ALL) {
      if (entry.phase == phase && !disabled.contains(entry.name())) {
        rules.add(entry.rule);
      }
    }
    return rules;
  }
}
