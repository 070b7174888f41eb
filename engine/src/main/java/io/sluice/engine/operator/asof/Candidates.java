package io.sluice.engine.operator.asof;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.sort.SortKeyBytes;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Right rows in memory, for every entity in the order in which they are preferred: by instant, then
 * by the tie rule. Positions count rows in that order; an entity's are a range {@code count << 32 |
 * start}. Built once, then read by all threads. Owns its memory.
 */
final class Candidates implements AutoCloseable {
  /**
   * Rows of one batch.
   *
   * @param entities -1 for rows that cannot match
   * @param codes of the instants, or empty where {@link Part#instants} holds them
   * @param places that break ties, or null where {@link Part#ties} does
   */
  record Chunk(Batch batch, int[] entities, long[] codes, @Nullable RowPlaces places) {}

  /** A task's share. Keys are those of its chunks' rows in order. */
  record Part(
      EntityTable entities,
      List<Chunk> chunks,
      @Nullable SortKeyBytes instants,
      @Nullable SortKeyBytes ties,
      MemoryReservation reservation)
      implements AutoCloseable {
    @Override
    public void close() {
      entities.close();
      chunks.forEach(chunk -> chunk.batch().close());
      reservation.close();
    }
  }

  private final MemoryReservation heap;
  private final List<Part> parts = new ArrayList<>();
  private final List<ChunkedColumn> columns = new ArrayList<>();
  private @Nullable EntityTable entities;
  private long[] codes = {};
  private long[] locations = {};
  private @Nullable InstantRanks ranks;
  private boolean closed;

  Candidates(BufferAllocator allocator) {
    this.heap = new MemoryReservation(allocator);
  }

  /**
   * Orders everything. Takes ownership of the parts, of which there is at least one.
   *
   * @param types of the columns
   * @param inverted whether codes of keys are to be inverted
   * @param columnAllocator of the query, as columns are handed on
   */
  void index(
      List<Part> all, List<SqlType> types, boolean inverted, BufferAllocator columnAllocator) {
    parts.addAll(all);
    List<Chunk> chunks = new ArrayList<>();
    long total = 0;
    for (Part part : parts) {
      chunks.addAll(part.chunks());
      for (Chunk chunk : part.chunks()) {
        total += chunk.entities().length;
      }
    }
    if (total > Integer.MAX_VALUE - 8) {
      throw new EngineException(
          ErrorCode.MEMORY_LIMIT,
          "the right side of an ASOF JOIN keeps more than " + Integer.MAX_VALUE + " rows");
    }
    EntityTable table = unify();
    heap.add(table.size() * 8L + total * (44L + 8L * orderWidth()));
    CandidateOrder order = new CandidateOrder(parts, (int) total);
    if (parts.getFirst().instants() != null) {
      ranks = order.rank(inverted);
    }
    long[] ranges = order.sort(table.size());
    codes = order.codes();
    locations = order.locations();
    table.seal(entity -> ranges[entity]);
    for (int c = 0; c < types.size(); c++) {
      List<Column> pieces = new ArrayList<>();
      for (Chunk chunk : chunks) {
        pieces.add(chunk.batch().column(c));
      }
      columns.add(ChunkedColumn.of(types.get(c), pieces, columnAllocator));
    }
    chunks.forEach(chunk -> chunk.batch().close());
    heap.resize(codes.length * 16L);
  }

  /** Longs, beside the addresses, that order rows by their places. */
  private int orderWidth() {
    for (Part part : parts) {
      for (Chunk chunk : part.chunks()) {
        return chunk.places() == null ? 0 : chunk.places().order().length;
      }
    }
    return 0;
  }

  private EntityTable unify() {
    EntityTable target = parts.getFirst().entities();
    for (Part part : parts) {
      if (part.entities() != target) {
        int[] mapping = target.merge(part.entities());
        for (Chunk chunk : part.chunks()) {
          int[] numbers = chunk.entities();
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = numbers[i] < 0 ? -1 : mapping[numbers[i]];
          }
        }
      }
    }
    entities = target;
    return target;
  }

  EntityTable entities() {
    return Built.of(entities);
  }

  /** Rows that can match. */
  int rows() {
    return codes.length;
  }

  /** How instants became codes, where they are keys. */
  @Nullable InstantRanks ranks() {
    return ranks;
  }

  /** The last position of the range whose code is not above {@code code}, or -1. */
  int lastUpTo(long range, long code) {
    int start = (int) range;
    int low = start;
    int high = start + (int) (range >>> 32);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (codes[middle] <= code) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > start ? low - 1 : -1;
  }

  long code(int position) {
    return codes[position];
  }

  /** Where the row lies, in the form of {@link FlatChunks}. */
  long location(int position) {
    return locations[position];
  }

  ChunkedColumn column(int index) {
    return columns.get(index);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      parts.forEach(Part::close);
      columns.forEach(ChunkedColumn::close);
      codes = new long[0];
      locations = new long[0];
      heap.close();
    }
  }
}
