package io.sluice.connectors.parquet;

import java.util.List;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A leaf of a file's schema.
 *
 * @param index its place among the leaves, which is its place among a row group's chunks
 * @param path names from the root; more than one means nested
 * @param fieldId of the leaf, -1 where the file has none
 * @param type physical type and annotation
 * @param maxDefinitionLevel 0 for required, 1 for optional top-level columns
 * @param maxRepetitionLevel above 0 where values repeat within a row
 */
public record ParquetColumn(
    int index,
    List<String> path,
    int fieldId,
    PrimitiveType type,
    int maxDefinitionLevel,
    int maxRepetitionLevel) {
  public ParquetColumn {
    path = List.copyOf(path);
  }

  /** Whether this is neither a group's field nor repeated. */
  public boolean isFlat() {
    return path.size() == 1 && maxRepetitionLevel == 0;
  }

  /** The path joined by dots, for messages. */
  public String name() {
    return String.join(".", path);
  }
}
