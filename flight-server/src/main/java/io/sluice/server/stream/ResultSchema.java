package io.sluice.server.stream;

import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.sql.FlightSqlColumnMetadata;
import org.apache.arrow.vector.types.IntervalUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The one schema of a result, in {@code FlightInfo} and in the stream alike: clients compare them.
 * All columns are nullable, since an expression's nullability is the optimizer's to narrow and the
 * schema must not follow it. Types are the plain ones that every client reads.
 */
public final class ResultSchema {
  private static final String EXTENSION_NAME = "ARROW:extension:name";
  private static final String EXTENSION_METADATA = "ARROW:extension:metadata";

  private ResultSchema() {}

  public static Schema of(List<OutputColumn> columns, StreamOptions options) {
    List<Field> fields = new ArrayList<>(columns.size());
    for (OutputColumn column : columns) {
      fields.add(field(column.name(), column.type(), true, metadata(column.type()), options));
    }
    return new Schema(fields);
  }

  /** A column as clients see it, with its metadata. */
  public static Field field(
      String name,
      SqlType type,
      boolean nullable,
      Map<String, String> metadata,
      StreamOptions options) {
    Field plain = ArrowTypes.field(name, type, nullable);
    ArrowType arrow = plain.getType();
    if (type.kind() == SqlType.Kind.INTERVAL_MONTHS) {
      // pyarrow has no type for intervals of months alone.
      arrow = new ArrowType.Interval(IntervalUnit.MONTH_DAY_NANO);
    } else if (options.naiveTimestamps() && arrow instanceof ArrowType.Timestamp timestamp) {
      arrow = new ArrowType.Timestamp(timestamp.getUnit(), null);
    }
    return new Field(name, new FieldType(nullable, arrow, null, metadata), plain.getChildren());
  }

  /** What drivers ask of a column besides its Arrow type. */
  public static Map<String, String> metadata(SqlType type) {
    return metadata(type, new FlightSqlColumnMetadata.Builder());
  }

  /** The same, added to what the builder holds. */
  public static Map<String, String> metadata(
      SqlType type, FlightSqlColumnMetadata.Builder builder) {
    builder.typeName(typeName(type)).precision(precision(type)).scale(scale(type));
    Map<String, String> metadata = new LinkedHashMap<>(builder.build().getMetadataMap());
    if (type.kind() == SqlType.Kind.UUID) {
      metadata.put(EXTENSION_NAME, "arrow.uuid");
      metadata.put(EXTENSION_METADATA, "");
    }
    return metadata;
  }

  /** The type's name without parameters, as in {@code DECIMAL}. */
  public static String typeName(SqlType type) {
    return switch (type) {
      case SqlType.Simple simple ->
          switch (simple.kind()) {
            case TIME -> "TIME";
            default -> simple.sql();
          };
      case SqlType.Decimal ignored -> "DECIMAL";
      case SqlType.Timestamp timestamp ->
          timestamp.zoned() ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
      case SqlType.Array ignored -> "ARRAY";
      case SqlType.Row ignored -> "ROW";
      case SqlType.Map ignored -> "MAP";
    };
  }

  /** Digits, characters or bytes at most; 0 where the type has no such bound. */
  public static int precision(SqlType type) {
    return switch (type.kind()) {
      case BOOLEAN -> 1;
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      case REAL -> 7;
      case DOUBLE -> 15;
      case DECIMAL -> ((SqlType.Decimal) type).precision();
      case VARCHAR, VARBINARY -> Integer.MAX_VALUE;
      case DATE -> 10;
      case TIME -> 15;
      case TIMESTAMP -> 20 + ((SqlType.Timestamp) type).precision();
      case TIMESTAMP_TZ -> 26 + ((SqlType.Timestamp) type).precision();
      case UUID -> 16;
      case NULL, INTERVAL_MONTHS, INTERVAL_MICROS, ARRAY, ROW, MAP -> 0;
    };
  }

  /** Digits after the point. */
  public static int scale(SqlType type) {
    return switch (type) {
      case SqlType.Decimal decimal -> decimal.scale();
      case SqlType.Timestamp timestamp -> timestamp.precision();
      case SqlType.Simple simple -> simple.kind() == SqlType.Kind.TIME ? 6 : 0;
      case SqlType.Array ignored -> 0;
      case SqlType.Row ignored -> 0;
      case SqlType.Map ignored -> 0;
    };
  }
}
