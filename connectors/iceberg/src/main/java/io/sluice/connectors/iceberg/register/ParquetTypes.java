package io.sluice.connectors.iceberg.register;

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
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      return null;
    }
    return type.isPrimitive() ? primitive(type.asPrimitiveType()) : group(type.asGroupType());
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
    return switch (type.getLogicalTypeAnnotation()) {
      case LogicalTypeAnnotation.ListLogicalTypeAnnotation a -> list(type);
      case LogicalTypeAnnotation.MapLogicalTypeAnnotation a -> map(type);
      case null -> row(type);
      default -> null;
    };
  }

  private static @Nullable SqlType list(GroupType type) {
    if (type.getFieldCount() != 1 || type.getType(0).isPrimitive()) {
      return null;
    }
    GroupType repeated = type.getType(0).asGroupType();
    SqlType element = repeated.getFieldCount() == 1 ? toSql(repeated.getType(0)) : null;
    return element == null || element.kind() == SqlType.Kind.NULL
        ? null
        : new SqlType.Array(element);
  }

  private static @Nullable SqlType map(GroupType type) {
    if (type.getFieldCount() != 1 || type.getType(0).isPrimitive()) {
      return null;
    }
    GroupType entry = type.getType(0).asGroupType();
    if (entry.getFieldCount() != 2) {
      return null;
    }
    SqlType key = toSql(entry.getType(0));
    SqlType value = toSql(entry.getType(1));
    return key == null || value == null ? null : new SqlType.Map(key, value);
  }

  private static @Nullable SqlType row(GroupType type) {
    List<SqlType.Row.Field> fields = new ArrayList<>();
    for (Type field : type.getFields()) {
      SqlType fieldType = toSql(field);
      if (fieldType == null || fieldType.kind() == SqlType.Kind.NULL) {
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
}
