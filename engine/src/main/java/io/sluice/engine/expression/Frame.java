package io.sluice.engine.expression;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Gather;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch that are under evaluation, numbered densely from 0. Columns are gathered when
 * they are first asked for.
 */
final class Frame implements AutoCloseable {
  private final BufferAllocator allocator;
  private final List<@Nullable Slot> slots = new ArrayList<>();
  private @Nullable Batch batch;
  private int count;
  private @Nullable ArrowBuf rows;
  private @Nullable ArrowBuf ownRows;
  private @Nullable ArrowBuf positions;
  private @Nullable ArrowBuf ranks;
  private int generation;

  /** What this frame keeps of a column. */
  private static final class Slot {
    private final Values source;
    private final Values gathered;
    private final Values flat;
    private Values current;
    private int generation;

    private Slot(SqlType type, BufferAllocator allocator) {
      this.source = new Values(type, allocator);
      this.gathered = new Values(type, allocator);
      this.flat = new Values(type, allocator);
      this.current = source;
    }
  }

  Frame(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  int count() {
    return count;
  }

  Batch batch() {
    return Objects.requireNonNull(batch);
  }

  /** Physical rows of the batch, or null for all. */
  @Nullable ArrowBuf rows() {
    return rows;
  }

  /** For each row its number in the frame that the narrowing started from. */
  ArrowBuf positions() {
    return Objects.requireNonNull(positions);
  }

  /** For each row its number in the frame that was narrowed to this one. */
  ArrowBuf ranks() {
    return Objects.requireNonNull(ranks);
  }

  /** All rows that the batch selects. */
  void start(Batch source) {
    batch = source;
    count = source.rowCount();
    Selection selection = source.selection();
    rows = selection == null ? null : selection.rows();
    generation++;
  }

  /**
   * The rows of {@code parent} whose bit is set.
   *
   * @param base whether positions are rows of {@code parent}, not of what it was narrowed from
   */
  void narrow(Frame parent, ArrowBuf bits, boolean base) {
    start(parent.batch());
    int chosen = Bits.count(bits, parent.count);
    long bytes = Math.max(4L, (long) chosen << 2);
    ownRows = reserve(ownRows, bytes);
    positions = reserve(positions, bytes);
    ranks = reserve(ranks, bytes);
    ArrowBuf parentRows = parent.rows;
    int at = 0;
    int words = Bits.words(parent.count);
    for (int w = 0; w < words; w++) {
      long word = Bits.word(bits, w, parent.count);
      if (w == words - 1) {
        word &= Bits.tail(parent.count);
      }
      while (word != 0) {
        int row = (w << 6) + Long.numberOfTrailingZeros(word);
        word &= word - 1;
        long offset = (long) at++ << 2;
        ownRows.setInt(offset, parentRows == null ? row : parentRows.getInt((long) row << 2));
        ranks.setInt(offset, row);
        positions.setInt(offset, base ? row : parent.positions().getInt((long) row << 2));
      }
    }
    rows = ownRows;
    count = chosen;
  }

  /** One row of {@code parent}, or a range of them. */
  void range(Frame parent, int from, int to) {
    start(parent.batch());
    long bytes = Math.max(4L, (long) (to - from) << 2);
    ownRows = reserve(ownRows, bytes);
    ArrowBuf parentRows = parent.rows;
    for (int row = from; row < to; row++) {
      ownRows.setInt(
          (long) (row - from) << 2, parentRows == null ? row : parentRows.getInt((long) row << 2));
    }
    rows = ownRows;
    count = to - from;
  }

  private ArrowBuf reserve(@Nullable ArrowBuf buffer, long bytes) {
    if (buffer != null && buffer.capacity() >= bytes) {
      return buffer;
    }
    ArrowBuf larger = allocator.buffer(bytes);
    if (buffer != null) {
      buffer.close();
    }
    return larger;
  }

  /** Column {@code i} for this frame's rows. */
  Values column(int i) {
    while (slots.size() <= i) {
      slots.add(null);
    }
    Column column = batch().column(i);
    Slot slot = slots.get(i);
    if (slot == null) {
      slot = new Slot(column.type(), allocator);
      slots.set(i, slot);
    }
    if (slot.generation != generation) {
      slot.generation = generation;
      Values values = load(column, slot);
      if (values.isDictionary() && values.layout() == Layout.BIT) {
        // Logic works on whole words of bits.
        Gather.flatten(values, slot.flat);
        values = slot.flat;
      }
      slot.current = values;
    }
    return slot.current;
  }

  private Values load(Column column, Slot slot) {
    switch (column) {
      case ConstantColumn constant -> {
        slot.source.borrow(constant.value(), true, count);
        return slot.source;
      }
      case FlatColumn flat -> slot.source.borrow(flat.vector(), false, flat.length());
      case DictionaryColumn dictionary ->
          slot.source.borrowDictionary(
              dictionary.indices(), dictionary.dictionary(), dictionary.length());
    }
    ArrowBuf chosen = rows;
    if (chosen == null || slot.source.isConstant()) {
      return slot.source.isConstant() ? slot.source.forRows(count) : slot.source;
    }
    Gather.rows(slot.source, chosen, count, slot.gathered);
    return slot.gathered;
  }

  @Override
  public void close() {
    if (ownRows != null) {
      ownRows.close();
      ownRows = null;
    }
    if (positions != null) {
      positions.close();
      positions = null;
    }
    if (ranks != null) {
      ranks.close();
      ranks = null;
    }
    for (Slot slot : slots) {
      if (slot != null) {
        slot.source.close();
        slot.gathered.close();
        slot.flat.close();
      }
    }
    slots.clear();
    batch = null;
  }
}
