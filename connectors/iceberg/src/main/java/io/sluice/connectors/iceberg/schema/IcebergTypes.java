package io.sluice.connectors.iceberg.schema;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * SQL types as Iceberg types and back. Iceberg has no TINYINT, SMALLINT and INTERVAL: they are
 * stored as int and long, and a {@link DeclaredTypes} says by field id what they were declared as.
 */
public final class IcebergTypes {
  private IcebergTypes() {}

  /**
   * The Iceberg type that holds every value of a SQL type.
   *
   * @param column for messages
   * @param declared receives the declared type of each field whose Iceberg type does not tell it
   * @param id the id of the field that has the type
   * @param ids gives ids to fields within it
   */
  public static Type toIceberg(
      String column, SqlType type, int id, IntSupplier ids, Map<Integer, SqlType> declared) {
    return switch (type) {
      case SqlType.Simple simple ->
          switch (simple.kind()) {
            case NULL -> Types.UnknownType.get();
            case BOOLEAN -> Types.BooleanType.get();
            case TINYINT, SMALLINT, INTERVAL_MONTHS -> {
              declared.put(id, type);
              yield Types.IntegerType.get();
            }
            case INTEGER -> Types.IntegerType.get();
            case BIGINT -> Types.LongType.get();
            case INTERVAL_MICROS -> {
              declared.put(id, type);
              yield Types.LongType.get();
            }
            case REAL -> Types.FloatType.get();
            case DOUBLE -> Types.DoubleType.get();
            case VARCHAR -> Types.StringType.get();
            case VARBINARY -> Types.BinaryType.get();
            case DATE -> Types.DateType.get();
            case TIME -> Types.TimeType.get();
            case UUID -> Types.UUIDType.get();
            default -> throw new AssertionError(simple);
          };
      case SqlType.Decimal decimal -> Types.DecimalType.of(decimal.precision(), decimal.scale());
      case SqlType.Timestamp timestamp -> timestamp(timestamp);
      case SqlType.Array array -> {
        int element = ids.getAsInt();
        yield Types.ListType.ofOptional(
            element, toIceberg(column, known(column, array.element()), element, ids, declared));
      }
      case SqlType.Map map -> {
        int key = ids.getAsInt();
        int value = ids.getAsInt();
        yield Types.MapType.ofOptional(
            key,
            value,
            toIceberg(column, known(column, map.key()), key, ids, declared),
            toIceberg(column, known(column, map.value()), value, ids, declared));
      }
      case SqlType.Row row -> {
        List<Types.NestedField> fields = new ArrayList<>();
        for (SqlType.Row.Field field : row.fields()) {
          int child = ids.getAsInt();
          fields.add(
              Types.NestedField.optional(
                  child,
                  field.name(),
                  toIceberg(column, known(column, field.type()), child, ids, declared)));
        }
        yield Types.StructType.of(fields);
      }
    };
  }

  private static SqlType known(String column, SqlType type) {
    if (type.kind() == SqlType.Kind.NULL) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "column " + column + " nests values without a type; cast them to one");
    }
    return type;
  }

  private static Type timestamp(SqlType.Timestamp timestamp) {
    if (timestamp.precision() == 9) {
      return timestamp.zoned()
          ? Types.TimestampNanoType.withZone()
          : Types.TimestampNanoType.withoutZone();
    }
    return timestamp.zoned() ? Types.TimestampType.withZone() : Types.TimestampType.withoutZone();
  }

  /** The SQL type of a field; what cannot be read shows as VARBINARY, see {@link #isReadable}. */
  public static SqlType toSql(Type type, int id, DeclaredTypes declared) {
    return switch (type.typeId()) {
      case UNKNOWN -> SqlType.NULL;
      case BOOLEAN -> SqlType.BOOLEAN;
      case INTEGER -> declared.of(id, SqlType.INTEGER);
      case LONG -> declared.of(id, SqlType.BIGINT);
      case FLOAT -> SqlType.REAL;
      case DOUBLE -> SqlType.DOUBLE;
      case STRING -> SqlType.VARCHAR;
      case BINARY, FIXED -> SqlType.VARBINARY;
      case DATE -> SqlType.DATE;
      case TIME -> SqlType.TIME;
      case UUID -> SqlType.UUID;
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield new SqlType.Decimal(decimal.precision(), decimal.scale());
      }
      case TIMESTAMP -> new SqlType.Timestamp(6, ((Types.TimestampType) type).shouldAdjustToUTC());
      case TIMESTAMP_NANO ->
          new SqlType.Timestamp(9, ((Types.TimestampNanoType) type).shouldAdjustToUTC());
      case LIST -> {
        Types.ListType list = type.asListType();
        yield new SqlType.Array(toSql(list.elementType(), list.elementId(), declared));
      }
      case MAP -> {
        Types.MapType map = type.asMapType();
        yield new SqlType.Map(
            toSql(map.keyType(), map.keyId(), declared),
            toSql(map.valueType(), map.valueId(), declared));
      }
      case STRUCT -> {
        List<SqlType.Row.Field> fields = new ArrayList<>();
        for (Types.NestedField field : type.asStructType().fields()) {
          fields.add(
              new SqlType.Row.Field(field.name(), toSql(field.type(), field.fieldId(), declared)));
        }
        yield new SqlType.Row(fields);
      }
      case VARIANT, GEOMETRY, GEOGRAPHY -> SqlType.VARBINARY;
    };
  }

  /** Whether values of a type have a form in SQL. */
  public static boolean isReadable(Type type) {
    return switch (type.typeId()) {
      case VARIANT, GEOMETRY, GEOGRAPHY -> false;
      default -> true;
    };
  }
}
