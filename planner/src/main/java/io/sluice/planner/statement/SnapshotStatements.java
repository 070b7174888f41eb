package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.SupportsSnapshots;
import io.sluice.engine.connector.SupportsSnapshots.Expired;
import io.sluice.engine.connector.SupportsSnapshots.IfTaken;
import io.sluice.engine.connector.SupportsSnapshots.ReferenceKind;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.training.Pins;
import io.sluice.planner.validate.Desugar;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.jspecify.annotations.Nullable;

/** Tags and branches, and EXPIRE SNAPSHOTS. */
final class SnapshotStatements {
  static final List<OutputColumn> EXPIRED =
      List.of(
          new OutputColumn("snapshots", SqlType.BIGINT, false),
          new OutputColumn("data_files", SqlType.BIGINT, false),
          new OutputColumn("metadata_files", SqlType.BIGINT, false));

  private final Engine engine;
  private final QueryPlanner planner;

  SnapshotStatements(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  static void alter(Statement.AlterReference alter, StatementTables tables) {
    TableName table = table(alter.table(), tables);
    SupportsSnapshots catalog = catalog(alter.table(), table, tables);
    ReferenceKind kind = alter.branch() ? ReferenceKind.BRANCH : ReferenceKind.TAG;
    String name = alter.name().getSimple();
    if (!alter.branch() && Pins.isPin(name)) {
      throw SqlErrors.at(
          alter.name(),
          ErrorCode.PINNED,
          "tag "
              + name
              + " is kept for training datasets, which make and drop such tags themselves");
    }
    try {
      if (alter.create()) {
        SqlNode version = alter.version();
        catalog.createReference(
            tables.principal(),
            table,
            kind,
            name,
            version == null ? new TableVersion.Current() : Desugar.version(version),
            alter.replace() ? IfTaken.REPLACE : alter.conditional() ? IfTaken.KEEP : IfTaken.FAIL);
        return;
      }
      boolean absent =
          alter.conditional() && !catalog.hasReference(tables.principal(), table, kind, name);
      if (!absent) {
        catalog.dropReference(tables.principal(), table, kind, name);
      }
    } catch (EngineException failure) {
      throw SqlErrors.at(alter.name(), failure);
    }
  }

  private static TableName table(SqlIdentifier written, StatementTables tables) {
    return AlterStatements.table(written, false, tables)
        .orElseThrow(() -> new AssertionError(written))
        .name();
  }

  private static SupportsSnapshots catalog(
      SqlIdentifier written, TableName table, StatementTables tables) {
    Catalog catalog = tables.changing(table);
    if (catalog instanceof SupportsSnapshots supporting) {
      return supporting;
    }
    throw SqlErrors.at(
        written,
        ErrorCode.UNSUPPORTED,
        "tables of catalog " + catalog.name() + " have no snapshots");
  }

  /** One row: what has been removed. */
  PhysicalPlan expire(
      Statement.ExpireSnapshots expire, StatementTables tables, QueryContext context) {
    TableName table = table(expire.table(), tables);
    SupportsSnapshots catalog = catalog(expire.table(), table, tables);
    Long olderThan =
        Optional.ofNullable(expire.olderThan())
            .map(time -> instant(time, tables, context))
            .orElse(null);
    Integer retainLast =
        Optional.ofNullable(expire.retainLast()).map(SnapshotStatements::count).orElse(null);
    Expired expired;
    try {
      expired = catalog.expireSnapshots(tables.principal(), table, olderThan, retainLast);
    } catch (EngineException failure) {
      throw SqlErrors.at(expire.table(), failure);
    }
    List<Expression> row = new ArrayList<>();
    for (long count :
        new long[] {expired.snapshots(), expired.dataFiles(), expired.metadataFiles()}) {
      row.add(new Expression.Literal(count, SqlType.BIGINT));
    }
    return new PhysicalPlan.ValuesPlan(List.of(row), EXPIRED);
  }

  private static int count(SqlNode node) {
    if (node instanceof SqlNumericLiteral number && number.isInteger()) {
      long count = number.longValue(true);
      if (count >= 1 && count <= Integer.MAX_VALUE) {
        return Math.toIntExact(count);
      }
    }
    throw SqlErrors.at(
        node, ErrorCode.INVALID_ARGUMENT, "RETAIN LAST takes a number of snapshots, 1 or more");
  }

  /** Microseconds since 1970; a literal without a zone is UTC. */
  private long instant(SqlNode time, StatementTables tables, QueryContext context) {
    PhysicalPlan plan =
        planner.plan(Desugar.selectInstant(time), tables, ZoneOffset.UTC, List.of()).plan();
    List<@Nullable Object> value = new ArrayList<>();
    try (QueryExecution execution = engine.execute(plan, context)) {
      Draining.drain(
          execution.results(),
          batch -> {
            try (Batch only = batch) {
              value.add(Cells.get(only.column(0), 0));
            }
          });
    }
    if (value.size() == 1 && value.getFirst() instanceof Long micros) {
      return micros;
    }
    throw SqlErrors.at(time, ErrorCode.INVALID_ARGUMENT, "OLDER THAN takes a timestamp, not NULL");
  }
}
