package io.sluice.engine.plan;

import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the engine executes, as data: records that can be sent through bytes and back. Plans name
 * tables and functions; they hold no snapshot, split, credential, lambda or live object.
 */
public sealed interface PhysicalPlan {
  List<OutputColumn> output();

  List<PhysicalPlan> inputs();

  /**
   * Columns of a table, of the rows for which {@code filter} (over this output) is true. Hidden
   * columns are named like others.
   *
   * @param tableColumns the table's names of the output columns
   */
  record ScanPlan(
      TableName table,
      TableVersion version,
      List<String> tableColumns,
      @Nullable Expression filter,
      List<OutputColumn> output)
      implements PhysicalPlan {
    public ScanPlan {
      tableColumns = List.copyOf(tableColumns);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of();
    }
  }

  /** Constant rows; the expressions read no column. */
  record ValuesPlan(List<List<Expression>> rows, List<OutputColumn> output)
      implements PhysicalPlan {
    public ValuesPlan {
      rows = List.copyOf(rows);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of();
    }
  }

  /** Rows for which the condition is true. */
  record FilterPlan(PhysicalPlan input, Expression condition) implements PhysicalPlan {
    @Override
    public List<OutputColumn> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /** One expression per output column. */
  record ProjectPlan(PhysicalPlan input, List<Expression> expressions, List<OutputColumn> output)
      implements PhysicalPlan {
    public ProjectPlan {
      expressions = List.copyOf(expressions);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /**
   * Groups by columns, then the calls. Without groups there is one row. With several grouping sets
   * (positions within {@code groups}), absent columns are NULL.
   */
  record AggregatePlan(
      PhysicalPlan input,
      List<Integer> groups,
      List<List<Integer>> groupingSets,
      List<AggregateCall> calls,
      List<OutputColumn> output)
      implements PhysicalPlan {
    public AggregatePlan {
      groups = List.copyOf(groups);
      groupingSets = List.copyOf(groupingSets);
      calls = List.copyOf(calls);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /**
   * Equality join: the right side is built into a hash table, the left side probes it. Output is
   * left columns, then right columns (see {@link JoinKind} for the kinds that differ).
   *
   * @param nullSafe per key, whether NULL equals NULL (IS NOT DISTINCT FROM)
   * @param residual a further condition over left columns, then right columns
   */
  record HashJoinPlan(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      List<Expression> leftKeys,
      List<Expression> rightKeys,
      List<Boolean> nullSafe,
      @Nullable Expression residual,
      List<OutputColumn> output)
      implements PhysicalPlan {
    public HashJoinPlan {
      leftKeys = List.copyOf(leftKeys);
      rightKeys = List.copyOf(rightKeys);
      nullSafe = List.copyOf(nullSafe);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left, right);
    }
  }

  /** A join by any condition, or none; the right side is kept in memory. */
  record NestedLoopJoinPlan(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      @Nullable Expression condition,
      List<OutputColumn> output)
      implements PhysicalPlan {
    public NestedLoopJoinPlan {
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left, right);
    }
  }

  /**
   * The row of an online table for each left row, at most one: the one with the key that the
   * expressions give. NULL in a key never matches. Output is left columns, then the table's. Rows
   * keep their order.
   *
   * @param table in the catalog of online tables
   * @param keys over left columns, in the order and the types of the table's key
   * @param keyNames the names of the key's columns
   * @param tableColumns the table's names of the output columns behind the left ones
   * @param outer keeps left rows without a match
   * @param distinct drops left rows whose key was there before
   */
  record LookupJoinPlan(
      PhysicalPlan left,
      TableName table,
      List<Expression> keys,
      List<String> keyNames,
      List<String> tableColumns,
      boolean outer,
      boolean distinct,
      List<OutputColumn> output)
      implements PhysicalPlan {
    public LookupJoinPlan {
      keys = List.copyOf(keys);
      keyNames = List.copyOf(keyNames);
      tableColumns = List.copyOf(tableColumns);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left);
    }
  }

  /**
   * The closest right row for each left row, at most one. NULL in a key or in a match operand never
   * matches. Output is left columns, then right columns.
   *
   * @param outer keeps left rows without a match
   * @param leftMatch the deciding operands over left columns; several compare lexicographically
   * @param rightMatch the deciding operands over right columns
   * @param direction of the right operand as seen from the left one
   * @param bounds conditions that, once true for one left instant, mostly stay true for all that
   *     are further in the direction
   * @param tolerance a condition over left columns, then right columns, that can only turn false as
   *     the right row gets farther away, or does not depend on it: checked on the winner
   * @param residual any other condition over left columns, then right columns, true before the pick
   * @param tieColumns right columns that break ties, greatest first wins, NULL lowest; empty where
   *     the right side is a filtered or projected scan, whose row order decides
   */
  record AsofJoinPlan(
      PhysicalPlan left,
      PhysicalPlan right,
      boolean outer,
      List<Expression> leftKeys,
      List<Expression> rightKeys,
      List<Expression> leftMatch,
      List<Expression> rightMatch,
      AsofDirection direction,
      List<AsofBound> bounds,
      @Nullable Expression tolerance,
      @Nullable Expression residual,
      List<Integer> tieColumns,
      List<OutputColumn> output)
      implements PhysicalPlan {
    public AsofJoinPlan {
      leftKeys = List.copyOf(leftKeys);
      rightKeys = List.copyOf(rightKeys);
      leftMatch = List.copyOf(leftMatch);
      rightMatch = List.copyOf(rightMatch);
      bounds = List.copyOf(bounds);
      tieColumns = List.copyOf(tieColumns);
      output = List.copyOf(output);
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(left, right);
    }
  }

  /** All rows in order. Rows that compare equal come in no fixed order. */
  record SortPlan(PhysicalPlan input, List<SortKey> keys) implements PhysicalPlan {
    public SortPlan {
      keys = List.copyOf(keys);
    }

    @Override
    public List<OutputColumn> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /** The rows {@code offset} to {@code offset + limit} of the order, in order. */
  record TopNPlan(PhysicalPlan input, List<SortKey> keys, RowCount offset, RowCount limit)
      implements PhysicalPlan {
    public TopNPlan {
      keys = List.copyOf(keys);
    }

    public TopNPlan(PhysicalPlan input, List<SortKey> keys, long offset, long limit) {
      this(input, keys, new RowCount.Fixed(offset), new RowCount.Fixed(limit));
    }

    @Override
    public List<OutputColumn> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /** At most {@code limit} rows (-1 for all) after the first {@code offset}; keeps the order. */
  record LimitPlan(PhysicalPlan input, RowCount offset, RowCount limit) implements PhysicalPlan {
    public LimitPlan(PhysicalPlan input, long offset, long limit) {
      this(input, new RowCount.Fixed(offset), new RowCount.Fixed(limit));
    }

    @Override
    public List<OutputColumn> output() {
      return input.output();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /**
   * One shard of rows that come in an order: row k stands at position k or, with a shuffle, where
   * the permutation of {@link io.sluice.engine.operator.shard.RowPermutation} puts it, and a shard
   * has the positions that leave the remainder {@code shard} by {@code shards}. Rows come as in the
   * input. Output is the input's columns, then the position.
   *
   * @param shard from 0
   * @param shuffle null for the input's own order
   */
  record ShardPlan(PhysicalPlan input, long shard, long shards, @Nullable Shuffle shuffle)
      implements PhysicalPlan {
    @Override
    public List<OutputColumn> output() {
      return Stream.concat(
              input.output().stream(),
              Stream.of(new OutputColumn("$position", SqlType.BIGINT, false)))
          .toList();
    }

    @Override
    public List<PhysicalPlan> inputs() {
      return List.of(input);
    }
  }

  /** All rows of all inputs, whose types are equal. */
  record UnionPlan(List<PhysicalPlan> inputs, List<OutputColumn> output) implements PhysicalPlan {
    public UnionPlan {
      inputs = List.copyOf(inputs);
      output = List.copyOf(output);
    }
  }
}
