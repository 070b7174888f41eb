package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.Shuffle;
import io.sluice.engine.plan.SortKey;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.ReadOptions;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * A query's rows by the read options of its session. Positions are counted in the query's order,
 * which every reader sees alike; a shuffle first counts the rows, then computes each row's position
 * and sorts those of the shard, so that neither the permutation nor the rows of other shards take
 * memory.
 */
public final class ShardedRead {
  private final Engine engine;
  private final QueryPlanner planner;

  public ShardedRead(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  /**
   * The plan for the options, ready to be executed.
   *
   * @param query what the plan was made of
   * @throws EngineException INVALID_ARGUMENT where the rows have no order
   */
  public PhysicalPlan plan(
      SqlNode query,
      PhysicalPlan plan,
      ReadOptions options,
      StatementTables tables,
      ZoneId zone,
      QueryContext context) {
    if (options.isAll()) {
      return plan;
    }
    PhysicalPlan ordered = ordered(plan, context);
    return sharded(
        ordered, options, options.seed() == null ? -1 : count(query, tables, zone, context));
  }

  /** The same for EXPLAIN: nothing is counted. */
  static PhysicalPlan shown(PhysicalPlan plan, ReadOptions options, QueryContext context) {
    return options.isAll() ? plan : sharded(ordered(plan, context), options, -1);
  }

  private static PhysicalPlan sharded(PhysicalPlan ordered, ReadOptions options, long rows) {
    Long seed = options.seed();
    if (seed == null && options.epoch() != 0) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "epoch " + options.epoch() + " means nothing without a seed; set seed, too");
    }
    Shuffle shuffle = seed == null ? null : new Shuffle(seed, options.epoch(), rows);
    PhysicalPlan shard =
        new PhysicalPlan.ShardPlan(ordered, options.shard(), options.shards(), shuffle);
    List<OutputColumn> output = ordered.output();
    PhysicalPlan sorted =
        shuffle == null
            ? shard
            : new PhysicalPlan.SortPlan(shard, List.of(new SortKey(output.size(), false, false)));
    List<Expression> columns = new ArrayList<>();
    for (int i = 0; i < output.size(); i++) {
      columns.add(new Expression.InputRef(i, output.get(i).type()));
    }
    return new PhysicalPlan.ProjectPlan(sorted, columns, output);
  }

  /** The plan with ties in its order broken by the other columns. */
  private static PhysicalPlan ordered(PhysicalPlan plan, QueryContext context) {
    return switch (plan) {
      case PhysicalPlan.SortPlan sort ->
          new PhysicalPlan.SortPlan(sort.input(), total(sort.keys(), sort.output()));
      case PhysicalPlan.TopNPlan top ->
          new PhysicalPlan.TopNPlan(
              top.input(), total(top.keys(), top.output()), top.offset(), top.limit());
      case PhysicalPlan.FilterPlan filter ->
          new PhysicalPlan.FilterPlan(ordered(filter.input(), context), filter.condition());
      case PhysicalPlan.ProjectPlan project ->
          new PhysicalPlan.ProjectPlan(
              ordered(project.input(), context), project.expressions(), project.output());
      case PhysicalPlan.LimitPlan limit ->
          new PhysicalPlan.LimitPlan(
              ordered(limit.input(), context), limit.offset(), limit.limit());
      case PhysicalPlan.ScanPlan scan
          when context.tables().resolve(scan.table(), scan.version()).keepsOrder() ->
          scan;
      default ->
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "shard and seed need rows that have an order: read a training dataset, or end the"
                  + " query with ORDER BY over columns that tell its rows apart; RESET shard and"
                  + " RESET seed read all rows");
    };
  }

  private static List<SortKey> total(List<SortKey> keys, List<OutputColumn> columns) {
    List<SortKey> all = new ArrayList<>(keys);
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      boolean sorted = keys.stream().anyMatch(key -> key.column() == column);
      if (!sorted && !columns.get(i).type().isNested()) {
        all.add(new SortKey(i, false, false));
      }
    }
    return all;
  }

  private long count(SqlNode query, StatementTables tables, ZoneId zone, QueryContext context) {
    PhysicalPlan plan =
        planner.plan(counting(query), tables, zone, StatementRunner.types(context)).plan();
    AtomicLong rows = new AtomicLong();
    try (QueryExecution execution = engine.execute(plan, context)) {
      Draining.drain(execution.results(), batch -> add(batch, rows));
    }
    return rows.get();
  }

  private static void add(Batch batch, AtomicLong rows) {
    try (Batch counted = batch) {
      for (int i = 0; i < counted.rowCount(); i++) {
        rows.addAndGet((Long) Objects.requireNonNull(Cells.get(counted.column(0), i)));
      }
    }
  }

  private static SqlNode counting(SqlNode query) {
    SqlParserPos zero = SqlParserPos.ZERO;
    return Selects.of(
        zero,
        SqlNodeList.of(SqlStdOperatorTable.COUNT.createCall(zero, SqlIdentifier.star(zero))),
        SqlStdOperatorTable.AS.createCall(zero, query, new SqlIdentifier("$rows", zero)),
        null);
  }
}
