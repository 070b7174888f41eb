package io.sluice.engine.plan;

import io.sluice.engine.type.SqlType;
import java.util.List;

/**
 * One aggregate.
 *
 * @param function name in the registry; {@code count} without arguments counts rows
 * @param arguments columns of the input
 * @param distinct whether equal argument values count once
 * @param filter column of the input that must be true for a row to count, or -1
 */
public record AggregateCall(
    String function, List<Integer> arguments, boolean distinct, int filter, SqlType type) {
  public AggregateCall {
    arguments = List.copyOf(arguments);
  }
}
