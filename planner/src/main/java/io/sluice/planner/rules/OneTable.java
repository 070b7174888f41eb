package io.sluice.planner.rules;

import io.sluice.planner.validate.CatalogTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;

/**
 * A query whose every row is a row of one table: filters, projections, order, limits and DISTINCT
 * over a scan. What names a row of the table names one of the query.
 *
 * @param columns for each column of the query, which of the table's it is, -1 where it is computed
 */
public record OneTable(CatalogTable.Base table, List<Integer> columns) {
  public OneTable {
    columns = List.copyOf(columns);
  }

  /** The table behind a query as it is before any rule, or empty where there is not just one. */
  public static Optional<OneTable> of(RelNode query) {
    return switch (query) {
      case TableScan scan ->
          Optional.ofNullable(scan.getTable().unwrap(CatalogTable.Base.class))
              .map(
                  table ->
                      new OneTable(
                          table,
                          IntStream.range(0, scan.getRowType().getFieldCount()).boxed().toList()));
      case LogicalFilter filter -> of(filter.getInput());
      case LogicalSort sort -> of(sort.getInput());
      case LogicalProject project ->
          of(project.getInput())
              .map(
                  input ->
                      new OneTable(
                          input.table(),
                          project.getProjects().stream().map(input::column).toList()));
      case LogicalAggregate distinct -> {
        boolean plain = distinct.getAggCallList().isEmpty() && distinct.getGroupSets().size() == 1;
        yield plain
            ? of(distinct.getInput())
                .map(
                    input ->
                        new OneTable(
                            input.table(),
                            distinct.getGroupSet().asList().stream()
                                .map(input.columns()::get)
                                .toList()))
            : Optional.empty();
      }
      default -> Optional.empty();
    };
  }

  private int column(RexNode value) {
    return switch (value) {
      case RexInputRef reference -> columns.get(reference.getIndex());
      case RexCall cast
          when cast.getKind() == SqlKind.CAST
              && SqlTypeUtil.equalSansNullability(
                  cast.getType(), cast.getOperands().getFirst().getType()) ->
          column(cast.getOperands().getFirst());
      default -> -1;
    };
  }

  /**
   * The query's columns and behind them hidden ones of its table, or empty where a row is not one
   * of a table's or the scan does not have them.
   */
  public static Optional<RelNode> withHidden(RelNode query, List<String> hidden) {
    return extended(query, hidden)
        .map(
            wider -> {
              List<Integer> wanted = new ArrayList<>();
              for (int i = 0; i < query.getRowType().getFieldCount(); i++) {
                wanted.add(i);
              }
              wanted.addAll(wider.hidden());
              RelNode rows = wider.rows();
              List<String> names =
                  Stream.concat(query.getRowType().getFieldNames().stream(), hidden.stream())
                      .toList();
              List<RexInputRef> values =
                  wanted.stream().map(at -> RexInputRef.of(at, rows.getRowType())).toList();
              return LogicalProject.create(rows, List.of(), values, names, Set.of());
            });
  }

  /**
   * Rows with further columns behind a query's own.
   *
   * @param hidden where the hidden columns are
   */
  private record Wider(RelNode rows, List<Integer> hidden) {
    private Wider below(RelNode operator) {
      return new Wider(operator.copy(operator.getTraitSet(), List.of(rows)), hidden);
    }
  }

  private static Optional<Wider> extended(RelNode query, List<String> hidden) {
    return switch (query) {
      case TableScan scan -> {
        List<String> names = scan.getRowType().getFieldNames();
        yield names.containsAll(hidden)
            ? Optional.of(new Wider(scan, hidden.stream().map(names::indexOf).toList()))
            : Optional.empty();
      }
      // a correlated condition names its input's row type, which must not change then
      case LogicalFilter filter
          when filter.getVariablesSet().isEmpty() || filter.getInput() instanceof TableScan ->
          extended(filter.getInput(), hidden).map(input -> input.below(filter));
      case LogicalSort sort -> extended(sort.getInput(), hidden).map(input -> input.below(sort));
      case LogicalProject project ->
          extended(project.getInput(), hidden).map(input -> projected(project, input, hidden));
      default -> Optional.empty();
    };
  }

  private static Wider projected(LogicalProject project, Wider input, List<String> hidden) {
    List<RexNode> values = new ArrayList<>(project.getProjects());
    List<String> names = new ArrayList<>(project.getRowType().getFieldNames());
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < hidden.size(); i++) {
      places.add(values.size());
      values.add(RexInputRef.of(input.hidden().get(i), input.rows().getRowType()));
      names.add(hidden.get(i));
    }
    return new Wider(
        LogicalProject.create(
            input.rows(), project.getHints(), values, names, project.getVariablesSet()),
        places);
  }
}
