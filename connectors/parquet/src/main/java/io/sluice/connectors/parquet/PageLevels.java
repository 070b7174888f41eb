package io.sluice.connectors.parquet;

import static org.apache.arrow.memory.util.MemoryUtil.getInt;
import static org.apache.arrow.memory.util.MemoryUtil.putByte;

import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/** Levels of one page of a nested column's leaf, a byte each; reused from page to page. */
final class PageLevels implements AutoCloseable {
  private static final int BLOCK = 4096;

  private final int maxDefinition;
  private final int maxRepetition;
  private final int slot;
  private final PageMemory memory;
  private final HybridDecoder runs = new HybridDecoder();
  private final ArrowBuf block;
  private @Nullable ArrowBuf definitions;
  private @Nullable ArrowBuf repetitions;
  private @Nullable ArrowBuf validity;
  private int count;
  private int slots;
  private int values;

  /**
   * @param slot least definition level at which the leaf has a value or a NULL of its own
   */
  PageLevels(ParquetColumn column, int slot, PageMemory memory) {
    this.maxDefinition = column.maxDefinitionLevel();
    this.maxRepetition = column.maxRepetitionLevel();
    this.slot = slot;
    this.memory = memory;
    this.block = memory.take((long) BLOCK << 2);
  }

  /** Reads the levels at {@code start}. */
  void readSecondVersion(PageHeader header, long start) {
    begin(header.values);
    long middle = start + header.repetitionBytes;
    ArrowBuf repetition = repetitions;
    if (repetition != null) {
      runs.reset(start, middle, width(maxRepetition));
      readRuns(repetition, maxRepetition);
    }
    ArrowBuf definition = definitions;
    if (definition != null) {
      runs.reset(middle, middle + header.definitionBytes, width(maxDefinition));
      readRuns(definition, maxDefinition);
    }
    summarize();
  }

  /**
   * Reads the levels at {@code start}.
   *
   * @return where the values begin
   */
  long readFirstVersion(PageHeader header, long start, long limit) {
    begin(header.values);
    long at = start;
    ArrowBuf repetition = repetitions;
    if (repetition != null) {
      at = read(header.repetitionEncoding, at, limit, repetition, maxRepetition);
    }
    ArrowBuf definition = definitions;
    if (definition != null) {
      at = read(header.definitionEncoding, at, limit, definition, maxDefinition);
    }
    summarize();
    return at;
  }

  private void begin(int levels) {
    release();
    count = levels;
    if (maxRepetition > 0) {
      repetitions = memory.take(levels);
    }
    if (maxDefinition > 0) {
      definitions = memory.take(levels);
    }
  }

  private static int width(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }

  private long read(int encoding, long start, long limit, ArrowBuf target, int max) {
    long available = limit - start;
    switch (encoding) {
      case PageHeader.RLE -> {
        long bytes = available < 4 ? -1 : getInt(start);
        if (bytes < 0 || bytes > available - 4) {
          throw new CorruptPage("levels of " + bytes + " bytes in a page of " + available);
        }
        runs.reset(start + 4, start + 4 + bytes, width(max));
        readRuns(target, max);
        return start + 4 + bytes;
      }
      case PageHeader.BIT_PACKED -> {
        long bytes = ((long) count * width(max) + 7) >>> 3;
        if (bytes > available) {
          throw new CorruptPage("levels of " + bytes + " bytes in a page of " + available);
        }
        LevelKernels.unpackBigEndian(start, width(max), target.memoryAddress(), count);
        check(LevelKernels.greatest(target.memoryAddress(), count), max);
        return start + bytes;
      }
      default -> throw new CorruptPage("levels of encoding " + encoding);
    }
  }

  private void readRuns(ArrowBuf target, int max) {
    long from = block.memoryAddress();
    long to = target.memoryAddress();
    for (int done = 0; done < count; ) {
      int step = Math.min(BLOCK, count - done);
      runs.readInts(from, step);
      int greatest = 0;
      for (int i = 0; i < step; i++) {
        int level = getInt(from + ((long) i << 2));
        greatest |= level;
        putByte(to + done + i, (byte) level);
      }
      if (greatest > max) {
        check(LevelKernels.greatest(to + done, step), max);
      }
      done += step;
    }
  }

  private static void check(int level, int max) {
    if (level > max) {
      throw new CorruptPage("level " + level + " in a column with levels up to " + max);
    }
  }

  private void summarize() {
    ArrowBuf definition = definitions;
    if (definition == null) {
      slots = count;
      values = count;
      return;
    }
    long levels = definition.memoryAddress();
    slots = LevelKernels.atLeast(levels, slot, count);
    values = maxDefinition == slot ? slots : LevelKernels.atLeast(levels, maxDefinition, count);
    if (values < slots) {
      ArrowBuf bits = memory.take((slots + 7L) >>> 3);
      validity = bits;
      LevelKernels.validity(levels, 0, count, slot, maxDefinition, 0, bits.memoryAddress());
    }
  }

  int count() {
    return count;
  }

  /** Values and NULLs of the leaf. */
  int slots() {
    return slots;
  }

  /** Values that are not NULL. */
  int values() {
    return values;
  }

  /** The caller's from now on: a bit per slot, or null where none is NULL. */
  @Nullable ArrowBuf takeValidity() {
    ArrowBuf bits = validity;
    validity = null;
    return bits;
  }

  /** A byte per level, or null where all are 0. */
  @Nullable ArrowBuf definitions() {
    return definitions;
  }

  /** A byte per level, or null where all are 0. */
  @Nullable ArrowBuf repetitions() {
    return repetitions;
  }

  private void release() {
    count = 0;
    if (definitions != null) {
      memory.give(definitions);
      definitions = null;
    }
    if (repetitions != null) {
      memory.give(repetitions);
      repetitions = null;
    }
    if (validity != null) {
      memory.give(validity);
      validity = null;
    }
  }

  @Override
  public void close() {
    release();
    memory.give(block);
  }
}
