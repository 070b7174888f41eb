package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The SQL type that values of an Arrow type become. */
public final class IngestTypes {
  private static final int UUID_BYTES = 16;

  private final DictionaryProvider dictionaries;
  private final int nanoDigits;

  /**
   * @param dictionaries of the fields that are encoded
   * @param nanoDigits 9 where timestamps of nanoseconds shall keep them, otherwise 6
   */
  public IngestTypes(DictionaryProvider dictionaries, int nanoDigits) {
    this.dictionaries = dictionaries;
    this.nanoDigits = nanoDigits;
  }

  /**
   * The type of a column.
   *
   * @throws EngineException UNSUPPORTED where SQL has no such values
   */
  public SqlType sqlType(Field encoded) {
    Field field = decoded(encoded, dictionaries);
    return switch (field.getType()) {
      // A column of nothing but NULL needs a type that takes what comes later.
      case ArrowType.Null ignored -> SqlType.VARCHAR;
      case ArrowType.Bool ignored -> SqlType.BOOLEAN;
      case ArrowType.Int type -> integer(type);
      case ArrowType.FloatingPoint type ->
          switch (type.getPrecision()) {
            case HALF, SINGLE -> SqlType.REAL;
            case DOUBLE -> SqlType.DOUBLE;
          };
      case ArrowType.Decimal type -> decimal(type);
      case ArrowType.Utf8 ignored -> SqlType.VARCHAR;
      case ArrowType.LargeUtf8 ignored -> SqlType.VARCHAR;
      case ArrowType.Utf8View ignored -> SqlType.VARCHAR;
      case ArrowType.Binary ignored -> SqlType.VARBINARY;
      case ArrowType.LargeBinary ignored -> SqlType.VARBINARY;
      case ArrowType.BinaryView ignored -> SqlType.VARBINARY;
      case ArrowType.FixedSizeBinary type ->
          type.getByteWidth() == UUID_BYTES && isUuid(field) ? SqlType.UUID : SqlType.VARBINARY;
      case ArrowType.Date ignored -> SqlType.DATE;
      case ArrowType.Time ignored -> SqlType.TIME;
      case ArrowType.Timestamp type ->
          new SqlType.Timestamp(
              type.getUnit() == TimeUnit.NANOSECOND ? nanoDigits : 6, type.getTimezone() != null);
      case ArrowType.Duration ignored -> SqlType.INTERVAL_MICROS;
      case ArrowType.Interval type ->
          switch (type.getUnit()) {
            case YEAR_MONTH -> SqlType.INTERVAL_MONTHS;
            case DAY_TIME -> SqlType.INTERVAL_MICROS;
            case MONTH_DAY_NANO -> throw unsupported(field, "an interval of months and days");
          };
      case ArrowType.List ignored -> array(field);
      case ArrowType.LargeList ignored -> array(field);
      case ArrowType.FixedSizeList ignored -> array(field);
      case ArrowType.Struct ignored -> {
        List<SqlType.Row.Field> fields = new ArrayList<>();
        for (Field child : field.getChildren()) {
          fields.add(new SqlType.Row.Field(child.getName(), sqlType(child)));
        }
        yield new SqlType.Row(fields);
      }
      case ArrowType.Map ignored -> {
        List<Field> entry = field.getChildren().get(0).getChildren();
        yield new SqlType.Map(sqlType(entry.get(0)), sqlType(entry.get(1)));
      }
      case ArrowType.ExtensionType type ->
          sqlType(
              new Field(
                  field.getName(),
                  new FieldType(field.isNullable(), type.storageType(), null),
                  field.getChildren()));
      default -> throw unsupported(field, "Arrow type " + field.getType());
    };
  }

  /** The field of the values, where this one's values are numbers into a dictionary. */
  static Field decoded(Field field, DictionaryProvider dictionaries) {
    DictionaryEncoding encoding = field.getDictionary();
    if (encoding == null) {
      return field;
    }
    Field values = dictionaries.lookup(encoding.getId()).getVector().getField();
    return new Field(
        field.getName(),
        new FieldType(field.isNullable(), values.getType(), null, field.getMetadata()),
        values.getChildren());
  }

  private SqlType array(Field field) {
    return new SqlType.Array(sqlType(field.getChildren().get(0)));
  }

  private static SqlType integer(ArrowType.Int type) {
    return switch (type.getBitWidth()) {
      case 8 -> type.getIsSigned() ? SqlType.TINYINT : SqlType.SMALLINT;
      case 16 -> type.getIsSigned() ? SqlType.SMALLINT : SqlType.INTEGER;
      case 32 -> type.getIsSigned() ? SqlType.INTEGER : SqlType.BIGINT;
      default -> type.getIsSigned() ? SqlType.BIGINT : new SqlType.Decimal(20, 0);
    };
  }

  /** Digits beyond 38 are checked value by value. */
  private static SqlType decimal(ArrowType.Decimal type) {
    int scale = Math.clamp(type.getScale(), 0, SqlType.Decimal.MAX_PRECISION);
    int digits = type.getPrecision() + Math.max(0, -type.getScale());
    return new SqlType.Decimal(
        Math.clamp(Math.max(digits, scale), 1, SqlType.Decimal.MAX_PRECISION), scale);
  }

  private static boolean isUuid(Field field) {
    return "arrow.uuid".equals(field.getMetadata().get("ARROW:extension:name"));
  }

  private static EngineException unsupported(Field field, String what) {
    return new EngineException(
        ErrorCode.UNSUPPORTED,
        "column '"
            + field.getName()
            + "': "
            + what
            + " has no SQL type; convert it before, for example to a string");
  }
}
