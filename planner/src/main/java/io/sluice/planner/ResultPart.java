package io.sluice.planner;

import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.SnapshotPart;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableResolver;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of several parts of a query's rows: together they are its rows, each once, of one snapshot.
 * Each part may be executed any number of times, in any order, side by side.
 */
public record ResultPart(TableName table, TableVersion version, SnapshotPart rows) {
  /** Fewer rows than this, before any filter, are not worth a part of their own. */
  static final long LEAST_ROWS = 1 << 19;

  /**
   * The parts of a query, about equal in work: at most {@code most}; one alone, or none, where the
   * query is no large scan that only filters and computes.
   */
  static List<ResultPart> of(PhysicalPlan plan, TableResolver tables, int most) {
    PhysicalPlan.ScanPlan scan = scan(plan);
    if (scan == null || most <= 1) {
      return List.of();
    }
    TableSnapshot snapshot = tables.resolve(scan.table(), scan.version());
    if (snapshot.keepsOrder() || snapshot.statistics().rowCount() < 2 * LEAST_ROWS) {
      return List.of();
    }
    int count = count(snapshot, new ScanRequest(scan.tableColumns(), scan.filter()), most);
    List<ResultPart> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(new ResultPart(scan.table(), scan.version(), new SnapshotPart(snapshot, i, count)));
    }
    return parts;
  }

  private static int count(TableSnapshot snapshot, ScanRequest request, int most) {
    try (TableScan scan = snapshot.scan(request)) {
      long rows = 0;
      for (var split : scan.splits()) {
        rows += split.rows();
      }
      return (int) Math.min(Math.min(most, scan.splits().size()), rows / LEAST_ROWS);
    }
  }

  /** The scan of a plan that has one, with nothing above it but filters and projections. */
  private static PhysicalPlan.@Nullable ScanPlan scan(PhysicalPlan plan) {
    return switch (plan) {
      case PhysicalPlan.ScanPlan scan -> scan;
      case PhysicalPlan.FilterPlan filter -> scan(filter.input());
      case PhysicalPlan.ProjectPlan project -> scan(project.input());
      default -> null;
    };
  }

  /** The part's rows in the place of its table's. */
  TableResolver over(TableResolver tables) {
    return (name, wanted) ->
        name.equals(table) && wanted.equals(version) ? rows : tables.resolve(name, wanted);
  }
}
