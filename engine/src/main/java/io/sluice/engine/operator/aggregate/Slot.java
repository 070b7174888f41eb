package io.sluice.engine.operator.aggregate;

import java.util.List;

/**
 * The rows that some aggregates have in common: those for which the filter column is true and no
 * argument is NULL.
 *
 * @param columns the arguments, columns of the input
 * @param asDouble whether numbers are read as doubles
 * @param distinct whether equal arguments within a group count once
 * @param filter column of the input, or -1
 */
record Slot(List<Integer> columns, boolean asDouble, boolean distinct, int filter) {
  Slot {
    columns = List.copyOf(columns);
  }
}
