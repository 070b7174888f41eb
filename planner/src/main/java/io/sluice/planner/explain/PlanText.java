package io.sluice.planner.explain;

import io.sluice.engine.OperatorProfile;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.AggregateCall;
import io.sluice.engine.plan.AsofBound;
import io.sluice.engine.plan.AsofDirection;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.RowCount;
import io.sluice.engine.plan.Shuffle;
import io.sluice.engine.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A plan as a tree of lines, root first, each with what its operator does. */
public final class PlanText {
  private static final int INDENT = 2;

  private PlanText() {}

  /** The plan alone. */
  public static List<String> of(PhysicalPlan plan) {
    List<String> lines = new ArrayList<>();
    append(plan, null, 0, lines);
    return lines;
  }

  /** The plan with what each operator did; the profile has the plan's shape. */
  public static List<String> of(PhysicalPlan plan, OperatorProfile profile) {
    List<String> lines = new ArrayList<>();
    append(plan, profile, 0, lines);
    return lines;
  }

  private static void append(
      PhysicalPlan plan, @Nullable OperatorProfile profile, int depth, List<String> lines) {
    lines.add(" ".repeat(depth * INDENT) + describe(plan) + (profile == null ? "" : did(profile)));
    List<PhysicalPlan> inputs = plan.inputs();
    for (int i = 0; i < inputs.size(); i++) {
      OperatorProfile below =
          profile != null && i < profile.inputs().size() ? profile.inputs().get(i) : null;
      append(inputs.get(i), below, depth + 1, lines);
    }
  }

  private static String did(OperatorProfile profile) {
    StringBuilder out = new StringBuilder();
    out.append(String.format(Locale.ROOT, "  (rows: %,d", profile.rows()));
    out.append(String.format(Locale.ROOT, ", time: %.1f ms", profile.nanos() / 1e6));
    if (profile.peakBytes() > 0) {
      out.append(", memory: ").append(bytes(profile.peakBytes()));
    }
    for (Map.Entry<String, Long> metric : new TreeMap<>(profile.metrics()).entrySet()) {
      out.append(String.format(Locale.ROOT, ", %s: %,d", metric.getKey(), metric.getValue()));
    }
    return out.append(')').toString();
  }

  private static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  private static String describe(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan -> scan(scan);
      case PhysicalPlan.ValuesPlan values -> "Values " + values.rows().size() + " rows";
      case PhysicalPlan.FilterPlan filter ->
          "Filter " + text(filter.input()).of(filter.condition());
      case PhysicalPlan.ProjectPlan project -> project(project);
      case PhysicalPlan.AggregatePlan aggregate -> aggregate(aggregate);
      case PhysicalPlan.HashJoinPlan join -> hashJoin(join);
      case PhysicalPlan.NestedLoopJoinPlan join ->
          "NestedLoopJoin "
              + join.kind()
              + condition(" on ", join.condition(), both(join.left(), join.right()));
      case PhysicalPlan.AsofJoinPlan join -> asofJoin(join);
      case PhysicalPlan.LookupJoinPlan lookup -> lookup(lookup);
      case PhysicalPlan.SortPlan sort -> "Sort " + keys(sort.keys(), sort.input());
      case PhysicalPlan.TopNPlan top ->
          "TopN " + top.limit() + offset(top.offset()) + " by " + keys(top.keys(), top.input());
      case PhysicalPlan.LimitPlan limit -> "Limit " + limit.limit() + offset(limit.offset());
      case PhysicalPlan.ShardPlan shard -> shard(shard);
      case PhysicalPlan.UnionPlan ignored -> "Union";
    };
  }

  private static String shard(PhysicalPlan.ShardPlan shard) {
    Shuffle shuffle = shard.shuffle();
    return "Shard "
        + shard.shard()
        + " of "
        + shard.shards()
        + (shuffle == null ? "" : " shuffled by seed " + shuffle.seed())
        + (shuffle == null ? "" : " epoch " + shuffle.epoch());
  }

  private static String scan(PhysicalPlan.ScanPlan scan) {
    String version =
        switch (scan.version()) {
          case TableVersion.Current ignored -> "";
          case TableVersion.AsOfTime time -> " as of " + time.epochMicros() + " us";
          case TableVersion.AsOfSnapshot snapshot -> " version " + snapshot.snapshotId();
          case TableVersion.AsOfReference reference -> " version '" + reference.name() + "'";
          case TableVersion.Pinned pinned -> " version " + pinned.snapshotId();
          case TableVersion.AsRead read ->
              " as read by " + read.dataset() + " version " + read.number();
        };
    String columns = String.join(", ", scan.tableColumns());
    ExpressionText text = new ExpressionText(names(scan.output()));
    return "Scan "
        + scan.table()
        + version
        + " ["
        + columns
        + "]"
        + (scan.filter() == null ? "" : " where " + text.of(scan.filter()));
  }

  private static String project(PhysicalPlan.ProjectPlan project) {
    ExpressionText text = text(project.input());
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < project.expressions().size(); i++) {
      String value = text.of(project.expressions().get(i));
      String name = project.output().get(i).name();
      columns.add(value.equals(name) ? name : value + " AS " + name);
    }
    return "Project " + String.join(", ", columns);
  }

  private static String aggregate(PhysicalPlan.AggregatePlan aggregate) {
    ExpressionText text = text(aggregate.input());
    String groups = aggregate.groups().stream().map(text::name).collect(Collectors.joining(", "));
    String calls =
        aggregate.calls().stream().map(call -> call(call, text)).collect(Collectors.joining(", "));
    String sets = aggregate.groupingSets().size() > 1 ? " sets " + aggregate.groupingSets() : "";
    return "Aggregate"
        + (groups.isEmpty() ? "" : " by " + groups)
        + sets
        + (calls.isEmpty() ? "" : ": " + calls);
  }

  private static String call(AggregateCall call, ExpressionText text) {
    String arguments = call.arguments().stream().map(text::name).collect(Collectors.joining(", "));
    return call.function().toUpperCase(Locale.ROOT)
        + "("
        + (call.distinct() ? "DISTINCT " : "")
        + (arguments.isEmpty() ? "*" : arguments)
        + ")"
        + (call.filter() < 0 ? "" : " FILTER " + text.name(call.filter()));
  }

  private static String lookup(PhysicalPlan.LookupJoinPlan lookup) {
    ExpressionText left = text(lookup.left());
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < lookup.keys().size(); i++) {
      String key = lookup.keyNames().get(i);
      String value = left.of(lookup.keys().get(i));
      keys.add(value.equals(key) ? key : key + " = " + value);
    }
    return "Lookup "
        + (lookup.outer() ? "LEFT " : "")
        + lookup.table()
        + " ("
        + String.join(", ", keys)
        + ") ["
        + String.join(", ", lookup.tableColumns())
        + "]";
  }

  private static String hashJoin(PhysicalPlan.HashJoinPlan join) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < join.leftKeys().size(); i++) {
      String operator = join.nullSafe().get(i) ? " IS NOT DISTINCT FROM " : " = ";
      keys.add(
          text(join.left()).of(join.leftKeys().get(i))
              + operator
              + text(join.right()).of(join.rightKeys().get(i)));
    }
    return "HashJoin "
        + join.kind()
        + " on "
        + String.join(" AND ", keys)
        + condition(" if ", join.residual(), both(join.left(), join.right()));
  }

  private static String asofJoin(PhysicalPlan.AsofJoinPlan join) {
    ExpressionText left = text(join.left());
    ExpressionText right = text(join.right());
    ExpressionText both = both(join.left(), join.right());
    StringBuilder out = new StringBuilder("AsofJoin ").append(join.outer() ? "LEFT" : "INNER");
    out.append(" match ").append(tuple(right, join.rightMatch()));
    out.append(' ').append(operator(join.direction())).append(' ');
    out.append(tuple(left, join.leftMatch()));
    for (int i = 0; i < join.leftKeys().size(); i++) {
      out.append(i == 0 ? " on " : " AND ").append(left.of(join.leftKeys().get(i)));
      out.append(" = ").append(right.of(join.rightKeys().get(i)));
    }
    for (AsofBound bound : join.bounds()) {
      String order = join.direction().backward() ? "<" : ">";
      out.append(" bound ").append(right.of(bound.right())).append(' ').append(order);
      out.append(bound.strict() ? " " : "= ").append(left.of(bound.left()));
    }
    out.append(condition(" tolerance ", join.tolerance(), both));
    out.append(condition(" if ", join.residual(), both));
    return out.toString();
  }

  private static String operator(AsofDirection direction) {
    return (direction.backward() ? "<" : ">") + (direction.inclusive() ? "=" : "");
  }

  private static String tuple(ExpressionText text, List<Expression> operands) {
    return operands.size() == 1 ? text.of(operands.get(0)) : "(" + text.all(operands) + ")";
  }

  private static String condition(
      String word, @Nullable Expression condition, ExpressionText text) {
    return condition == null ? "" : word + text.of(condition);
  }

  private static String keys(List<SortKey> keys, PhysicalPlan input) {
    ExpressionText text = text(input);
    return keys.stream()
        .map(
            key ->
                text.name(key.column())
                    + (key.descending() ? " DESC" : "")
                    + (key.nullsFirst() ? " NULLS FIRST" : ""))
        .collect(Collectors.joining(", "));
  }

  private static String offset(RowCount offset) {
    return offset.equals(RowCount.NONE) ? "" : " offset " + offset;
  }

  private static ExpressionText text(PhysicalPlan input) {
    return new ExpressionText(names(input.output()));
  }

  /** Right columns whose name the left side has too are told apart by the word right. */
  private static ExpressionText both(PhysicalPlan left, PhysicalPlan right) {
    List<String> names = new ArrayList<>(names(left.output()));
    for (String name : names(right.output())) {
      names.add(names.contains(name) ? "right." + name : name);
    }
    return new ExpressionText(names);
  }

  private static List<String> names(List<OutputColumn> columns) {
    return columns.stream().map(OutputColumn::name).toList();
  }
}
