package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * AUDIT: looks for leaks in a version. Its rows are read for labels among the features and for what
 * stands in several splits; its query is run again over the pinned inputs for rows that happened or
 * arrived after OBSERVED AT.
 */
final class AuditDataset {
  static final List<OutputColumn> COLUMNS =
      List.of(
          ResultRows.column("check", SqlType.VARCHAR),
          ResultRows.column("column", SqlType.VARCHAR),
          ResultRows.column("severity", SqlType.VARCHAR),
          ResultRows.column("rows", SqlType.BIGINT),
          ResultRows.column("example", SqlType.VARCHAR));

  private final StoredDataset version;
  private final VersionRecord record;
  private final StatementTables tables;
  private final QueryPlanner planner;
  private final VerifyDataset.QueriesOver queries;

  AuditDataset(
      StoredDataset version,
      StatementTables tables,
      QueryPlanner planner,
      VerifyDataset.QueriesOver queries) {
    this.version = version;
    this.record = RecordJson.read(version.record());
    this.tables = tables;
    this.planner = planner;
    this.queries = queries;
  }

  PhysicalPlan plan() {
    ResultRows rows = new ResultRows(COLUMNS);
    for (Finding f : findings()) {
      String severity = f.severity().name().toLowerCase(Locale.ROOT);
      rows.add(f.check(), f.column(), severity, f.rows(), f.example());
    }
    return rows.plan();
  }

  /** Worst first. */
  List<Finding> findings() {
    Relation.Table rows = version.rows();
    boolean pinned = record.pinning() != Pinning.RELEASED;
    if (rows == null && !pinned) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION,
          "version "
              + record.version()
              + " of "
              + version.dataset()
              + " has neither rows nor pins any more: there is nothing to audit");
    }
    StatementTables inputs = pinned ? RecordedInputs.tables(record, tables) : tables;
    DatasetQueries over =
        queries.of(record, rows != null ? DatasetReading.over(rows, tables) : inputs);
    String from =
        rows != null ? DatasetSql.copy(record, rows.name()) : DatasetSql.of(record).unordered();
    List<Finding> findings = new ArrayList<>();
    AuditSample sample = AuditSample.read(record, over, from);
    SplitAudit splits = new SplitAudit(record, over, from);
    findings.addAll(new LabelAudit(record, sample).of(SplitAudit.features(record)));
    splits.duplicates(sample).ifPresent(findings::add);
    if (pinned) {
      QueryAudit query = new QueryAudit(record, inputs, planner, queries.of(record, inputs));
      findings.addAll(query.labels());
      findings.addAll(query.times());
      splits.entities(query.entities()).ifPresent(findings::add);
    }
    findings.sort(java.util.Comparator.comparing(Finding::severity));
    return findings;
  }
}
