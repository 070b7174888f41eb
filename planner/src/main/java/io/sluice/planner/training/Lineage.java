package io.sluice.planner.training;

import io.sluice.engine.connector.TableDefinition;
import io.sluice.planner.validate.CatalogTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexTableInputRef;
import org.jspecify.annotations.Nullable;

/** What the columns and rows of a query come from, in terms of tables. */
final class Lineage {
  private Lineage() {}

  /** One reading of a table. */
  static final class Source {
    final int id;
    final TableScan scan;
    final CatalogTable.Base table;
    final List<String> columns;
    boolean asof;

    Source(int id, TableScan scan, CatalogTable.Base table) {
      this.id = id;
      this.scan = scan;
      this.table = table;
      this.columns = scan.getRowType().getFieldNames();
    }

    TableDefinition definition() {
      return table.snapshot().definition();
    }

    String column(RexTableInputRef column) {
      return columns.get(column.getIndex());
    }
  }

  /**
   * An aggregate or window.
   *
   * @param function its name
   * @param window whether it is a window
   * @param arguments their expressions, as far as they are known
   * @param mixed readings whose rows it computes with
   * @param below readings in its input
   * @param keys of its groups or partitions
   * @param trailing what a window that ends at its own row is ordered by, or null
   * @param comparisons how many were known below it
   */
  record Grouping(
      String function,
      boolean window,
      List<RexNode> arguments,
      Set<Source> mixed,
      Set<Source> below,
      List<RexNode> keys,
      @Nullable RexNode trailing,
      int comparisons) {}

  /**
   * A column of some rows.
   *
   * @param expressions over tables' columns: one, of a union one for each input; empty if unknown
   */
  record Column(List<RexNode> expressions, Set<Source> sources, Set<Grouping> groupings) {
    static Column unknown(List<Column> of) {
      Set<Source> all = new LinkedHashSet<>();
      Set<Grouping> groupings = new LinkedHashSet<>();
      of.forEach(column -> all.addAll(column.sources));
      of.forEach(column -> groupings.addAll(column.groupings));
      return new Column(List.of(), all, groupings);
    }

    Column with(Grouping grouping) {
      Set<Grouping> more = new LinkedHashSet<>(groupings);
      more.add(grouping);
      return new Column(List.of(), sources, more);
    }
  }

  /** {@code lower < upper} or {@code lower <= upper} for the rows of {@code restricted}. */
  record Comparison(RexNode lower, RexNode upper, boolean strict, Set<Source> restricted) {}
}
