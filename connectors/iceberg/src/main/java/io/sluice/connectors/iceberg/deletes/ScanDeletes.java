package io.sluice.connectors.iceberg.deletes;

import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.memory.MemoryReservation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.StructLikeWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The deletes of one scan's files. Each delete file is read once, when a reader first needs it, and
 * kept until all who share this have closed it. Safe for use by several threads.
 */
public final class ScanDeletes implements AutoCloseable {
  private final DeleteSource source;
  private final Map<String, FileDeletes> byFile = new HashMap<>();
  private final Map<Scope, EqualityDeletes> scopes = new LinkedHashMap<>();
  private final Map<Object, CompletableFuture<?>> started = new HashMap<>();
  private final Set<String> locations = new HashSet<>();
  private final BackgroundReads reads = new BackgroundReads();
  private @Nullable MemoryReservation memory;
  private int users = 1;

  /** Whose rows equality deletes concern: of one partition, or all where that is null. */
  private record Scope(List<Integer> columns, int spec, @Nullable StructLikeWrapper partition) {}

  /** A deletion vector is a part of a file. */
  private record Place(String location, @Nullable Long offset) {}

  /**
   * @param tasks the files, with the deletes that concern them
   * @throws EngineException UNSUPPORTED where deletes cannot be read
   */
  public ScanDeletes(DeleteSource source, List<FileScanTask> tasks) {
    this.source = source;
    Set<String> known = new HashSet<>();
    for (FileScanTask task : tasks) {
      if (task.deletes().isEmpty()) {
        continue;
      }
      locations.add(task.file().location());
      for (DeleteFile file : task.deletes()) {
        boolean first = known.add(file.location());
        if (first) {
          checkReadable(file);
        }
        if (first && file.content() == FileContent.EQUALITY_DELETES) {
          scopes
              .computeIfAbsent(scope(file), scope -> new EqualityDeletes(source, columns(file)))
              .addFile(file);
        }
      }
    }
  }

  private void checkReadable(DeleteFile file) {
    String what = "file " + file.location() + ", which deletes rows of table " + source.name();
    if (file.keyMetadata() != null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, what + ", is encrypted: no keys are configured");
    }
    if (!ContentFileUtil.isDV(file) && file.format() != FileFormat.PARQUET) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          what
              + ", is in format "
              + file.format()
              + "; Parquet files and deletion vectors are read. Compact the table with the program"
              + " that deleted the rows");
    }
  }

  private Scope scope(DeleteFile file) {
    PartitionSpec spec = Objects.requireNonNull(source.table().specs().get(file.specId()));
    List<Integer> columns = file.equalityFieldIds().stream().sorted().toList();
    return spec.isUnpartitioned()
        ? new Scope(columns, -1, null)
        : new Scope(
            columns,
            spec.specId(),
            StructLikeWrapper.forType(spec.partitionType()).set(file.partition()));
  }

  private List<Types.NestedField> columns(DeleteFile file) {
    List<Types.NestedField> columns = new ArrayList<>();
    for (int id : file.equalityFieldIds().stream().sorted().toList()) {
      Types.NestedField column = source.field(id);
      if (column == null || !source.isTopLevel(id) || !IcebergTypes.isReadable(column.type())) {
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            "file "
                + file.location()
                + " deletes rows of table "
                + source.name()
                + " by "
                + (column == null ? "the unknown field " + id : "field " + column.name())
                + (column == null ? "" : " of type " + column.type())
                + ", which is no column of a simple type. Compact the table with the program that"
                + " deleted the rows");
      }
      columns.add(column);
    }
    return columns;
  }

  /** What deletes rows of a file, or null where nothing does. */
  public synchronized @Nullable FileDeletes of(FileScanTask task) {
    if (task.deletes().isEmpty()) {
      return null;
    }
    return byFile.computeIfAbsent(task.file().location(), location -> deletes(task));
  }

  private FileDeletes deletes(FileScanTask task) {
    Map<Scope, EqualityDeletes> byKey = new LinkedHashMap<>();
    List<DeleteFile> positions = new ArrayList<>();
    for (DeleteFile file : task.deletes()) {
      if (file.content() == FileContent.EQUALITY_DELETES) {
        Scope scope = scope(file);
        byKey.computeIfAbsent(scope, s -> Objects.requireNonNull(scopes.get(s)));
      } else {
        positions.add(file);
      }
    }
    Long sequence = task.file().dataSequenceNumber();
    List<EqualityDeletes> keys = List.copyOf(byKey.values());
    return new FileDeletes(
        task.file().location(),
        sequence == null ? 0 : sequence,
        keys,
        allocator -> start(positions, keys, allocator));
  }

  private synchronized FileDeletes.Reads start(
      List<DeleteFile> positions, List<EqualityDeletes> keys, BufferAllocator allocator) {
    MemoryReservation counted = memory == null ? new MemoryReservation(allocator) : memory;
    memory = counted;
    return new FileDeletes.Reads(
        positions.stream()
            .map(
                file ->
                    once(
                        new Place(file.location(), file.contentOffset()),
                        () ->
                            new PositionDeletes(source, file, locations, reads, counted)
                                .read(allocator)))
            .toList(),
        keys.stream()
            .<CompletableFuture<?>>flatMap(
                deletes ->
                    deletes.files().stream()
                        .map(
                            file ->
                                once(
                                    new Place(file.location(), null),
                                    () -> {
                                      deletes.read(file, reads, allocator);
                                      return true;
                                    })))
            .toList());
  }

  @SuppressWarnings("unchecked") // one place is read in one way
  private <T> CompletableFuture<T> once(Place place, java.util.function.Supplier<T> read) {
    return (CompletableFuture<T>) started.computeIfAbsent(place, key -> reads.start(read));
  }

  /** Another user, who closes this too. */
  public synchronized ScanDeletes share() {
    assert users > 0;
    users++;
    return this;
  }

  @Override
  public void close() {
    synchronized (this) {
      users--;
      if (users != 0) {
        return;
      }
    }
    reads.close();
    scopes.values().forEach(EqualityDeletes::close);
    synchronized (this) {
      if (memory != null) {
        memory.close();
        memory = null;
      }
    }
  }
}
