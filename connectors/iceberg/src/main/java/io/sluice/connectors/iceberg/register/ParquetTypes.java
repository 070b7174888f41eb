package io.sluice.connectors.iceberg.register;

import io.sluice.connectors.parquet.NestedColumns;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** The SQL type that holds every value of a Parquet column. */
final class ParquetTypes {
  private static final SqlType UNSIGNED_LONG = new SqlType.Decimal(20, 0);

  private ParquetTypes() {}

  /** Null where there is no such type. */
  static @Nullable SqlType toSql(Type type) {
    SqlType value = value(type);
    return type.isRepetition(Type.Repetition.REPEATED) ? array(value) : value;
  }

  private static @Nullable SqlType value(Type type) {
    return type.isPrimitive() ? primitive(type.asPrimitiveType()) : group(type.asGroupType());
  }

  private static @Nullable SqlType array(@Nullable SqlType element) {
    SqlType typed = typed(element);
    return typed == null ? null : new SqlType.Array(typed);
  }

  /** The type, or null where it has none but NULL. */
  private static @Nullable SqlType typed(@Nullable SqlType type) {
    return type == null || type.kind() == SqlType.Kind.NULL ? null : type;
  }

  private static @Nullable SqlType primitive(PrimitiveType type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    return switch (annotation) {
      case LogicalTypeAnnotation.UnknownLogicalTypeAnnotation a -> SqlType.NULL;
      case LogicalTypeAnnotation.IntLogicalTypeAnnotation a -> integer(a);
      case LogicalTypeAnnotation.DecimalLogicalTypeAnnotation a ->
          a.getPrecision() <= SqlType.Decimal.MAX_PRECISION
              ? new SqlType.Decimal(a.getPrecision(), a.getScale())
              : null;
      case LogicalTypeAnnotation.DateLogicalTypeAnnotation a -> SqlType.DATE;
      case LogicalTypeAnnotation.TimeLogicalTypeAnnotation a -> SqlType.TIME;
      case LogicalTypeAnnotation.TimestampLogicalTypeAnnotation a ->
          new SqlType.Timestamp(
              a.getUnit() == LogicalTypeAnnotation.TimeUnit.NANOS ? 9 : 6, a.isAdjustedToUTC());
      case LogicalTypeAnnotation.UUIDLogicalTypeAnnotation a -> SqlType.UUID;
      case LogicalTypeAnnotation.Float16LogicalTypeAnnotation a -> SqlType.REAL;
      case LogicalTypeAnnotation.StringLogicalTypeAnnotation a -> SqlType.VARCHAR;
      case LogicalTypeAnnotation.EnumLogicalTypeAnnotation a -> SqlType.VARCHAR;
      case LogicalTypeAnnotation.JsonLogicalTypeAnnotation a -> SqlType.VARCHAR;
      case LogicalTypeAnnotation.BsonLogicalTypeAnnotation a -> SqlType.VARBINARY;
      case null -> plain(type);
      default -> null;
    };
  }

  private static SqlType integer(LogicalTypeAnnotation.IntLogicalTypeAnnotation type) {
    return switch (type.getBitWidth()) {
      case 8 -> type.isSigned() ? SqlType.TINYINT : SqlType.SMALLINT;
      case 16 -> type.isSigned() ? SqlType.SMALLINT : SqlType.INTEGER;
      case 32 -> type.isSigned() ? SqlType.INTEGER : SqlType.BIGINT;
      default -> type.isSigned() ? SqlType.BIGINT : UNSIGNED_LONG;
    };
  }

  private static SqlType plain(PrimitiveType type) {
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> SqlType.BOOLEAN;
      case INT32 -> SqlType.INTEGER;
      case INT64 -> SqlType.BIGINT;
      case FLOAT -> SqlType.REAL;
      case DOUBLE -> SqlType.DOUBLE;
      case BINARY, FIXED_LEN_BYTE_ARRAY -> SqlType.VARBINARY;
      // what Spark and Impala write: instants
      case INT96 -> SqlType.TIMESTAMP_TZ;
    };
  }

  private static @Nullable SqlType group(GroupType type) {
    if (NestedColumns.isList(type)) {
      Type element = NestedColumns.element(type);
      return array(element.equals(type.getType(0)) ? value(element) : toSql(element));
    }
    if (NestedColumns.isMap(type)) {
      return map(type.getType(0).asGroupType());
    }
    return type.getLogicalTypeAnnotation() == null ? row(type) : null;
  }

  private static @Nullable SqlType map(GroupType entry) {
    SqlType key = typed(toSql(entry.getType(0)));
    SqlType value = entry.getFieldCount() == 2 ? typed(toSql(entry.getType(1))) : null;
    return key == null || value == null ? null : new SqlType.Map(key, value);
  }

  private static @Nullable SqlType row(GroupType type) {
    List<SqlType.Row.Field> fields = new ArrayList<>();
    for (Type field : type.getFields()) {
      SqlType fieldType = typed(toSql(field));
      if (fieldType == null) {
        return null;
      }
      fields.add(new SqlType.Row.Field(field.getName(), fieldType));
    }
    return new SqlType.Row(fields);
  }

  /** Whether every value of a file's column is a value of a table's column. */
  static boolean fits(SqlType file, SqlType table) {
    if (file.equals(table) || file.kind() == SqlType.Kind.NULL) {
      return true;
    }
    if (file instanceof SqlType.Array from && table instanceof SqlType.Array to) {
      return fits(from.element(), to.element());
    }
    if (file instanceof SqlType.Map from && table instanceof SqlType.Map to) {
      return fits(from.key(), to.key()) && fits(from.value(), to.value());
    }
    if (file instanceof SqlType.Row from && table instanceof SqlType.Row to) {
      return fits(from, to);
    }
    if (file.isInteger() && table.isInteger()) {
      return file.kind().compareTo(table.kind()) <= 0;
    }
    if (file instanceof SqlType.Decimal from && table instanceof SqlType.Decimal to) {
      return to.scale() >= from.scale()
          && to.precision() - to.scale() >= from.precision() - from.scale();
    }
    if (file instanceof SqlType.Timestamp from && table instanceof SqlType.Timestamp to) {
      return from.zoned() == to.zoned() && from.precision() <= to.precision();
    }
    return file.equals(SqlType.REAL) && table.equals(SqlType.DOUBLE);
  }

  /** Fields are found by name; a table's fields that the file lacks are NULL. */
  private static boolean fits(SqlType.Row file, SqlType.Row table) {
    for (SqlType.Row.Field field : file.fields()) {
      boolean found = false;
      for (SqlType.Row.Field wanted : table.fields()) {
        found |= wanted.name().equals(field.name()) && fits(field.type(), wanted.type());
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }
}
