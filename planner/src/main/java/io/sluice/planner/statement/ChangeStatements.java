package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.SupportsRowChanges;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableVersion;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * DELETE, UPDATE and MERGE: a query finds rows and their new values in one state of the table, and
 * one commit puts them there.
 */
final class ChangeStatements {
  private final Engine engine;
  private final QueryPlanner planner;

  ChangeStatements(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  /** Rows removed, updated and inserted. */
  long run(Statement.Change statement, StatementTables tables, ZoneId zone, QueryContext context) {
    return Conflicts.resolved(
        tables,
        state -> {
          PlannedChange change =
              new PlanChange(planner, state, zone, StatementRunner.types(context)).of(statement);
          QueryContext ofState =
              new QueryContext(
                  context.principal(),
                  state::snapshot,
                  context.parameters(),
                  context.nowMicros(),
                  context.zone(),
                  context.online());
          return carryOut(change, state, ofState);
        });
  }

  private long carryOut(PlannedChange change, StatementTables tables, QueryContext context) {
    TableSnapshot base = tables.snapshot(change.target().name(), new TableVersion.Current());
    String what = "changes of " + base.name();
    try (BufferAllocator allocator =
            engine.allocator().newChildAllocator(what, 0, engine.config().queryMemoryLimitBytes());
        RowChanges rows =
            catalog(base.name(), tables)
                .change(tables.principal(), base, change.scope(), allocator)) {
      switch (change.finding()) {
        case ALL_ROWS -> rows.deleteAll();
        case ADDRESSES -> drain(change, context, rows::delete);
        case CHANGES -> {
          RepeatedRows repeats =
              new RepeatedRows(address -> repeated(change, address, tables, context));
          drain(change, context, batch -> rows.change(repeats.check(batch), change.kinds()));
        }
      }
      return rows.commit();
    } catch (OutOfMemoryException e) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT, "there is no memory left for " + what + ": " + e.getMessage(), e);
    }
  }

  private static SupportsRowChanges catalog(TableName table, StatementTables tables) {
    if (tables.changing(table) instanceof SupportsRowChanges catalog) {
      return catalog;
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED,
        "rows of " + table + " cannot be changed: its catalog only adds rows");
  }

  private void drain(PlannedChange change, QueryContext context, Consumer<Batch> receiver) {
    try (QueryExecution execution = engine.execute(change.plan(), context)) {
      Draining.drain(execution.results(), receiver);
    }
  }

  private EngineException repeated(
      PlannedChange change, long address, StatementTables tables, QueryContext context) {
    String row = new RowText(engine, planner, tables, context).of(change.target(), address);
    return new EngineException(
        ErrorCode.CARDINALITY_VIOLATION,
        "the row "
            + row
            + " of "
            + change.target().name()
            + " is matched by more than one row, so that it is not determined what becomes of it;"
            + " let at most one row match it");
  }
}
