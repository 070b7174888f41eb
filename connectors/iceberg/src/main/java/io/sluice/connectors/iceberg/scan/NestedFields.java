package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.connectors.iceberg.schema.StoredValues;
import io.sluice.connectors.parquet.WantedField;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** What is wanted of a nested column, with everything below it. */
final class NestedFields {
  private NestedFields() {}

  /** Whether values of a type, and of all types below it, have a form in SQL. */
  static boolean isReadable(Type type) {
    return (type.isPrimitiveType() || type.isVariantType())
        ? IcebergTypes.isReadable(type)
        : type.asNestedType().fields().stream().allMatch(field -> isReadable(field.type()));
  }

  /**
   * @param mapped names by which files without field ids have it, or null
   */
  static WantedField wanted(Types.NestedField field, SqlType type, @Nullable MappedField mapped) {
    List<SqlType> types =
        switch (type) {
          case SqlType.Array array -> List.of(array.element());
          case SqlType.Map map -> List.of(map.key(), map.value());
          case SqlType.Row row -> row.fields().stream().map(SqlType.Row.Field::type).toList();
          default -> List.of();
        };
    MappedFields below = mapped == null ? null : mapped.nestedMapping();
    List<WantedField> children = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      Types.NestedField child = field.type().asNestedType().fields().get(i);
      children.add(
          wanted(child, types.get(i), below == null ? null : below.field(child.fieldId())));
    }
    Object initial = field.initialDefault();
    return new WantedField(
        field.fieldId(),
        mapped == null ? List.of(field.name()) : List.copyOf(mapped.names()),
        type,
        field.isRequired(),
        initial == null ? null : StoredValues.literal(field.type(), initial),
        children);
  }
}
