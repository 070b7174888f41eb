package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.SupportsOptimize;
import io.sluice.engine.connector.SupportsOptimize.Optimized;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.sql.SqlIdentifier;

/** OPTIMIZE. */
final class OptimizeStatement {
  static final List<OutputColumn> COLUMNS =
      List.of(
          new OutputColumn("files_before", SqlType.BIGINT, false),
          new OutputColumn("files_after", SqlType.BIGINT, false),
          new OutputColumn("bytes_before", SqlType.BIGINT, false),
          new OutputColumn("bytes_after", SqlType.BIGINT, false));

  private final Engine engine;

  OptimizeStatement(Engine engine) {
    this.engine = engine;
  }

  /** One row: the table's files before and after. */
  PhysicalPlan run(Statement.Optimize optimize, StatementTables tables) {
    SqlIdentifier written = optimize.table();
    TableName table =
        AlterStatements.table(written, false, tables)
            .orElseThrow(() -> new AssertionError(written))
            .name();
    SupportsOptimize catalog = catalog(written, table, tables);
    Optimized done;
    try {
      done = Conflicts.resolved(tables, state -> optimize(catalog, table, state));
    } catch (EngineException failure) {
      throw SqlErrors.at(written, failure);
    }
    List<Expression> row =
        LongStream.of(done.filesBefore(), done.filesAfter(), done.bytesBefore(), done.bytesAfter())
            .<Expression>mapToObj(value -> new Expression.Literal(value, SqlType.BIGINT))
            .toList();
    return new PhysicalPlan.ValuesPlan(List.of(row), COLUMNS);
  }

  private static SupportsOptimize catalog(
      SqlIdentifier written, TableName table, StatementTables tables) {
    if (StatementTables.isTemporary(table)) {
      throw SqlErrors.at(
          written,
          ErrorCode.UNSUPPORTED,
          "table " + table.table() + " is temporary: its files go with the session");
    }
    Catalog catalog = tables.changing(table);
    if (catalog instanceof SupportsOptimize supporting) {
      return supporting;
    }
    throw SqlErrors.at(
        written,
        ErrorCode.UNSUPPORTED,
        "files of tables of catalog " + catalog.name() + " cannot be joined");
  }

  private Optimized optimize(SupportsOptimize catalog, TableName table, StatementTables tables) {
    String what = "joining files of " + table;
    try (BufferAllocator allocator =
        engine.allocator().newChildAllocator(what, 0, engine.config().queryMemoryLimitBytes())) {
      return catalog.optimize(
          tables.principal(), tables.snapshot(table, new TableVersion.Current()), allocator);
    } catch (OutOfMemoryException e) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT, "there is no memory left for " + what + ": " + e.getMessage(), e);
    }
  }
}
