package io.sluice.connectors.iceberg;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.deletes.DVFileWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteIndex;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.encryption.EncryptedOutputFile;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.CharSequenceSet;
import org.apache.iceberg.util.StructLikeMap;
import org.jspecify.annotations.Nullable;

/** Writes with the Iceberg library's own writers, and reads with its own reader: the judge. */
final class OtherWriter {
  private final Supplier<Table> load;

  /** A row of a file. */
  record Place(String file, long position) {}

  OtherWriter(Supplier<Table> load) {
    this.load = load;
  }

  Table table() {
    return load.get();
  }

  /** A row of the table's present columns, in order. */
  Record record(@Nullable Object... values) {
    GenericRecord record = GenericRecord.create(table().schema());
    for (int i = 0; i < values.length; i++) {
      record.set(i, values[i]);
    }
    return record;
  }

  private static OutputFileFactory names(Table table, FileFormat format) {
    return OutputFileFactory.builderFor(table, 1, 1)
        .format(format)
        .operationId(UUID.randomUUID().toString())
        .build();
  }

  private static EncryptedOutputFile file(
      OutputFileFactory names, PartitionSpec spec, @Nullable StructLike partition) {
    return partition == null || spec.isUnpartitioned()
        ? names.newOutputFile()
        : names.newOutputFile(spec, partition);
  }

  private static StructLikeMap<List<Record>> byPartition(
      PartitionSpec spec, Schema schema, List<Record> rows) {
    StructLikeMap<List<Record>> partitions = StructLikeMap.create(spec.partitionType());
    PartitionKey key = new PartitionKey(spec, schema);
    InternalRecordWrapper wrapper = new InternalRecordWrapper(schema.asStruct());
    for (Record row : rows) {
      key.partition(wrapper.wrap(row));
      List<Record> known = partitions.get(key);
      if (known == null) {
        known = new ArrayList<>();
        partitions.put(key.copy(), known);
      }
      known.add(row);
    }
    return partitions;
  }

  /** One file for each partition. */
  List<DataFile> append(List<Record> rows) {
    Table table = table();
    PartitionSpec spec = table.spec();
    OutputFileFactory names = names(table, FileFormat.PARQUET);
    List<DataFile> files = new ArrayList<>();
    byPartition(spec, table.schema(), rows)
        .forEach(
            (partition, members) -> {
              DataWriter<Record> writer =
                  new GenericFileWriterFactory.Builder(table)
                      .dataSchema(table.schema())
                      .dataFileFormat(FileFormat.PARQUET)
                      .build()
                      .newDataWriter(file(names, spec, partition), spec, partition);
              try (writer) {
                members.forEach(writer::write);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              files.add(writer.toDataFile());
            });
    AppendFiles append = table.newFastAppend();
    files.forEach(append::appendFile);
    append.commit();
    return files;
  }

  /** Deletes what has these values, in the partition of each row's values or everywhere. */
  void deleteEqual(List<String> columns, List<Record> rows) {
    Table table = table();
    Schema key = table.schema().select(columns);
    // equality deletes without a partition concern all
    boolean global =
        table.spec().fields().stream().anyMatch(field -> key.findField(field.sourceId()) == null);
    PartitionSpec spec =
        global
            ? table.specs().values().stream()
                .filter(PartitionSpec::isUnpartitioned)
                .findFirst()
                .orElseThrow()
            : table.spec();
    OutputFileFactory names = names(table, FileFormat.PARQUET);
    RowDelta delta = table.newRowDelta();
    int[] ids = key.columns().stream().mapToInt(Types.NestedField::fieldId).toArray();
    byPartition(spec, table.schema(), rows)
        .forEach(
            (partition, members) -> {
              StructLike of = spec.isUnpartitioned() ? null : partition;
              EqualityDeleteWriter<Record> writer =
                  new GenericFileWriterFactory.Builder(table)
                      .deleteFileFormat(FileFormat.PARQUET)
                      .equalityFieldIds(ids)
                      .equalityDeleteRowSchema(key)
                      .build()
                      .newEqualityDeleteWriter(file(names, spec, of), spec, of);
              try (writer) {
                for (Record row : members) {
                  GenericRecord values = GenericRecord.create(key);
                  columns.forEach(column -> values.setField(column, row.getField(column)));
                  writer.write(values);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              delta.addDeletes(writer.toDeleteFile());
            });
    delta.commit();
  }

  /** Files and rows in the order in which they are read, for choosing places. */
  List<FileScanTask> tasks() {
    List<FileScanTask> tasks = new ArrayList<>();
    try (CloseableIterable<FileScanTask> planned = table().newScan().planFiles()) {
      planned.forEach(tasks::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tasks;
  }

  /** One file of positions for each partition. */
  void deletePositions(List<Place> places) {
    Table table = table();
    OutputFileFactory names = names(table, FileFormat.PARQUET);
    RowDelta delta = table.newRowDelta();
    CharSequenceSet files = CharSequenceSet.empty();
    for (FileScanTask task : tasks()) {
      DataFile data = task.file();
      List<Long> positions =
          places.stream()
              .filter(place -> place.file().equals(data.location()))
              .map(Place::position)
              .sorted()
              .toList();
      if (positions.isEmpty()) {
        continue;
      }
      files.add(data.location());
      PartitionSpec spec = task.spec();
      StructLike partition = spec.isUnpartitioned() ? null : data.partition();
      PositionDeleteWriter<Record> writer =
          new GenericFileWriterFactory.Builder(table)
              .deleteFileFormat(FileFormat.PARQUET)
              .build()
              .newPositionDeleteWriter(file(names, spec, partition), spec, partition);
      try (writer) {
        PositionDelete<Record> row = PositionDelete.create();
        positions.forEach(position -> writer.write(row.set(data.location(), position)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      delta.addDeletes(writer.toDeleteFile());
    }
    delta.validateDataFilesExist(files).commit();
  }

  /** One file of positions for rows of several files of one partition. */
  void deletePositionsTogether(List<Place> places) {
    Table table = table();
    FileScanTask any = tasks().getFirst();
    StructLike partition = any.spec().isUnpartitioned() ? null : any.file().partition();
    PositionDeleteWriter<Record> writer =
        new GenericFileWriterFactory.Builder(table)
            .deleteFileFormat(FileFormat.PARQUET)
            .build()
            .newPositionDeleteWriter(
                file(names(table, FileFormat.PARQUET), any.spec(), partition),
                any.spec(),
                partition);
    try (writer) {
      PositionDelete<Record> row = PositionDelete.create();
      places.stream()
          .sorted(java.util.Comparator.comparing(Place::file).thenComparingLong(Place::position))
          .forEach(place -> writer.write(row.set(place.file(), place.position())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
  }

  /** One Puffin file of deletion vectors, which take the place of earlier ones. */
  void deleteVectors(List<Place> places) {
    Table table = table();
    RowDelta delta = table.newRowDelta();
    DVFileWriter writer =
        new BaseDVFileWriter(names(table, FileFormat.PUFFIN), path -> previous(table, path));
    try (writer) {
      for (FileScanTask task : tasks()) {
        for (Place place : places) {
          if (place.file().equals(task.file().location())) {
            writer.delete(place.file(), place.position(), task.spec(), task.file().partition());
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writer.result().deleteFiles().forEach(delta::addDeletes);
    writer.result().rewrittenDeleteFiles().forEach(delta::removeDeletes);
    delta
        .validateFromSnapshot(Objects.requireNonNull(table.currentSnapshot()).snapshotId())
        .commit();
  }

  private @Nullable PositionDeleteIndex previous(Table table, String path) {
    for (FileScanTask task : tasks()) {
      if (task.file().location().equals(path)) {
        List<DeleteFile> vectors =
            task.deletes().stream().filter(org.apache.iceberg.util.ContentFileUtil::isDV).toList();
        if (!vectors.isEmpty()) {
          return new org.apache.iceberg.data.BaseDeleteLoader(
                  file -> table.io().newInputFile(file.location()))
              .loadPositionDeletes(vectors, path);
        }
      }
    }
    return null;
  }

  /** All rows of a snapshot by the library's reader, in the form of our batches. */
  static List<List<@Nullable Object>> judge(Table table, long snapshotId) {
    Schema schema = org.apache.iceberg.util.SnapshotUtil.schemaFor(table, snapshotId);
    try (CloseableIterable<Record> records =
        IcebergGenerics.read(table).useSnapshot(snapshotId).project(schema).build()) {
      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (Record record : records) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < schema.columns().size(); i++) {
          row.add(value(schema.columns().get(i).type(), record.get(i)));
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static @Nullable Object value(Type type, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Integer number -> number.longValue();
      case Float number -> number.doubleValue();
      case LocalDate date -> date.toEpochDay();
      case LocalTime time -> time.toNanoOfDay() / 1000;
      case LocalDateTime time -> instant(type, time.toInstant(ZoneOffset.UTC));
      case OffsetDateTime time -> instant(type, time.toInstant());
      case ByteBuffer bytes -> text(org.apache.iceberg.util.ByteBuffers.toByteArray(bytes));
      case byte[] bytes -> text(bytes);
      case Record struct -> {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < struct.size(); i++) {
          values.add(value(type.asStructType().fields().get(i).type(), struct.get(i)));
        }
        yield values;
      }
      case List<?> list ->
          new ArrayList<@Nullable Object>(
              list.stream().map(e -> value(type.asListType().elementType(), e)).toList());
      case Map<?, ?> map -> {
        Map<@Nullable Object, @Nullable Object> values = new java.util.LinkedHashMap<>();
        map.forEach(
            (k, v) ->
                values.put(
                    value(type.asMapType().keyType(), k), value(type.asMapType().valueType(), v)));
        yield values;
      }
      case BigDecimal number -> number;
      default -> value instanceof CharSequence ? value.toString() : value;
    };
  }

  private static long instant(Type type, Instant instant) {
    return type.typeId() == Type.TypeID.TIMESTAMP_NANO
        ? Math.addExact(instant.getEpochSecond() * 1_000_000_000L, instant.getNano())
        : Math.addExact(instant.getEpochSecond() * 1_000_000L, instant.getNano() / 1000);
  }

  /** Binary values in a form that can be compared. */
  static Object text(byte[] bytes) {
    return "x" + java.util.HexFormat.of().formatHex(bytes);
  }

  /** Rows in one order, for comparison. */
  static List<String> sorted(List<List<@Nullable Object>> rows) {
    return rows.stream()
        .map(
            row ->
                row.stream()
                    .map(v -> v instanceof byte[] bytes ? text(bytes) : v)
                    .map(Objects::toString)
                    .toList()
                    .toString())
        .sorted()
        .toList();
  }
}
