package io.sluice.engine.operator.aggregate;

import io.sluice.engine.operator.hash.GroupTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * Groups and what is kept of each: one per worker at first, then one per partition of the groups.
 */
final class GroupState implements AutoCloseable {
  private final AggregateProgram program;
  private final BufferAllocator allocator;
  private final GroupTable table;
  private final List<Accumulator> accumulators = new ArrayList<>();

  /** By slot; null where it is not distinct. */
  private final List<@Nullable DistinctRows> distinct = new ArrayList<>();

  private boolean closed;

  GroupState(AggregateProgram program, BufferAllocator allocator) {
    this.program = program;
    this.allocator = allocator;
    this.table = GroupTable.create(program.keys(), allocator);
    for (AccumulatorSpec spec : program.accumulators()) {
      accumulators.add(spec.create(allocator));
    }
    for (Slot slot : program.slots()) {
      distinct.add(slot.distinct() ? new DistinctRows(program.slotTypes(slot), allocator) : null);
    }
  }

  /** The groups' keys; without keys there is one group. */
  GroupTable table() {
    return table;
  }

  int size() {
    return program.hasKeys() ? table.size() : 1;
  }

  Accumulator accumulator(int index) {
    return accumulators.get(index);
  }

  CountAccumulator count(int index) {
    return (CountAccumulator) accumulators.get(index);
  }

  @Nullable DistinctRows distinct(int slot) {
    return distinct.get(slot);
  }

  /** Makes room for the states of all groups of the table. */
  void resize() {
    int groups = size();
    for (Accumulator accumulator : accumulators) {
      accumulator.resize(groups);
    }
  }

  /** Takes in a slot's rows. */
  void update(int slot, SlotValues values) {
    for (int a = 0; a < accumulators.size(); a++) {
      if (program.accumulators().get(a).slot() == slot) {
        accumulators.get(a).update(values);
      }
    }
  }

  /** All rows are in. */
  void settle() {
    accumulators.forEach(Accumulator::settle);
  }

  /**
   * Takes in groups of another state.
   *
   * @param to scratch, at least as long as {@code count}; afterwards the groups here
   */
  void merge(GroupState other, int[] from, int[] to, int count) {
    if (program.hasKeys()) {
      table.addFrom(other.table, from, count, to);
    } else {
      Arrays.fill(to, 0, count, 0);
    }
    resize();
    for (int a = 0; a < accumulators.size(); a++) {
      Slot slot = program.slots().get(program.accumulators().get(a).slot());
      if (!slot.distinct()) {
        accumulators.get(a).merge(other.accumulators.get(a), from, to, count);
      }
    }
  }

  /**
   * Takes in what is merged for all groups at once: distinct rows, and states that are like them.
   *
   * @param mapping of its groups to groups here, or -1
   */
  void mergeMapped(GroupState other, int[] mapping) {
    for (int slot = 0; slot < distinct.size(); slot++) {
      DistinctRows mine = distinct.get(slot);
      DistinctRows theirs = other.distinct.get(slot);
      if (mine != null && theirs != null) {
        mine.merge(theirs, mapping);
      }
    }
    for (int a = 0; a < accumulators.size(); a++) {
      if (!program.slots().get(program.accumulators().get(a).slot()).distinct()) {
        accumulators.get(a).mergeMapped(other.accumulators.get(a), mapping);
      }
    }
  }

  /** Once all is merged: aggregates distinct rows. */
  void finish() {
    resize();
    for (int slot = 0; slot < distinct.size(); slot++) {
      DistinctRows rows = distinct.get(slot);
      if (rows == null) {
        continue;
      }
      List<Accumulator> targets = new ArrayList<>();
      for (int a = 0; a < accumulators.size(); a++) {
        if (program.accumulators().get(a).slot() == slot) {
          targets.add(accumulators.get(a));
        }
      }
      Slot description = program.slots().get(slot);
      try (SlotValues values =
          new SlotValues(description, program.slotTypes(description), allocator)) {
        rows.feed(values, targets);
      }
      targets.forEach(Accumulator::settle);
      rows.close();
      distinct.set(slot, null);
    }
    accumulators.forEach(Accumulator::finish);
  }

  /** A column of the keys of some groups, owned by the caller. */
  FieldVector keys(int column, int from, int count, BufferAllocator target) {
    return table.keys(column, from, count, target);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      table.close();
      accumulators.forEach(Accumulator::close);
      for (DistinctRows rows : distinct) {
        if (rows != null) {
          rows.close();
        }
      }
    }
  }
}
