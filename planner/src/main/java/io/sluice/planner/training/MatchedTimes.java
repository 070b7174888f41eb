package io.sluice.planner.training;

import com.google.common.collect.ImmutableSet;
import io.sluice.planner.rules.TemporalJoin;
import io.sluice.planner.training.Lineage.Source;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.jspecify.annotations.Nullable;

/**
 * A query with further columns behind its own: for each row, the times of the tables' rows that it
 * was made from; the latest of those that were aggregated.
 */
final class MatchedTimes {
  private final Map<RelNode, Source> scans = new IdentityHashMap<>();
  private final Function<Source, List<String>> wanted;

  /** A time of a table's row: the name of the table's column, and the place in the query. */
  record Time(Source source, String column, int index) {
    Time at(int place) {
      return new Time(source, column, place);
    }
  }

  /** Rows whose own columns come first. */
  record Wider(RelNode rel, List<Time> times) {}

  private MatchedTimes(List<Source> sources, Function<Source, List<String>> wanted) {
    sources.forEach(source -> scans.put(source.scan, source));
    this.wanted = wanted;
  }

  /**
   * The query with times.
   *
   * @param wanted the columns of each table whose values are carried along
   */
  static Wider of(RelNode query, List<Source> sources, Function<Source, List<String>> wanted) {
    return new MatchedTimes(sources, wanted).widen(query);
  }

  private Wider widen(RelNode node) {
    return switch (node) {
      case TableScan scan -> scan(scan);
      case Project project -> project(project);
      case Filter filter -> filter(filter);
      case TemporalJoin join -> temporal(join);
      case Join join -> join(join);
      case Correlate correlate -> correlate(correlate);
      case Aggregate aggregate -> aggregate(aggregate);
      case Union union when union.all -> union(union);
      case Sort sort when sort.fetch == null && sort.offset == null -> widen(sort.getInput());
      default -> new Wider(node, List.of());
    };
  }

  private Wider scan(TableScan scan) {
    Source source = scans.get(scan);
    List<Time> times = new ArrayList<>();
    if (source != null) {
      for (String column : wanted.apply(source)) {
        int index = source.columns.indexOf(column);
        if (index >= 0) {
          times.add(new Time(source, column, index));
        }
      }
    }
    // the times stand behind, as everywhere
    return reordered(scan, identity(scan), times);
  }

  private static List<Integer> identity(RelNode node) {
    return java.util.stream.IntStream.range(0, node.getRowType().getFieldCount()).boxed().toList();
  }

  /** The columns {@code own} of a node, then its times. */
  private static Wider reordered(RelNode node, List<Integer> own, List<Time> times) {
    if (times.isEmpty()) {
      return new Wider(node, times);
    }
    List<RexNode> values = new ArrayList<>();
    own.forEach(i -> values.add(RexInputRef.of(i, node.getRowType())));
    List<Time> placed = new ArrayList<>();
    for (Time time : times) {
      placed.add(time.at(values.size()));
      values.add(RexInputRef.of(time.index(), node.getRowType()));
    }
    return new Wider(project(node, values, Set.of()), placed);
  }

  private static RelNode project(RelNode node, List<RexNode> values, Set<CorrelationId> variables) {
    List<String> names =
        java.util.stream.IntStream.range(0, values.size()).mapToObj(i -> "$" + i).toList();
    return LogicalProject.create(node, List.of(), values, names, variables);
  }

  private Wider project(Project project) {
    Wider input = widen(project.getInput());
    List<RexNode> values = new ArrayList<>();
    Set<CorrelationId> variables = project.getVariablesSet();
    for (RexNode value : project.getProjects()) {
      values.add(retyped(value, variables, input.rel().getRowType()));
    }
    List<Time> times = new ArrayList<>();
    for (Time time : input.times()) {
      times.add(time.at(values.size()));
      values.add(RexInputRef.of(time.index(), input.rel().getRowType()));
    }
    for (RexSubQuery query : scalars(values)) {
      Wider inner = widen(query.rel);
      for (Time time : inner.times()) {
        times.add(time.at(values.size()));
        RexNode one = RexInputRef.of(time.index(), inner.rel().getRowType());
        values.add(RexSubQuery.scalar(project(inner.rel(), List.of(one), Set.of())));
      }
    }
    return new Wider(project(input.rel(), values, variables), times);
  }

  private static List<RexSubQuery> scalars(List<RexNode> values) {
    List<RexSubQuery> found = new ArrayList<>();
    for (RexNode value : values) {
      value.accept(
          new RexVisitorImpl<@Nullable Void>(true) {
            @Override
            public @Nullable Void visitSubQuery(RexSubQuery query) {
              if (query.getKind() == SqlKind.SCALAR_QUERY) {
                found.add(query);
              }
              return null;
            }
          });
    }
    return found;
  }

  private Wider filter(Filter filter) {
    Wider input = widen(filter.getInput());
    Set<CorrelationId> variables = filter.getVariablesSet();
    RexNode condition = retyped(filter.getCondition(), variables, input.rel().getRowType());
    return new Wider(
        LogicalFilter.create(input.rel(), condition, ImmutableSet.copyOf(variables)),
        input.times());
  }

  // -------- joins

  private static List<Time> both(Wider left, Wider right) {
    List<Time> times = new ArrayList<>(left.times());
    int shift = left.rel().getRowType().getFieldCount();
    right.times().forEach(time -> times.add(time.at(time.index() + shift)));
    return times;
  }

  private static List<Integer> own(RelNode left, RelNode right, Wider wider) {
    List<Integer> own = new ArrayList<>(identity(left));
    int shift = wider.rel().getRowType().getFieldCount();
    identity(right).forEach(i -> own.add(i + shift));
    return own;
  }

  /** A condition over left and right columns, where the left side has become wider. */
  private static RexNode shifted(RexNode condition, RelNode left, Wider wider) {
    int width = left.getRowType().getFieldCount();
    int by = wider.rel().getRowType().getFieldCount() - width;
    return condition.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef reference) {
            return reference.getIndex() < width
                ? reference
                : new RexInputRef(reference.getIndex() + by, reference.getType());
          }
        });
  }

  private Wider temporal(TemporalJoin join) {
    Wider left = widen(join.getLeft());
    Wider right = widen(join.getRight());
    RelNode joined =
        TemporalJoin.create(
            left.rel(),
            right.rel(),
            shifted(join.deciding(), join.getLeft(), left),
            shifted(join.condition(), join.getLeft(), left),
            join.outer());
    return reordered(joined, own(join.getLeft(), join.getRight(), left), both(left, right));
  }

  private Wider join(Join join) {
    if (!join.getVariablesSet().isEmpty()) {
      return new Wider(join, List.of());
    }
    Wider left = widen(join.getLeft());
    boolean one = !join.getJoinType().projectsRight();
    Wider right = one ? new Wider(join.getRight(), List.of()) : widen(join.getRight());
    RelNode joined =
        LogicalJoin.create(
            left.rel(),
            right.rel(),
            List.of(),
            shifted(join.getCondition(), join.getLeft(), left),
            Set.of(),
            join.getJoinType());
    return one
        ? new Wider(joined, left.times())
        : reordered(joined, own(join.getLeft(), join.getRight(), left), both(left, right));
  }

  private Wider correlate(Correlate correlate) {
    Wider left = widen(correlate.getLeft());
    boolean one = !correlate.getJoinType().projectsRight();
    Wider right = one ? new Wider(correlate.getRight(), List.of()) : widen(correlate.getRight());
    Retyping retyping = new Retyping(Set.of(correlate.getCorrelationId()), left.rel().getRowType());
    RelNode retyped = right.rel().accept(retyping);
    RelNode joined =
        correlate.copy(
            correlate.getTraitSet(),
            left.rel(),
            retyped,
            correlate.getCorrelationId(),
            correlate.getRequiredColumns(),
            correlate.getJoinType());
    return one
        ? new Wider(joined, left.times())
        : reordered(
            joined, own(correlate.getLeft(), correlate.getRight(), left), both(left, right));
  }

  // -------- many rows into one

  private Wider aggregate(Aggregate aggregate) {
    Wider input = widen(aggregate.getInput());
    List<AggregateCall> calls = new ArrayList<>(aggregate.getAggCallList());
    int own = aggregate.getRowType().getFieldCount();
    List<Time> times = new ArrayList<>();
    for (Time time : input.times()) {
      times.add(time.at(own + times.size()));
      calls.add(
          AggregateCall.create(
              SqlStdOperatorTable.MAX,
              false,
              List.of(time.index()),
              -1,
              aggregate.getGroupCount(),
              input.rel(),
              null,
              "$time" + times.size()));
    }
    return new Wider(
        LogicalAggregate.create(
            input.rel(), List.of(), aggregate.getGroupSet(), aggregate.getGroupSets(), calls),
        times);
  }

  private Wider union(Union union) {
    List<Wider> inputs = union.getInputs().stream().map(this::widen).toList();
    List<Time> all = inputs.stream().flatMap(input -> input.times().stream()).toList();
    int own = union.getRowType().getFieldCount();
    List<RelNode> wide = new ArrayList<>();
    for (Wider input : inputs) {
      RexBuilder builder = union.getCluster().getRexBuilder();
      List<RexNode> values = new ArrayList<>();
      for (int i = 0; i < own; i++) {
        values.add(RexInputRef.of(i, input.rel().getRowType()));
      }
      for (Wider other : inputs) {
        for (Time time : other.times()) {
          RelDataType type = other.rel().getRowType().getFieldList().get(time.index()).getType();
          RelDataType nullable =
              union.getCluster().getTypeFactory().createTypeWithNullability(type, true);
          RexNode value =
              other.equals(input)
                  ? RexInputRef.of(time.index(), input.rel().getRowType())
                  : builder.makeNullLiteral(nullable);
          values.add(builder.makeCast(nullable, value));
        }
      }
      wide.add(project(input.rel(), values, Set.of()));
    }
    List<Time> times = new ArrayList<>();
    for (Time time : all) {
      times.add(time.at(own + times.size()));
    }
    return new Wider(LogicalUnion.create(wide, true), times);
  }

  // -------- correlation

  /** An expression whose correlated columns are those of a wider row. */
  private static RexNode retyped(RexNode node, Set<CorrelationId> variables, RelDataType row) {
    return variables.isEmpty() ? node : node.accept(new Retyping(variables, row).expressions());
  }

  /** Correlation variables name their row's type, which has changed. */
  private static final class Retyping extends RelHomogeneousShuttle {
    private final Set<CorrelationId> variables;
    private final RelDataType row;

    Retyping(Set<CorrelationId> variables, RelDataType row) {
      this.variables = variables;
      this.row = row;
    }

    @Override
    public RelNode visit(RelNode other) {
      return super.visit(other).accept(expressions());
    }

    RexShuttle expressions() {
      return new RexShuttle() {
        @Override
        public RexNode visitFieldAccess(RexFieldAccess access) {
          return access.getReferenceExpr() instanceof RexCorrelVariable variable
                  && variables.contains(variable.id)
              ? builder()
                  .makeFieldAccess(
                      builder().makeCorrel(row, variable.id), access.getField().getIndex())
              : super.visitFieldAccess(access);
        }

        @Override
        public RexNode visitSubQuery(RexSubQuery query) {
          RexSubQuery inner = (RexSubQuery) super.visitSubQuery(query);
          return inner.clone(inner.rel.accept(Retyping.this));
        }
      };
    }

    private static RexBuilder builder() {
      return new RexBuilder(new io.sluice.planner.validate.SqlTypes());
    }
  }
}
