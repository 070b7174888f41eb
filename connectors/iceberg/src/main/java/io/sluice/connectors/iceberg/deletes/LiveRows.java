package io.sluice.connectors.iceberg.deletes;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.pipeline.Poll;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Selects of the rows of a data file, or of a run of them, those that no delete file takes out.
 * Batches without such a row are left out.
 */
public final class LiveRows implements SplitReader {
  private final SplitReader input;
  private final long firstInFile;
  private final FileDeletes deletes;
  private final Shape shape;
  private final BufferAllocator allocator;
  private final List<EqualityDeletes.Lookup> lookups = new ArrayList<>();
  private boolean loaded;
  private boolean[] deleted = new boolean[0];

  /**
   * What the input's columns are for.
   *
   * @param columns how many of the first ones are handed on
   * @param keys the place of each of the deletes' key columns
   */
  public record Shape(int columns, List<Integer> keys) {
    public Shape {
      keys = List.copyOf(keys);
    }
  }

  /**
   * Takes ownership of the input.
   *
   * @param input all rows, without a selection
   * @param firstInFile number in the file of the input's row 0
   */
  public LiveRows(
      SplitReader input,
      long firstInFile,
      FileDeletes deletes,
      Shape shape,
      BufferAllocator allocator) {
    this.input = input;
    this.firstInFile = firstInFile;
    this.deletes = deletes;
    this.shape = shape;
    this.allocator = allocator;
  }

  @Override
  public Poll poll() {
    if (!loaded) {
      CompletableFuture<?> until = deletes.load(allocator);
      if (until != null) {
        return new Poll.Blocked(until);
      }
      loaded = true;
      for (EqualityDeletes keys : deletes.byKey()) {
        lookups.add(keys.new Lookup(deletes.sequence(), allocator));
      }
    }
    while (true) {
      switch (input.poll()) {
        case Poll.Ready(Batch batch) -> {
          try (batch) {
            Batch live = live(batch);
            if (live != null) {
              return new Poll.Ready(live);
            }
          }
        }
        case Poll.Blocked blocked -> {
          return blocked;
        }
        case Poll.Finished finished -> {
          return finished;
        }
      }
    }
  }

  /** The batch's rows that are left, shared, or null where none is. */
  private @Nullable Batch live(Batch batch) {
    assert batch.selection() == null;
    int count = batch.length();
    if (deleted.length < count) {
      deleted = new boolean[count];
    }
    Arrays.fill(deleted, 0, count, false);
    PositionDeleteIndex positions = deletes.positions();
    if (positions != null) {
      long first = firstInFile + input.firstRow();
      positions.forEachInRange(first, first + count, row -> deleted[(int) (row - first)] = true);
    }
    for (int i = 0; i < lookups.size(); i++) {
      lookups.get(i).mark(key(batch, deletes.byKey().get(i)), count, deleted);
    }
    int left = 0;
    for (int i = 0; i < count; i++) {
      left += deleted[i] ? 0 : 1;
    }
    if (left == 0 && count > 0) {
      return null;
    }
    Selection selection = left == count ? null : selection(count, left);
    List<Column> columns =
        batch.columns().subList(0, shape.columns()).stream().map(Column::share).toList();
    return new Batch(columns, count, selection);
  }

  private List<Column> key(Batch batch, EqualityDeletes keys) {
    List<Types.NestedField> all = deletes.keyColumns();
    List<Column> key = new ArrayList<>(keys.columns().size());
    for (Types.NestedField column : keys.columns()) {
      key.add(batch.column(shape.keys().get(all.indexOf(column))));
    }
    return key;
  }

  private Selection selection(int count, int left) {
    ArrowBuf rows = allocator.buffer((long) left << 2);
    int next = 0;
    for (int i = 0; i < count; i++) {
      if (!deleted[i]) {
        rows.setInt((long) next++ << 2, i);
      }
    }
    return new Selection(rows, left);
  }

  @Override
  public long firstRow() {
    return input.firstRow();
  }

  @Override
  public void close() {
    try (input) {
      lookups.forEach(EqualityDeletes.Lookup::close);
      lookups.clear();
    }
  }
}
