package io.sluice.planner.training;

import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.planner.training.Lineage.Comparison;
import io.sluice.planner.training.Lineage.Grouping;
import io.sluice.planner.training.Lineage.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexTableInputRef;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/** Which readings of tables are at or before OBSERVED AT, by the comparisons of a query. */
final class KnownTimes {
  private final RowSources query;
  private final List<TimeExpression> observed = new ArrayList<>();
  private final Set<Source> spine = new HashSet<>();
  private final Map<Integer, Set<Source>> bounded = new HashMap<>();

  /**
   * The columns of the spine's tables that hold OBSERVED AT: a time for tables that declare none.
   */
  private final Set<List<Object>> observedColumns = new HashSet<>();

  /**
   * @param observedAt index of the column, -1 where there is none
   */
  KnownTimes(RowSources query, int observedAt) {
    this.query = query;
    if (observedAt >= 0) {
      for (RexNode expression : query.columns().get(observedAt).expressions()) {
        TimeExpression time = TimeExpression.of(expression);
        observed.add(time);
        spine.addAll(sources(expression));
        observedColumns.addAll(tableColumns(time.core()));
      }
    }
    if (spine.isEmpty() && !query.sources().isEmpty()) {
      spine.add(query.sources().getFirst());
    }
  }

  private Set<Source> sources(RexNode expression) {
    Set<Source> found = new HashSet<>();
    eachColumn(expression, column -> found.add(source(column)));
    return found;
  }

  private Source source(RexTableInputRef column) {
    return query.sources().get(column.getTableRef().getEntityNumber());
  }

  private static void eachColumn(
      RexNode expression, java.util.function.Consumer<RexTableInputRef> receiver) {
    expression.accept(
        new RexVisitorImpl<@Nullable Void>(true) {
          @Override
          public @Nullable Void visitTableInputRef(RexTableInputRef column) {
            receiver.accept(column);
            return null;
          }
        });
  }

  /** The columns of an expression as pairs of table and column name. */
  Set<List<Object>> tableColumns(RexNode expression) {
    Set<List<Object>> found = new HashSet<>();
    eachColumn(
        expression,
        column -> found.add(List.of(source(column).table.name(), source(column).column(column))));
    return found;
  }

  /** Whether the rows are the labels'. */
  boolean isSpine(Source source) {
    return spine.contains(source);
  }

  static boolean isTimed(Source source) {
    return source.definition().eventTime() != null;
  }

  static String eventColumn(Source source) {
    return String.valueOf(source.definition().eventTime());
  }

  /** Whether the column says when a row became true or known. */
  private boolean isTime(Source source, String column) {
    TableDefinition definition = source.definition();
    return column.equals(definition.eventTime())
        || column.equals(definition.ingestionTime())
        || column.equals(HiddenColumn.COMMITTED_AT.columnName())
        || (definition.eventTime() == null
            && observedColumns.contains(List.of(source.table.name(), column)));
  }

  private boolean isTimeOf(Source source, TimeExpression time) {
    RexTableInputRef column = time.column();
    return column != null && source(column) == source && isTime(source, source.column(column));
  }

  private boolean isObserved(TimeExpression time) {
    return observed.stream().anyMatch(time::sameCore);
  }

  /** Whether only rows at or before OBSERVED AT are left in the end. */
  boolean isBounded(Source source) {
    return bounded(query.comparisons().size()).contains(source);
  }

  /** Readings that the first comparisons bound, or other bounded readings' times do. */
  private Set<Source> bounded(int comparisons) {
    return bounded.computeIfAbsent(
        comparisons,
        count -> {
          Set<Source> found = new HashSet<>();
          boolean more = true;
          while (more) {
            more = false;
            for (Comparison comparison : query.comparisons().subList(0, count)) {
              Source source = bounds(comparison, found, false);
              more |= source != null && found.add(source);
            }
          }
          return found;
        });
  }

  /** The reading that a comparison puts before OBSERVED AT, or null. */
  private @Nullable Source bounds(Comparison comparison, Set<Source> known, boolean before) {
    TimeExpression lower = TimeExpression.of(comparison.lower());
    RexTableInputRef column = lower.column();
    if (column == null) {
      return null;
    }
    Source source = source(column);
    if (!comparison.restricted().contains(source) || !isTime(source, source.column(column))) {
      return null;
    }
    TimeExpression upper = TimeExpression.of(comparison.upper());
    if (isObserved(upper)) {
      return observed.stream()
              .filter(upper::sameCore)
              .anyMatch(at -> lower.bounds(upper.since(at), comparison.strict(), before))
          ? source
          : null;
    }
    RexTableInputRef other = upper.column();
    boolean chained =
        other != null
            && known.contains(source(other))
            && isTimeOf(source(other), upper)
            && lower.bounds(upper, comparison.strict(), before);
    return chained ? source : null;
  }

  /** Whether an aggregate or window computes with rows of the reading up to OBSERVED AT only. */
  boolean mixesKnown(Grouping grouping, Source source) {
    TimeExpression order =
        grouping.trailing() == null ? null : TimeExpression.of(grouping.trailing());
    if (order != null && !order.isRounded() && (isTimeOf(source, order) || isObserved(order))) {
      return true;
    }
    List<TimeExpression> keys = grouping.keys().stream().map(TimeExpression::of).toList();
    if (keys.stream()
        .anyMatch(key -> isTimeOf(source, key) && (!key.isRounded() || !grouping.window()))) {
      return true;
    }
    boolean oneInstant =
        grouping.below().stream().noneMatch(spine::contains)
            || keys.stream().anyMatch(key -> !key.isRounded() && isObserved(key));
    return oneInstant
        && (spine.contains(source) || bounded(grouping.comparisons()).contains(source));
  }

  /** Whether an aggregate computes with rows of the reading before OBSERVED AT only, not at it. */
  boolean mixesEarlier(Grouping grouping, Source source) {
    return !grouping.window()
        && grouping.below().stream().noneMatch(spine::contains)
        && query.comparisons().subList(0, grouping.comparisons()).stream()
            .anyMatch(comparison -> bounds(comparison, Set.of(), true) == source);
  }
}
