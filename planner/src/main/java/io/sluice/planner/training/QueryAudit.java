package io.sluice.planner.training;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.training.Finding.Severity;
import io.sluice.planner.training.Lineage.Source;
import io.sluice.planner.training.MatchedTimes.Time;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** What a version's query reveals, run again over its pinned inputs. */
final class QueryAudit {
  private static final String COMMITTED = HiddenColumn.COMMITTED_AT.columnName();

  private final VersionRecord record;
  private final List<String> names;
  private final QueryPlanner planner;
  private final DatasetQueries queries;
  private final RelNode form;
  private final LeakageChecks checks;

  /**
   * @param inputs the tables as the version read them
   */
  QueryAudit(
      VersionRecord record, StatementTables inputs, QueryPlanner planner, DatasetQueries queries) {
    this.record = record;
    this.names = record.columns().stream().map(VersionRecord.Column::name).toList();
    this.planner = planner;
    this.queries = queries;
    SqlNode query = Sql.query(record.definition().sql());
    this.form =
        planner.form(
            query,
            inputs,
            ZoneId.of(record.definition().zone()),
            List.of(new ColumnDefinition(COMMITTED, HiddenColumn.COMMITTED_AT.type(), true, null)));
    this.checks = LeakageChecks.of(query, record.definition(), form, names, inputs);
  }

  /** Columns that entities are matched by in ASOF joins. */
  List<String> entities() {
    return checks.entities().stream().filter(names::contains).toList();
  }

  /** Features that put labels of several rows together. */
  List<Finding> labels() {
    List<Finding> findings = new ArrayList<>();
    checks
        .labelGroupings()
        .forEach(
            (feature, label) ->
                findings.add(
                    new Finding(
                        "label aggregate",
                        feature,
                        Severity.ERROR,
                        record.rows(),
                        "an aggregate of the label "
                            + label
                            + ", whose rows are not all known before OBSERVED AT")));
    return findings;
  }

  // -------- times

  private List<String> wanted(Source source) {
    if (!checks.reachesFeatures(source)) {
      return List.of();
    }
    TableDefinition definition = source.definition();
    Set<String> columns = new LinkedHashSet<>();
    if (definition.eventTime() != null) {
      columns.add(definition.eventTime());
    }
    columns.add(definition.ingestionTime() == null ? COMMITTED : definition.ingestionTime());
    return List.copyOf(columns);
  }

  /** Rows of other tables that happened, or arrived, after OBSERVED AT. */
  List<Finding> times() {
    String observed = record.definition().observedAt();
    if (observed == null) {
      return List.of();
    }
    MatchedTimes.Wider wider = MatchedTimes.of(form, checks.sources(), this::wanted);
    if (wider.times().isEmpty()) {
      return List.of();
    }
    RelNode counted = counted(wider, names.indexOf(observed));
    List<String> columns =
        java.util.stream.IntStream.range(0, counted.getRowType().getFieldCount())
            .mapToObj(i -> "$" + i)
            .toList();
    List<@Nullable Object> row = queries.row(planner.plan(counted, columns));
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < wider.times().size(); i++) {
      Time time = wider.times().get(i);
      List<@Nullable Object> found = row.subList(i * FIGURES, (i + 1) * FIGURES);
      if (((Number) java.util.Objects.requireNonNull(found.get(0))).longValue() > 0) {
        findings.add(finding(time, found));
      }
    }
    return findings;
  }

  /** Rows that are late, an example, and whether all were later than every row's instant. */
  private static final int FIGURES = 3;

  private RelNode counted(MatchedTimes.Wider wider, int observedAt) {
    RelNode rows = wider.rel();
    RexBuilder builder = rows.getCluster().getRexBuilder();
    RelDataType text =
        builder
            .getTypeFactory()
            .createTypeWithNullability(
                builder.getTypeFactory().createSqlType(SqlTypeName.VARCHAR), true);
    List<RexNode> values = new ArrayList<>();
    for (Time time : wider.times()) {
      RexNode at = RexInputRef.of(time.index(), rows.getRowType());
      RexNode observed = RexInputRef.of(observedAt, rows.getRowType());
      RelDataType type = common(at, observed, builder);
      RexNode late =
          builder.makeCall(
              SqlStdOperatorTable.GREATER_THAN,
              builder.makeCast(type, at),
              builder.makeCast(type, observed));
      int key = names.indexOf(record.definition().key().getFirst());
      RexNode keyText = builder.makeCast(text, RexInputRef.of(key, rows.getRowType()));
      RexNode none = builder.makeNullLiteral(text);
      values.add(builder.makeCall(SqlStdOperatorTable.CASE, late, keyText, none));
      values.add(builder.makeCast(type, at));
      values.add(builder.makeCast(type, observed));
    }
    List<String> fields = fields(values.size());
    RelNode late = LogicalProject.create(rows, List.of(), values, fields, Set.of());
    List<AggregateCall> calls = new ArrayList<>();
    for (int i = 0; i < wider.times().size(); i++) {
      calls.add(call(SqlStdOperatorTable.COUNT, i * 3, late));
      calls.add(call(SqlStdOperatorTable.MIN, i * 3, late));
      calls.add(call(SqlStdOperatorTable.MIN, i * 3 + 1, late));
      calls.add(call(SqlStdOperatorTable.MAX, i * 3 + 2, late));
    }
    RelNode all = LogicalAggregate.create(late, List.of(), ImmutableBitSet.of(), null, calls);
    List<RexNode> figures = new ArrayList<>();
    for (int i = 0; i < wider.times().size(); i++) {
      figures.add(RexInputRef.of(i * 4, all.getRowType()));
      figures.add(RexInputRef.of(i * 4 + 1, all.getRowType()));
      figures.add(
          builder.makeCall(
              SqlStdOperatorTable.GREATER_THAN,
              RexInputRef.of(i * 4 + 2, all.getRowType()),
              RexInputRef.of(i * 4 + 3, all.getRowType())));
    }
    return LogicalProject.create(all, List.of(), figures, fields(figures.size()), Set.of());
  }

  private static List<String> fields(int count) {
    return java.util.stream.IntStream.range(0, count).mapToObj(i -> "$" + i).toList();
  }

  private static AggregateCall call(SqlAggFunction function, int column, RelNode input) {
    return AggregateCall.create(
        function, false, List.of(column), -1, 0, input, null, "$" + function + column);
  }

  /** With a time zone where one of them has, as timestamps where one of them is. */
  private static RelDataType common(RexNode at, RexNode observed, RexBuilder builder) {
    RelDataType first = at.getType();
    RelDataType second = observed.getType();
    RelDataType type =
        rank(first.getSqlTypeName()) >= rank(second.getSqlTypeName()) ? first : second;
    return builder.getTypeFactory().createTypeWithNullability(type, true);
  }

  private static int rank(SqlTypeName type) {
    return switch (type) {
      case DATE -> 0;
      case TIMESTAMP -> 1;
      default -> 2;
    };
  }

  private Finding finding(Time time, List<@Nullable Object> found) {
    Source source = time.source();
    boolean event = time.column().equals(source.definition().eventTime());
    long rows = ((Number) java.util.Objects.requireNonNull(found.get(0))).longValue();
    boolean load = !event && Boolean.TRUE.equals(found.get(2));
    String key = record.definition().key().getFirst();
    String what = checks.name(source) + "." + time.column();
    return new Finding(
        event ? "event after OBSERVED AT" : "arrival after OBSERVED AT",
        String.join(", ", checks.featuresOf(source)),
        event ? Severity.ERROR : load ? Severity.INFO : Severity.WARNING,
        rows,
        what
            + " is later than "
            + record.definition().observedAt()
            + (load ? " in all rows, as after a first load" : "")
            + "; such as "
            + key
            + " = "
            + found.get(1));
  }
}
