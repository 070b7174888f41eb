package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.KeyLayout;
import io.sluice.engine.plan.AggregateCall;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan.AggregatePlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A plan's aggregates, compiled: the slots they read, the states they keep, and how results come
 * from states. With several grouping sets the key's first column is the number of the set.
 */
final class AggregateProgram {
  private final List<SqlType> inputTypes;
  private final List<Integer> groups;
  private final List<List<Integer>> groupingSets;
  private final List<Slot> slots = new ArrayList<>();
  private final List<AccumulatorSpec> accumulators = new ArrayList<>();
  private final List<Finisher> finishers = new ArrayList<>();
  private final KeyLayout keys;

  AggregateProgram(AggregatePlan plan) {
    this.inputTypes = plan.input().output().stream().map(OutputColumn::type).toList();
    this.groups = plan.groups();
    List<Integer> all = IntStream.range(0, groups.size()).boxed().toList();
    this.groupingSets = plan.groupingSets().isEmpty() ? List.of(all) : plan.groupingSets();
    List<SqlType> keyTypes = new ArrayList<>();
    if (numbersSets()) {
      keyTypes.add(SqlType.INTEGER);
    }
    groups.forEach(column -> keyTypes.add(inputTypes.get(column)));
    this.keys = new KeyLayout(keyTypes);
    for (AggregateCall call : plan.calls()) {
      finishers.add(AggregateCalls.compile(call, this));
    }
  }

  /** Whether a row goes to groups of several sets, or some group columns to none. */
  boolean numbersSets() {
    return groupingSets.size() != 1 || groupingSets.getFirst().size() != groups.size();
  }

  SqlType inputType(int column) {
    return inputTypes.get(column);
  }

  /** The group columns of the input. */
  List<Integer> groups() {
    return groups;
  }

  /** Positions within {@link #groups} of each set. */
  List<List<Integer>> groupingSets() {
    return groupingSets;
  }

  KeyLayout keys() {
    return keys;
  }

  boolean hasKeys() {
    return !keys.types().isEmpty();
  }

  /** Whether something is merged for all groups of a state at once. */
  boolean mergesMapped() {
    return slots.stream().anyMatch(Slot::distinct)
        || accumulators.stream().anyMatch(spec -> spec.kind().mergesMapped());
  }

  List<Slot> slots() {
    return slots;
  }

  List<SqlType> slotTypes(Slot slot) {
    return slot.columns().stream().map(inputTypes::get).toList();
  }

  List<AccumulatorSpec> accumulators() {
    return accumulators;
  }

  List<Finisher> finishers() {
    return finishers;
  }

  /** The index of an equal slot, made where there is none. */
  int slot(Slot slot) {
    return indexOf(slots, slot);
  }

  /** The index of an equal state, made where there is none. */
  int accumulator(AccumulatorSpec spec) {
    return indexOf(accumulators, spec);
  }

  private static <T> int indexOf(List<T> list, T element) {
    int index = list.indexOf(element);
    if (index < 0) {
      index = list.size();
      list.add(element);
    }
    return index;
  }
}
