package io.sluice.connectors.iceberg.write;

import io.sluice.engine.connector.HiddenColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.types.Types;

/**
 * What a file that is written again keeps of each row beside the table's columns. Version 3 says
 * how: reserved fields, in which NULL stands for what the new file implies. Version 2 has no row
 * ids; there the sequence number is kept for our own readers, others ignore it. Version 1 has
 * neither.
 */
final class RowLineage {
  private static final int SEQUENCE_NUMBERS = 2;
  private static final int ROW_IDS = 3;

  private final Schema schema;
  private final List<String> columns = new ArrayList<>();
  private final int sequenceColumn;

  private RowLineage(Table table) {
    List<Types.NestedField> fields = new ArrayList<>(table.schema().columns());
    fields.forEach(field -> columns.add(field.name()));
    int version = TableUtil.formatVersion(table);
    if (version >= ROW_IDS) {
      fields.add(MetadataColumns.ROW_ID);
      columns.add(HiddenColumn.ROW_ID.columnName());
    }
    this.sequenceColumn = version >= SEQUENCE_NUMBERS ? fields.size() : -1;
    if (version >= SEQUENCE_NUMBERS) {
      fields.add(MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER);
      columns.add(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER.columnName());
    }
    this.schema = new Schema(fields);
  }

  static RowLineage of(Table table) {
    return new RowLineage(table);
  }

  /** Of a file: the table's columns, then what is kept. */
  Schema schema() {
    return schema;
  }

  /** Names in a scan of the schema's columns. */
  List<String> columns() {
    return columns;
  }

  /** Where the schema has the number of the commit that a row is from, or -1. */
  int sequenceColumn() {
    return sequenceColumn;
  }
}
