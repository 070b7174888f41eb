package io.sluice.planner.training;

import io.sluice.planner.rules.TemporalJoin;
import io.sluice.planner.training.Lineage.Column;
import io.sluice.planner.training.Lineage.Comparison;
import io.sluice.planner.training.Lineage.Grouping;
import io.sluice.planner.training.Lineage.Source;
import io.sluice.planner.validate.CatalogTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexTableInputRef;
import org.apache.calcite.rex.RexTableInputRef.RelTableRef;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * Where each column of a query comes from: the readings of tables that it depends on, its
 * expression over their columns where there is one, the aggregates and windows on its way, and the
 * comparisons that rows have passed. Read from the relational form before any rule, in one pass
 * from the tables up.
 */
final class RowSources {
  /** Expressions above this size are not followed. */
  private static final int LARGEST = 200;

  private final List<Source> sources = new ArrayList<>();
  private final List<Comparison> comparisons = new ArrayList<>();
  private final List<RexNode> entities = new ArrayList<>();
  private final Set<Source> selecting = new LinkedHashSet<>();
  private final Set<Grouping> selectingGroups = new LinkedHashSet<>();
  private final Map<CorrelationId, List<Column>> outer = new HashMap<>();

  private record Rows(List<Column> columns, Set<Source> below) {}

  private final List<Column> result;

  RowSources(RelNode query) {
    result = rows(query).columns();
  }

  /** The query's columns. */
  List<Column> columns() {
    return result;
  }

  /** In the order of {@link TableReferences}. */
  List<Source> sources() {
    return sources;
  }

  List<Comparison> comparisons() {
    return comparisons;
  }

  /** What ASOF joins match entities by. */
  List<RexNode> entities() {
    return entities;
  }

  /** Readings in sub-queries of conditions: they decide which rows there are. */
  Set<Source> selecting() {
    return selecting;
  }

  /** Aggregates and windows in sub-queries of conditions. */
  Set<Grouping> selectingGroupings() {
    return selectingGroups;
  }

  private Rows rows(RelNode node) {
    return switch (node) {
      case TableScan scan -> scan(scan);
      case Project project -> project(project);
      case Filter filter -> filter(filter);
      case TemporalJoin join -> temporal(join);
      case Join join -> join(join);
      case Correlate correlate -> correlate(correlate);
      case Aggregate aggregate -> aggregate(aggregate);
      case Union union -> union(union);
      case Sort sort -> rows(sort.getInput());
      default -> other(node);
    };
  }

  private Rows scan(TableScan scan) {
    CatalogTable.Base table = scan.getTable().unwrap(CatalogTable.Base.class);
    if (table == null) {
      return other(scan);
    }
    Source source = new Source(sources.size(), scan, table);
    sources.add(source);
    RelTableRef reference = RelTableRef.of(scan.getTable(), source.id);
    List<Column> columns = new ArrayList<>();
    for (RelDataTypeField field : scan.getRowType().getFieldList()) {
      RexNode column = RexTableInputRef.of(reference, field.getIndex(), field.getType());
      columns.add(new Column(List.of(column), Set.of(source), Set.of()));
    }
    return new Rows(columns, Set.of(source));
  }

  private Rows other(RelNode node) {
    List<Column> all = new ArrayList<>();
    Set<Source> below = new LinkedHashSet<>();
    for (RelNode input : node.getInputs()) {
      Rows rows = rows(input);
      all.addAll(rows.columns());
      below.addAll(rows.below());
    }
    Column any = Column.unknown(all);
    return new Rows(node.getRowType().getFieldList().stream().map(f -> any).toList(), below);
  }

  private Rows project(Project project) {
    Rows input = rows(project.getInput());
    project.getVariablesSet().forEach(id -> outer.put(id, input.columns()));
    return new Rows(
        project.getProjects().stream().map(e -> column(e, input)).toList(), input.below());
  }

  private Rows filter(Filter filter) {
    Rows input = rows(filter.getInput());
    filter.getVariablesSet().forEach(id -> outer.put(id, input.columns()));
    condition(filter.getCondition(), input, null);
    return input;
  }

  private static Rows both(Rows left, Rows right) {
    List<Column> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    Set<Source> below = new LinkedHashSet<>(left.below());
    below.addAll(right.below());
    return new Rows(columns, below);
  }

  private Rows join(Join join) {
    Rows left = rows(join.getLeft());
    Rows right = rows(join.getRight());
    Rows rows = both(left, right);
    join.getVariablesSet().forEach(id -> outer.put(id, rows.columns()));
    Set<Source> restricted =
        switch (join.getJoinType()) {
          case LEFT, ANTI -> right.below();
          case RIGHT -> left.below();
          case FULL -> Set.of();
          default -> rows.below();
        };
    condition(join.getCondition(), rows, restricted);
    boolean one = join.getJoinType() == JoinRelType.SEMI || join.getJoinType() == JoinRelType.ANTI;
    if (one) {
      selecting.addAll(right.below());
    }
    return one ? new Rows(left.columns(), rows.below()) : rows;
  }

  private Rows temporal(TemporalJoin join) {
    Rows left = rows(join.getLeft());
    int first = sources.size();
    Rows right = rows(join.getRight());
    sources.subList(first, sources.size()).forEach(source -> source.asof = true);
    Rows rows = both(left, right);
    Set<Source> restricted = join.outer() ? right.below() : rows.below();
    condition(join.deciding(), rows, restricted);
    condition(join.condition(), rows, restricted);
    int width = left.columns().size();
    for (RexNode conjunct : RelOptUtil.conjunctions(join.condition())) {
      if (conjunct instanceof RexCall call && call.getKind() == SqlKind.EQUALS) {
        for (RexNode side : call.getOperands()) {
          if (side instanceof RexInputRef reference && reference.getIndex() < width) {
            entities.addAll(expressions(reference, rows));
          }
        }
      }
    }
    return rows;
  }

  private Rows correlate(Correlate correlate) {
    Rows left = rows(correlate.getLeft());
    outer.put(correlate.getCorrelationId(), left.columns());
    Rows right = rows(correlate.getRight());
    return correlate.getJoinType().projectsRight() ? both(left, right) : left;
  }

  private Rows union(Union union) {
    List<Rows> inputs = union.getInputs().stream().map(this::rows).toList();
    Set<Source> below = new LinkedHashSet<>();
    inputs.forEach(input -> below.addAll(input.below()));
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < union.getRowType().getFieldCount(); i++) {
      int at = i;
      List<Column> all = inputs.stream().map(input -> input.columns().get(at)).toList();
      Column unknown = Column.unknown(all);
      boolean known = all.stream().noneMatch(column -> column.expressions().isEmpty());
      List<RexNode> expressions =
          known ? all.stream().flatMap(c -> c.expressions().stream()).toList() : List.of();
      columns.add(new Column(expressions, unknown.sources(), unknown.groupings()));
    }
    return new Rows(columns, below);
  }

  private Rows aggregate(Aggregate aggregate) {
    Rows input = rows(aggregate.getInput());
    List<Column> columns = new ArrayList<>();
    List<RexNode> keys = new ArrayList<>();
    boolean simple = aggregate.getGroupType() == Aggregate.Group.SIMPLE;
    for (int key : aggregate.getGroupSet()) {
      Column column = input.columns().get(key);
      columns.add(simple ? column : Column.unknown(List.of(column)));
      if (simple) {
        keys.addAll(column.expressions());
      }
    }
    for (AggregateCall call : aggregate.getAggCallList()) {
      List<Integer> needed = new ArrayList<>(call.getArgList());
      if (call.filterArg >= 0) {
        needed.add(call.filterArg);
      }
      List<Column> arguments = needed.stream().map(input.columns()::get).toList();
      columns.add(grouped(call.getAggregation().getName(), arguments, input, keys, null, false));
    }
    return new Rows(columns, input.below());
  }

  private Column grouped(
      String function,
      List<Column> arguments,
      Rows input,
      List<RexNode> keys,
      @Nullable RexNode trailing,
      boolean window) {
    Column all = Column.unknown(arguments);
    Set<Source> mixed = all.sources().isEmpty() ? input.below() : all.sources();
    List<RexNode> expressions =
        arguments.stream().flatMap(column -> column.expressions().stream()).toList();
    Grouping grouping =
        new Grouping(
            function,
            window,
            expressions,
            mixed,
            input.below(),
            List.copyOf(keys),
            trailing,
            comparisons.size());
    return new Column(List.of(), mixed, all.groupings()).with(grouping);
  }

  // -------- expressions

  private Column column(RexNode expression, Rows input) {
    List<Column> parts = parts(expression, input);
    Column all = Column.unknown(parts);
    return new Column(expressions(expression, input), all.sources(), all.groupings());
  }

  /** The columns that an expression uses, sub-queries and windows included. */
  private List<Column> parts(RexNode expression, Rows input) {
    List<Column> parts = new ArrayList<>();
    expression.accept(
        new RexVisitorImpl<@Nullable Void>(true) {
          @Override
          public @Nullable Void visitInputRef(RexInputRef reference) {
            parts.add(input.columns().get(reference.getIndex()));
            return null;
          }

          @Override
          public @Nullable Void visitFieldAccess(RexFieldAccess access) {
            Column column = outerColumn(access);
            if (column != null) {
              parts.add(column);
              return null;
            }
            return super.visitFieldAccess(access);
          }

          @Override
          public @Nullable Void visitSubQuery(RexSubQuery query) {
            Rows inner = rows(query.rel);
            parts.addAll(inner.columns());
            parts.add(new Column(List.of(), inner.below(), Set.of()));
            query.getOperands().forEach(operand -> operand.accept(this));
            return null;
          }

          @Override
          public @Nullable Void visitOver(RexOver over) {
            parts.add(window(over, input));
            return null;
          }
        });
    return parts;
  }

  private Column window(RexOver over, Rows input) {
    List<RexNode> keys = new ArrayList<>();
    for (RexNode key : over.getWindow().partitionKeys) {
      keys.addAll(expressions(key, input));
    }
    List<Column> arguments =
        over.getOperands().stream().map(operand -> column(operand, input)).toList();
    RexNode trailing = null;
    boolean ends =
        !over.getWindow().orderKeys.isEmpty()
            && (over.getWindow().getUpperBound().isCurrentRow()
                || over.getWindow().getUpperBound().isPreceding());
    if (ends && !over.getWindow().orderKeys.getFirst().right.contains(SqlKind.DESCENDING)) {
      List<RexNode> order = expressions(over.getWindow().orderKeys.getFirst().left, input);
      trailing = order.size() == 1 ? order.getFirst() : null;
    }
    return grouped(over.getAggOperator().getName(), arguments, input, keys, trailing, true);
  }

  private @Nullable Column outerColumn(RexFieldAccess access) {
    if (access.getReferenceExpr() instanceof RexCorrelVariable variable) {
      List<Column> columns = outer.get(variable.id);
      int index = access.getField().getIndex();
      return columns == null || index >= columns.size() ? null : columns.get(index);
    }
    return null;
  }

  /** The expression over tables' columns; one for each input of a union below it. */
  private List<RexNode> expressions(RexNode expression, Rows input) {
    List<RexNode> all = new ArrayList<>();
    int count = 1;
    for (int i = 0; i < count; i++) {
      Onto onto = new Onto(input, i);
      RexNode one = expression.accept(onto);
      if (onto.unknown || (one instanceof RexCall call && call.nodeCount() > LARGEST)) {
        return List.of();
      }
      count = Math.max(count, onto.alternatives);
      all.add(one);
    }
    return all;
  }

  /** Puts tables' columns in place of an input's. */
  private final class Onto extends RexShuttle {
    private final Rows input;
    private final int alternative;
    private boolean unknown;
    private int alternatives = 1;

    Onto(Rows input, int alternative) {
      this.input = input;
      this.alternative = alternative;
    }

    private RexNode of(RexNode node, @Nullable Column column) {
      if (column == null || column.expressions().isEmpty()) {
        unknown = true;
        return node;
      }
      alternatives = Math.max(alternatives, column.expressions().size());
      return column.expressions().get(Math.min(alternative, column.expressions().size() - 1));
    }

    @Override
    public RexNode visitInputRef(RexInputRef reference) {
      return of(reference, input.columns().get(reference.getIndex()));
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      return access.getReferenceExpr() instanceof RexCorrelVariable
          ? of(access, outerColumn(access))
          : super.visitFieldAccess(access);
    }

    @Override
    public RexNode visitSubQuery(RexSubQuery query) {
      unknown = true;
      return query;
    }

    @Override
    public RexNode visitOver(RexOver over) {
      unknown = true;
      return over;
    }
  }

  // -------- conditions

  /**
   * @param restricted whose rows must pass, null for all
   */
  private void condition(RexNode condition, Rows input, @Nullable Set<Source> restricted) {
    for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
      subQueries(conjunct);
      if (conjunct instanceof RexCall call && call.getOperands().size() == 2) {
        comparison(call, input, restricted == null ? input.below() : restricted);
      }
    }
  }

  private void subQueries(RexNode conjunct) {
    conjunct.accept(
        new RexVisitorImpl<@Nullable Void>(true) {
          @Override
          public @Nullable Void visitSubQuery(RexSubQuery query) {
            Rows inner = rows(query.rel);
            selecting.addAll(inner.below());
            Column all = Column.unknown(inner.columns());
            selectingGroups.addAll(all.groupings());
            query.getOperands().forEach(operand -> operand.accept(this));
            return null;
          }
        });
  }

  private void comparison(RexCall call, Rows input, Set<Source> restricted) {
    RexNode left = first(call.getOperands().get(0));
    RexNode right = first(call.getOperands().get(1));
    boolean tuple = call.getOperands().getFirst().getKind() == SqlKind.ROW;
    SqlKind kind = call.getKind();
    Set<Source> all = new HashSet<>(restricted);
    switch (kind) {
      case LESS_THAN, LESS_THAN_OR_EQUAL ->
          compare(left, right, kind == SqlKind.LESS_THAN && !tuple, input, all);
      case GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          compare(right, left, kind == SqlKind.GREATER_THAN && !tuple, input, all);
      case EQUALS -> {
        compare(left, right, false, input, all);
        compare(right, left, false, input, all);
      }
      default -> {}
    }
  }

  /** The first element of a tuple, which decides the order. */
  private static RexNode first(RexNode node) {
    return node instanceof RexCall call && call.getKind() == SqlKind.ROW
        ? call.getOperands().getFirst()
        : node;
  }

  private void compare(
      RexNode lower, RexNode upper, boolean strict, Rows input, Set<Source> restricted) {
    List<RexNode> lowers = expressions(lower, input);
    List<RexNode> uppers = expressions(upper, input);
    for (RexNode one : lowers) {
      for (RexNode other : uppers) {
        comparisons.add(new Comparison(one, other, strict, restricted));
      }
    }
  }
}
