package io.sluice.engine.operator.aggregate;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;

/** Makes an aggregate's results from the states that it needs. Safe for several threads. */
@FunctionalInterface
interface Finisher {
  /** Results of the groups {@code from} to {@code from + count}, owned by the caller. */
  FieldVector finish(GroupState state, int from, int count, BufferAllocator allocator);
}
