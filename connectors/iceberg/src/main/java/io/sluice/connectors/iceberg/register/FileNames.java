package io.sluice.connectors.iceberg.register;

import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Types;

/** The table property by which columns are found in files that have no field ids. */
final class FileNames {
  private FileNames() {}

  /** For a table that has no such files yet. */
  static String of(Table table) {
    return NameMappingParser.toJson(MappingUtil.create(table.schema()));
  }

  /**
   * The property as it must be for further files. Columns that were added after it was first
   * written join it with the first file that has them.
   *
   * @throws EngineException UNSUPPORTED where a name means another column in the files that are
   *     there: one that has been dropped, or renamed
   */
  static String with(Table table, List<ParquetMetadata> footers, TableName name) {
    String present = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    if (present == null) {
      return of(table);
    }
    NameMapping mapping = NameMappingParser.fromJson(present);
    NameMapping all = MappingUtil.create(table.schema());
    Map<Integer, MappedField> added = new TreeMap<>();
    for (ParquetMetadata footer : footers) {
      for (org.apache.parquet.schema.Type column : footer.schema().getFields()) {
        Types.NestedField field = table.schema().asStruct().field(column.getName());
        if (field == null || column.getId() != null) {
          continue;
        }
        MappedField known = mapping.find(column.getName());
        if (known == null) {
          added.put(field.fieldId(), all.find(field.fieldId()));
        } else if (known.id() != field.fieldId()) {
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "file "
                  + footer.path()
                  + " has no field ids, and in files of table "
                  + name
                  + " that have none either "
                  + column.getName()
                  + " is the name of a column that was since dropped or renamed; insert the file's"
                  + " rows instead");
        }
      }
    }
    if (added.isEmpty()) {
      return present;
    }
    List<MappedField> fields = new ArrayList<>(mapping.asMappedFields().fields());
    fields.addAll(added.values());
    return NameMappingParser.toJson(NameMapping.of(fields));
  }
}
