package io.sluice.connectors.iceberg.deletes;

import io.sluice.engine.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** What deletes rows of one data file. Read when first asked for. Safe for several threads. */
public final class FileDeletes {
  private final String location;
  private final long sequence;
  private final List<EqualityDeletes> byKey;
  private final Function<BufferAllocator, Reads> start;
  private @Nullable Reads started;
  private @Nullable PositionDeleteIndex positions;
  private boolean merged;

  /**
   * What is being read.
   *
   * @param positions of each file of positions, by data file
   * @param keys of the equality deletes
   */
  record Reads(
      List<CompletableFuture<Map<String, PositionDeleteIndex>>> positions,
      List<CompletableFuture<?>> keys) {
    Reads {
      positions = List.copyOf(positions);
      keys = List.copyOf(keys);
    }

    CompletableFuture<Void> all() {
      List<CompletableFuture<?>> all = new ArrayList<>(positions);
      all.addAll(keys);
      return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }
  }

  /**
   * @param sequence number of the data file
   * @param byKey the equality deletes of its scopes
   * @param start begins to read all of it
   */
  FileDeletes(
      String location,
      long sequence,
      List<EqualityDeletes> byKey,
      Function<BufferAllocator, Reads> start) {
    this.location = location;
    this.sequence = sequence;
    this.byKey = List.copyOf(byKey);
    this.start = start;
  }

  /** The columns that must be read of the data file, each once. */
  public List<Types.NestedField> keyColumns() {
    Map<Integer, Types.NestedField> columns = new LinkedHashMap<>();
    byKey.forEach(deletes -> deletes.columns().forEach(c -> columns.putIfAbsent(c.fieldId(), c)));
    return List.copyOf(columns.values());
  }

  List<EqualityDeletes> byKey() {
    return byKey;
  }

  long sequence() {
    return sequence;
  }

  /**
   * Reads what has not been read.
   *
   * @param allocator of what is kept until the scan closes
   * @return null where all is there, else when to ask again
   * @throws EngineException what reading failed with
   */
  @Nullable CompletableFuture<?> load(BufferAllocator allocator) {
    CompletableFuture<Void> all = reads(allocator).all();
    if (!all.isDone()) {
      return all.handle((result, failure) -> true);
    }
    try {
      all.join();
    } catch (CompletionException failed) {
      switch (failed.getCause()) {
        case RuntimeException known -> throw known;
        case Error error -> throw error;
        case null, default -> throw failed;
      }
    }
    return null;
  }

  private synchronized Reads reads(BufferAllocator allocator) {
    Reads running = started;
    if (running == null) {
      running = start.apply(allocator);
      started = running;
    }
    return running;
  }

  /** The deleted positions, once all is read; null for none. */
  synchronized @Nullable PositionDeleteIndex positions() {
    Reads done = started;
    if (!merged && done != null) {
      merged = true;
      List<PositionDeleteIndex> found = new ArrayList<>();
      for (CompletableFuture<Map<String, PositionDeleteIndex>> read : done.positions()) {
        PositionDeleteIndex index = read.join().get(location);
        if (index != null) {
          found.add(index);
        }
      }
      if (found.size() == 1) {
        positions = found.getFirst();
      } else if (!found.isEmpty()) {
        PositionDeleteIndex all = PositionDeletes.none();
        found.forEach(all::merge);
        positions = all;
      }
    }
    return positions;
  }
}
