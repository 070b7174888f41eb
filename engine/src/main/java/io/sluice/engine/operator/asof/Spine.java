package io.sluice.engine.operator.asof;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The left side in memory: its batches, its entities, and for every row the slot of its entity and
 * instant. Rows without a key or operand have no slot. Built by {@link #index}, then read by all
 * threads. Owns its memory.
 */
final class Spine implements AutoCloseable {
  /** A task's share. */
  record Part(EntityTable entities, List<SpineBatch> batches) {}

  private static final int ROWS_PER_PIECE = 1 << 16;

  private final BufferAllocator allocator;
  private final int boundCount;
  private final MemoryReservation heap;
  private final List<SpineBatch> batches = new ArrayList<>();
  private final AtomicInteger piecesLeft = new AtomicInteger();
  private @Nullable EntityTable entities;
  private int entityCount;
  private int rows;
  private int[] starts = {};
  private @Nullable ArrowBuf rowSlots;
  private @Nullable ArrowBuf ranges;
  private @Nullable Slots slots;
  private volatile boolean monotone = true;
  private final SpineExtent extent;
  private boolean closed;

  /**
   * @param boundCount bounds by which slots are told apart
   * @param limits whose extremes are to be known
   */
  Spine(int boundCount, List<SpineLimit> limits, BufferAllocator allocator) {
    this.boundCount = boundCount;
    this.extent = new SpineExtent(limits);
    this.allocator = allocator;
    this.heap = new MemoryReservation(allocator);
  }

  /** Takes ownership of all parts and returns what is left to do to build the slots. */
  List<Work> index(List<Part> parts, int workers) {
    for (Part part : parts) {
      batches.addAll(part.batches());
    }
    long total = 0;
    for (SpineBatch batch : batches) {
      batch.setFirstRow((int) total);
      total += batch.rows();
      if (total > Integer.MAX_VALUE - 8) {
        closeTables(parts);
        throw new EngineException(
            ErrorCode.MEMORY_LIMIT,
            "the left side of an ASOF JOIN has more than " + Integer.MAX_VALUE + " rows");
      }
    }
    rows = (int) total;
    EntityTable table = unify(parts);
    entityCount = table.size();
    heap.add((entityCount + 1L) << 2);
    int[] begin = countByEntity();
    starts = begin;
    rowSlots = allocator.buffer(Math.max(1, (long) rows << 2));
    ranges = allocator.buffer(Math.max(1, (long) entityCount << 3));
    slots = new Slots(begin[entityCount], boundCount, allocator);
    return pieces(Math.max(1, Math.min(2 * workers, rows / ROWS_PER_PIECE)));
  }

  private static void closeTables(List<Part> parts) {
    parts.forEach(part -> part.entities().close());
  }

  /** One table of all parts' keys; the batches' entities are renumbered. */
  private EntityTable unify(List<Part> parts) {
    EntityTable largest = parts.getFirst().entities();
    for (Part part : parts) {
      largest = part.entities().size() > largest.size() ? part.entities() : largest;
    }
    entities = largest;
    try {
      for (Part part : parts) {
        if (part.entities() != largest) {
          renumber(part.batches(), largest.merge(part.entities()));
        }
      }
      return largest;
    } finally {
      for (Part part : parts) {
        if (part.entities() != largest) {
          part.entities().close();
        }
      }
    }
  }

  private static void renumber(List<SpineBatch> batches, int[] mapping) {
    for (SpineBatch batch : batches) {
      for (int i = 0; i < batch.rows(); i++) {
        int entity = batch.entity(i);
        if (entity >= 0) {
          batch.setEntity(i, mapping[entity]);
        }
      }
    }
  }

  /** Where each entity's rows begin if rows are ordered by entity; the last one is the end. */
  private int[] countByEntity() {
    int[] counts = new int[entityCount + 1];
    for (SpineBatch batch : batches) {
      for (int i = 0; i < batch.rows(); i++) {
        int entity = batch.entity(i);
        if (entity >= 0) {
          counts[entity + 1]++;
        }
      }
    }
    for (int entity = 0; entity < entityCount; entity++) {
      counts[entity + 1] += counts[entity];
    }
    return counts;
  }

  private List<Work> pieces(int count) {
    int[] begin = starts;
    int slotted = begin[entityCount];
    List<Work> pieces = new ArrayList<>();
    int from = 0;
    for (int piece = 1; piece <= count; piece++) {
      int target = (int) ((long) slotted * piece / count);
      int found = Arrays.binarySearch(begin, from, entityCount + 1, target);
      int to = piece == count ? entityCount : found >= 0 ? found : -found - 1;
      if (to > from || piece == count) {
        pieces.add(new SlotWork(from, Math.max(to, from), pieces.isEmpty()));
        from = Math.max(to, from);
      }
    }
    piecesLeft.set(pieces.size());
    return pieces;
  }

  List<SpineBatch> batches() {
    return batches;
  }

  int rows() {
    return rows;
  }

  int entityCount() {
    return entityCount;
  }

  EntityTable entities() {
    return Built.of(entities);
  }

  Slots slots() {
    return Built.of(slots);
  }

  /** The entity's slots; see {@link Slots#range}. */
  long range(int entity) {
    return Built.of(ranges).getLong((long) entity << 3);
  }

  /** The slot of a row, or -1 where it cannot match. */
  int slot(int row) {
    return Built.of(rowSlots).getInt((long) row << 2);
  }

  /** Complete once the spine is. */
  SpineExtent extent() {
    return extent;
  }

  /** Whether all bounds ascend with the slots of every entity. */
  boolean monotone() {
    return monotone;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    batches.forEach(SpineBatch::close);
    if (entities != null) {
      entities.close();
    }
    if (rowSlots != null) {
      rowSlots.close();
    }
    if (ranges != null) {
      ranges.close();
    }
    if (slots != null) {
      slots.close();
    }
    heap.close();
  }

  /** Orders the rows of a run of entities and gives them their slots. */
  private final class SlotWork implements Work {
    private final int from;
    private final int to;
    private final boolean marksSlotless;

    SlotWork(int from, int to, boolean marksSlotless) {
      this.from = from;
      this.to = to;
      this.marksSlotless = marksSlotless;
    }

    @Override
    public boolean step(TaskContext task) {
      int base = starts[from];
      int count = starts[to] - base;
      try (MemoryReservation scratch = new MemoryReservation(allocator)) {
        scratch.add(count * (12L + 8L * boundCount) + (to - from) * 4L);
        EntityRows sorted = new EntityRows(count, boundCount);
        int[] next = new int[to - from];
        for (int entity = from; entity < to; entity++) {
          next[entity - from] = starts[entity] - base;
        }
        for (SpineBatch batch : batches) {
          task.checkCancelled();
          collect(batch, next, sorted);
        }
        slot(sorted, base, scratch, task);
      }
      if (piecesLeft.decrementAndGet() == 0) {
        batches.forEach(SpineBatch::closeOperands);
        entities().seal(Spine.this::range);
      }
      return false;
    }

    private void collect(SpineBatch batch, int[] next, EntityRows sorted) {
      ArrowBuf slotOfRow = Built.of(rowSlots);
      for (int i = 0; i < batch.rows(); i++) {
        int entity = batch.entity(i);
        if (entity >= from && entity < to) {
          int at = next[entity - from]++;
          sorted.codes[at] = batch.code(0, i);
          sorted.rows[at] = batch.firstRow() + i;
          for (int b = 0; b < boundCount; b++) {
            sorted.bounds[b][at] = batch.code(b + 1, i);
          }
        } else if (entity < 0 && marksSlotless) {
          slotOfRow.setInt((long) (batch.firstRow() + i) << 2, -1);
        }
      }
    }

    private void slot(EntityRows sorted, int base, MemoryReservation scratch, TaskContext task) {
      ArrowBuf slotOfRow = Built.of(rowSlots);
      ArrowBuf slotsOfEntity = Built.of(ranges);
      Slots target = slots();
      long largest = 0;
      for (int entity = from; entity < to; entity++) {
        largest = Math.max(largest, starts[entity + 1] - starts[entity]);
      }
      scratch.add(CodeSort.scratchBytes(largest));
      for (int entity = from; entity < to; entity++) {
        int first = starts[entity] - base;
        int end = starts[entity + 1] - base;
        sorted.sort(first, end);
        int slot = starts[entity] - 1;
        for (int at = first; at < end; at++) {
          if (at == first || !sorted.sameInstant(at - 1, at)) {
            slot++;
            target.open(slot, sorted.codes[at]);
            for (int b = 0; b < boundCount; b++) {
              target.setBound(b, slot, sorted.bounds[b][at]);
            }
            if (at > first && !sorted.boundsAscend(at - 1, at)) {
              monotone = false;
            }
          }
          slotOfRow.setInt((long) sorted.rows[at] << 2, slot);
        }
        int used = slot + 1 - starts[entity];
        for (int unused = slot + 1; unused < starts[entity + 1]; unused++) {
          target.open(unused, Long.MAX_VALUE);
        }
        slotsOfEntity.setLong((long) entity << 3, Slots.range(starts[entity], used));
        if ((entity & 0xFFF) == 0) {
          task.checkCancelled();
        }
      }
    }
  }
}
