package io.sluice.connectors.iceberg.metadata;

import static io.sluice.connectors.iceberg.metadata.MetadataTables.optional;
import static io.sluice.connectors.iceberg.metadata.MetadataTables.required;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.VirtualTable;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/** The rows of {@code t$files}: a snapshot's data and delete files, by path. */
final class FileRows {
  static final List<ColumnDefinition> COLUMNS =
      List.of(
          required("content", SqlType.VARCHAR),
          required("file_path", SqlType.VARCHAR),
          required("file_format", SqlType.VARCHAR),
          optional("partition", SqlType.VARCHAR),
          required("spec_id", SqlType.INTEGER),
          required("record_count", SqlType.BIGINT),
          required("file_size_in_bytes", SqlType.BIGINT),
          optional("sort_order_id", SqlType.INTEGER),
          optional("data_sequence_number", SqlType.BIGINT),
          optional("first_row_id", SqlType.BIGINT),
          optional("null_value_counts", new SqlType.Map(SqlType.VARCHAR, SqlType.BIGINT)),
          optional("lower_bounds", MetadataTables.TEXTS),
          optional("upper_bounds", MetadataTables.TEXTS));

  private final Table table;
  private final Snapshot snapshot;
  private final Schema schema;

  FileRows(Table table, Snapshot snapshot) {
    this.table = table;
    this.snapshot = snapshot;
    this.schema = SnapshotUtil.schemaFor(table, snapshot.snapshotId());
  }

  List<List<@Nullable Object>> rows() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
      add(ManifestFiles.read(manifest, table.io(), table.specs()), rows);
    }
    for (ManifestFile manifest : snapshot.deleteManifests(table.io())) {
      add(ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs()), rows);
    }
    rows.sort(Comparator.comparing(row -> String.valueOf(row.get(1))));
    return rows;
  }

  private <F extends ContentFile<F>> void add(
      CloseableIterable<F> files, List<List<@Nullable Object>> rows) {
    try (CloseableIterable<F> open = files) {
      for (F file : open) {
        rows.add(row(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("manifest cannot be closed", e);
    }
  }

  private List<@Nullable Object> row(ContentFile<?> file) {
    PartitionSpec spec = table.specs().get(file.specId());
    return VirtualTable.row(
        file.content().name(),
        file.location(),
        file.format().name(),
        spec != null && spec.isPartitioned() ? spec.partitionToPath(file.partition()) : null,
        (long) file.specId(),
        file.recordCount(),
        file.fileSizeInBytes(),
        file.sortOrderId() == null ? null : (long) file.sortOrderId(),
        file.dataSequenceNumber(),
        file.firstRowId(),
        counts(file.nullValueCounts()),
        bounds(file.lowerBounds()),
        bounds(file.upperBounds()));
  }

  private @Nullable Map<String, Long> counts(@Nullable Map<Integer, Long> byId) {
    if (byId == null) {
      return null;
    }
    Map<String, Long> byName = new TreeMap<>();
    byId.forEach(
        (id, count) -> {
          String name = schema.findColumnName(id);
          if (name != null) {
            byName.put(name, count);
          }
        });
    return byName;
  }

  /** Bounds as text by column name; those of columns that are gone are left out. */
  private @Nullable Map<String, String> bounds(@Nullable Map<Integer, ByteBuffer> byId) {
    if (byId == null) {
      return null;
    }
    Map<String, String> byName = new TreeMap<>();
    byId.forEach(
        (id, bound) -> {
          Types.NestedField field = schema.findField(id);
          if (field != null && field.type().isPrimitiveType()) {
            Object value = Conversions.fromByteBuffer(field.type(), bound);
            byName.put(
                schema.findColumnName(id),
                Transforms.identity().toHumanString(field.type(), value));
          }
        });
    return byName;
  }
}
