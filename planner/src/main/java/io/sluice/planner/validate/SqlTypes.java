package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Calcite's types for ours and back. The factory makes only types that the engine has: CHAR is
 * VARCHAR without a length, FLOAT is DOUBLE, timestamps have 6 or 9 digits.
 */
public final class SqlTypes extends SqlTypeFactoryImpl {
  private static final int MICROS = 6;
  private static final int NANOS = 9;

  public SqlTypes() {
    super(Dialect.TYPES);
  }

  @Override
  public Charset getDefaultCharset() {
    return StandardCharsets.UTF_8;
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name) {
    return switch (name) {
      case CHAR, VARCHAR -> super.createSqlType(SqlTypeName.VARCHAR, NO_LENGTH);
      case BINARY, VARBINARY -> super.createSqlType(SqlTypeName.VARBINARY, NO_LENGTH);
      case FLOAT -> super.createSqlType(SqlTypeName.DOUBLE);
      case TIMESTAMP_TZ -> createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE);
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIME -> super.createSqlType(name, MICROS);
      default -> super.createSqlType(name);
    };
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name, int precision) {
    return switch (name) {
      case CHAR, VARCHAR, BINARY, VARBINARY, FLOAT -> createSqlType(name);
      case TIMESTAMP_TZ -> createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, precision);
      case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          super.createSqlType(name, precision > MICROS ? NANOS : MICROS);
      case TIME -> super.createSqlType(name, MICROS);
      default -> super.createSqlType(name, precision);
    };
  }

  @Override
  public RelDataType createSqlType(SqlTypeName name, int precision, int scale) {
    if (name == SqlTypeName.DECIMAL
        && (precision > SqlType.Decimal.MAX_PRECISION || scale > precision)) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          "DECIMAL("
              + precision
              + ", "
              + scale
              + ") has more than 38 digits, or fewer than its scale");
    }
    return super.createSqlType(name, precision, scale);
  }

  private static final int NO_LENGTH = RelDataType.PRECISION_NOT_SPECIFIED;

  /** Ours as Calcite's. */
  public static RelDataType toCalcite(SqlType type, boolean nullable, RelDataTypeFactory factory) {
    return factory.createTypeWithNullability(toCalcite(type, factory), nullable);
  }

  private static RelDataType toCalcite(SqlType type, RelDataTypeFactory factory) {
    return switch (type) {
      case SqlType.Decimal decimal ->
          factory.createSqlType(SqlTypeName.DECIMAL, decimal.precision(), decimal.scale());
      case SqlType.Timestamp timestamp ->
          factory.createSqlType(
              timestamp.zoned()
                  ? SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
                  : SqlTypeName.TIMESTAMP,
              timestamp.precision());
      case SqlType.Array array ->
          factory.createArrayType(toCalcite(array.element(), true, factory), -1);
      case SqlType.Map map ->
          factory.createMapType(
              toCalcite(map.key(), false, factory), toCalcite(map.value(), true, factory));
      case SqlType.Row row -> {
        RelDataTypeFactory.Builder builder = factory.builder();
        for (SqlType.Row.Field field : row.fields()) {
          builder.add(field.name(), toCalcite(field.type(), true, factory));
        }
        yield builder.build();
      }
      case SqlType.Simple simple ->
          switch (simple.kind()) {
            case NULL -> factory.createSqlType(SqlTypeName.NULL);
            case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
            case TINYINT -> factory.createSqlType(SqlTypeName.TINYINT);
            case SMALLINT -> factory.createSqlType(SqlTypeName.SMALLINT);
            case INTEGER -> factory.createSqlType(SqlTypeName.INTEGER);
            case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case REAL -> factory.createSqlType(SqlTypeName.REAL);
            case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            case VARCHAR -> factory.createSqlType(SqlTypeName.VARCHAR);
            case VARBINARY -> factory.createSqlType(SqlTypeName.VARBINARY);
            case DATE -> factory.createSqlType(SqlTypeName.DATE);
            case TIME -> factory.createSqlType(SqlTypeName.TIME);
            case UUID -> factory.createSqlType(SqlTypeName.UUID);
            case INTERVAL_MONTHS -> interval(TimeUnit.YEAR, TimeUnit.MONTH, factory);
            case INTERVAL_MICROS -> interval(TimeUnit.DAY, TimeUnit.SECOND, factory);
            default -> throw new AssertionError(simple);
          };
    };
  }

  private static RelDataType interval(TimeUnit from, TimeUnit to, RelDataTypeFactory factory) {
    return factory.createSqlIntervalType(new SqlIntervalQualifier(from, to, SqlParserPos.ZERO));
  }

  /**
   * Calcite's as ours.
   *
   * @throws EngineException UNSUPPORTED for a type that the engine does not have
   */
  public static SqlType fromCalcite(RelDataType type) {
    if (type.isStruct()) {
      List<SqlType.Row.Field> fields = new ArrayList<>();
      for (RelDataTypeField field : type.getFieldList()) {
        fields.add(new SqlType.Row.Field(field.getName(), fromCalcite(field.getType())));
      }
      return new SqlType.Row(fields);
    }
    return switch (type.getSqlTypeName()) {
      case NULL, UNKNOWN, ANY -> SqlType.NULL;
      case BOOLEAN -> SqlType.BOOLEAN;
      case TINYINT -> SqlType.TINYINT;
      case SMALLINT -> SqlType.SMALLINT;
      case INTEGER -> SqlType.INTEGER;
      case BIGINT -> SqlType.BIGINT;
      case DECIMAL -> decimal(type.getPrecision(), type.getScale());
      case REAL -> SqlType.REAL;
      case FLOAT, DOUBLE -> SqlType.DOUBLE;
      case CHAR, VARCHAR -> SqlType.VARCHAR;
      case BINARY, VARBINARY -> SqlType.VARBINARY;
      case DATE -> SqlType.DATE;
      case TIME -> SqlType.TIME;
      case TIMESTAMP -> new SqlType.Timestamp(type.getPrecision() > MICROS ? NANOS : MICROS, false);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ ->
          new SqlType.Timestamp(type.getPrecision() > MICROS ? NANOS : MICROS, true);
      case UUID -> SqlType.UUID;
      case ARRAY, MULTISET -> new SqlType.Array(fromCalcite(component(type)));
      case MAP -> new SqlType.Map(fromCalcite(key(type)), fromCalcite(value(type)));
      case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> SqlType.INTERVAL_MONTHS;
      default -> {
        if (SqlTypeName.DAY_INTERVAL_TYPES.contains(type.getSqlTypeName())) {
          yield SqlType.INTERVAL_MICROS;
        }
        throw new EngineException(
            ErrorCode.UNSUPPORTED, "the type " + type.getFullTypeString() + " is not supported");
      }
    };
  }

  private static SqlType decimal(int precision, int scale) {
    if (precision < 1 || precision > SqlType.Decimal.MAX_PRECISION || scale < 0) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          "DECIMAL(" + precision + ", " + scale + ") is not between 1 and 38 digits");
    }
    return new SqlType.Decimal(Math.max(precision, scale), scale);
  }

  private static RelDataType component(RelDataType type) {
    RelDataType component = type.getComponentType();
    if (component == null) {
      throw new AssertionError(type);
    }
    return component;
  }

  private static RelDataType key(RelDataType type) {
    RelDataType key = type.getKeyType();
    if (key == null) {
      throw new AssertionError(type);
    }
    return key;
  }

  private static RelDataType value(RelDataType type) {
    RelDataType value = type.getValueType();
    if (value == null) {
      throw new AssertionError(type);
    }
    return value;
  }
}
