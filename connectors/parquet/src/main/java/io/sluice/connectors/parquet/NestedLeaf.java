package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.util.VectorAppender;
import org.jspecify.annotations.Nullable;

/**
 * A leaf of a nested column: its levels, by which the nodes above know their lengths and NULLs, and
 * its values. What is appended of one page becomes one piece, for only the page's levels say how
 * many values there are.
 */
final class NestedLeaf implements AutoCloseable {
  private final PageStream pages;
  private final @Nullable ValueDecoder values;
  private final SqlType decoded;
  private final PageMemory memory;
  private final int slot;
  private final PageLevels page;
  private final LevelBuffer definitions;
  private final LevelBuffer repetitions;
  private final List<Column> pieces = new ArrayList<>();
  private int slots;
  private int levels;
  // The next level of the page.
  private int at;
  private boolean opened;

  /**
   * Takes ownership of pages and values.
   *
   * @param values null where only the levels are wanted, or all values are NULL
   * @param decoded the type of the values
   * @param slot least definition level at which the leaf has a value or a NULL of its own
   */
  NestedLeaf(
      ParquetColumn column,
      PageStream pages,
      @Nullable ValueDecoder values,
      SqlType decoded,
      int slot,
      PageMemory memory) {
    this.pages = pages;
    this.values = values;
    this.decoded = decoded;
    this.slot = slot;
    this.memory = memory;
    this.definitions = new LevelBuffer(memory);
    this.repetitions = new LevelBuffer(memory);
    this.page = new PageLevels(column, slot, memory);
  }

  void begin() {
    closePieces();
    definitions.clear();
    repetitions.clear();
    slots = 0;
    levels = 0;
  }

  /** Passes {@code rows} rows; {@code keep} says whether they join the batch. */
  void advance(int rows, boolean keep) {
    int left = rows;
    boolean open = false;
    while (true) {
      if (at == page.count()) {
        // the last row may go on in the next page
        if (left == 0 && (!open || pages.atEnd())) {
          return;
        }
        load();
        continue;
      }
      int from = at;
      ArrowBuf repetition = page.repetitions();
      if (repetition == null) {
        int step = Math.min(left, page.count() - at);
        at += step;
        left -= step;
      } else {
        long address = repetition.memoryAddress();
        if (!open && repetition.getByte(at) != 0) {
          throw new CorruptPage("a row goes on that has not begun");
        }
        at = LevelKernels.rowsEnd(address, from, page.count(), left);
        left -= LevelKernels.rows(address, from, at);
        open = true;
      }
      if (at > from) {
        take(from, at, keep);
      }
      if (left == 0 && at < page.count()) {
        return;
      }
    }
  }

  private void load() {
    ValueDecoder decoder = values;
    if (!opened) {
      opened = true;
      DataPage dictionary = pages.dictionary();
      if (dictionary != null && decoder != null) {
        decoder.dictionary(dictionary);
      }
    }
    pages.nextPage(0);
    DataPage loaded = pages.loadPage(page);
    at = 0;
    if (decoder != null) {
      decoder.page(loaded);
    }
  }

  private void take(int from, int to, boolean keep) {
    ArrowBuf definition = page.definitions();
    int count =
        definition == null
            ? to - from
            : LevelKernels.atLeast(definition.memoryAddress() + from, slot, to - from);
    ValueDecoder decoder = values;
    if (!keep) {
      if (decoder != null && count > 0) {
        decoder.skip(count);
      }
      return;
    }
    if (definition != null) {
      definitions.append(definition, from, to - from);
    }
    ArrowBuf repetition = page.repetitions();
    if (repetition != null) {
      repetitions.append(repetition, from, to - from);
    }
    levels += to - from;
    slots = Math.addExact(slots, count);
    if (decoder != null && count > 0) {
      decoder.begin(count);
      decoder.append(count);
      pieces.add(decoder.finish());
    }
  }

  /** Levels of the batch. */
  int levels() {
    return levels;
  }

  /** Address of the batch's definition levels, 0 where all are 0. */
  long definitions() {
    return definitions.count() == 0 ? 0 : definitions.address();
  }

  /** Address of the batch's repetition levels, 0 where all are 0. */
  long repetitions() {
    return repetitions.count() == 0 ? 0 : repetitions.address();
  }

  /** Values of the batch, NULLs included. */
  int slots() {
    return slots;
  }

  /** The values of the batch; the caller closes them. */
  FieldVector vector() {
    if (pieces.size() == 1) {
      return flat(pieces.removeFirst());
    }
    if (pieces.isEmpty()) {
      return Vectors.nulls(decoded, slots, memory.allocator());
    }
    FieldVector all = Vectors.create(decoded, memory.allocator());
    try {
      all.setInitialCapacity(slots);
      all.allocateNew();
      VectorAppender appender = new VectorAppender(all);
      for (Column piece : pieces) {
        ((FlatColumn) piece).vector().accept(appender, null);
      }
      closePieces();
      return all;
    } catch (RuntimeException | Error failure) {
      all.close();
      throw failure;
    }
  }

  private static FieldVector flat(Column piece) {
    return ((FlatColumn) piece).vector();
  }

  private void closePieces() {
    pieces.forEach(Column::close);
    pieces.clear();
  }

  @Override
  public void close() {
    closePieces();
    definitions.close();
    repetitions.close();
    page.close();
    try {
      if (values != null) {
        values.close();
      }
    } finally {
      pages.close();
    }
  }
}
