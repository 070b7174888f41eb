package io.sluice.engine.type;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** The one place that says how a SQL type lies in Arrow memory. */
public final class ArrowTypes {
  /** The zone that zoned timestamps carry; their values are instants. */
  public static final String ZONE = "UTC";

  private ArrowTypes() {}

  /** The Arrow type of flat and nested values alike; children come from {@link #field}. */
  public static ArrowType arrowType(SqlType type) {
    return switch (type) {
      case SqlType.Simple simple ->
          switch (simple.kind()) {
            case NULL -> ArrowType.Null.INSTANCE;
            case BOOLEAN -> ArrowType.Bool.INSTANCE;
            case TINYINT -> new ArrowType.Int(8, true);
            case SMALLINT -> new ArrowType.Int(16, true);
            case INTEGER -> new ArrowType.Int(32, true);
            case BIGINT -> new ArrowType.Int(64, true);
            case REAL -> new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case VARCHAR -> ArrowType.Utf8.INSTANCE;
            case VARBINARY -> ArrowType.Binary.INSTANCE;
            case DATE -> new ArrowType.Date(DateUnit.DAY);
            case TIME -> new ArrowType.Time(TimeUnit.MICROSECOND, 64);
            case INTERVAL_MONTHS -> new ArrowType.Interval(IntervalUnit.YEAR_MONTH);
            case INTERVAL_MICROS -> new ArrowType.Duration(TimeUnit.MICROSECOND);
            case UUID -> new ArrowType.FixedSizeBinary(16);
            default -> throw new AssertionError(simple);
          };
      case SqlType.Decimal decimal ->
          new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
      case SqlType.Timestamp timestamp ->
          new ArrowType.Timestamp(
              timestamp.precision() == 9 ? TimeUnit.NANOSECOND : TimeUnit.MICROSECOND,
              timestamp.zoned() ? ZONE : null);
      case SqlType.Array ignored -> ArrowType.List.INSTANCE;
      case SqlType.Row ignored -> ArrowType.Struct.INSTANCE;
      case SqlType.Map ignored -> new ArrowType.Map(false);
    };
  }

  /** A field with its children. */
  public static Field field(String name, SqlType type, boolean nullable) {
    FieldType fieldType = new FieldType(nullable, arrowType(type), null);
    List<Field> children = new ArrayList<>();
    switch (type) {
      case SqlType.Array array -> children.add(field("item", array.element(), true));
      case SqlType.Row row ->
          row.fields().forEach(child -> children.add(field(child.name(), child.type(), true)));
      case SqlType.Map map ->
          children.add(
              new Field(
                  MapVector.DATA_VECTOR_NAME,
                  new FieldType(false, ArrowType.Struct.INSTANCE, null),
                  List.of(
                      field(MapVector.KEY_NAME, map.key(), false),
                      field(MapVector.VALUE_NAME, map.value(), true))));
      case SqlType.Simple ignored -> {}
      case SqlType.Decimal ignored -> {}
      case SqlType.Timestamp ignored -> {}
    }
    return new Field(name, fieldType, children);
  }
}
