package io.sluice.connectors.iceberg.deletes;

import io.sluice.connectors.parquet.ParquetFile;
import java.util.function.Function;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Whence deletes are read.
 *
 * @param name of the table, for messages
 * @param schema with which the table is read
 * @param open opens a Parquet file of the table; the caller closes it
 */
public record DeleteSource(
    String name, Table table, Schema schema, Function<DeleteFile, ParquetFile> open) {

  /** A column by its id, also one that has been dropped since; null where there never was one. */
  Types.@Nullable NestedField field(int id) {
    Types.NestedField current = schema.findField(id);
    if (current != null) {
      return current;
    }
    return table.schemas().values().stream()
        .sorted((a, b) -> Integer.compare(b.schemaId(), a.schemaId()))
        .map(earlier -> earlier.findField(id))
        .filter(java.util.Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Whether a column is one of the schema's or was, and not a part of one. */
  boolean isTopLevel(int id) {
    return schema.asStruct().field(id) != null
        || table.schemas().values().stream().anyMatch(s -> s.asStruct().field(id) != null);
  }
}
