package io.sluice.connectors.iceberg.register;

import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.DeclaredTypes;
import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.connectors.parquet.ChunkStatistics;
import io.sluice.connectors.parquet.ColumnRequest;
import io.sluice.connectors.parquet.NestedColumns;
import io.sluice.connectors.parquet.ParquetColumn;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableStatistics.ColumnStatistics;
import io.sluice.engine.type.SqlType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Literal;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.BinaryUtil;
import org.apache.iceberg.util.UnicodeUtil;
import org.apache.parquet.schema.GroupType;
import org.jspecify.annotations.Nullable;

/** An existing file as a data file of a table, with the bounds that its footer gives. */
final class RegisteredFile {
  // as Iceberg's own writers cut them
  private static final int BOUND_LENGTH = 16;

  private final ParquetMetadata footer;
  private final Map<Integer, Long> sizes = new HashMap<>();
  private final Map<Integer, Long> values = new HashMap<>();
  private final Map<Integer, Long> nulls = new HashMap<>();
  private final Map<Integer, ByteBuffer> lower = new HashMap<>();
  private final Map<Integer, ByteBuffer> upper = new HashMap<>();

  private RegisteredFile(ParquetMetadata footer) {
    this.footer = footer;
  }

  /**
   * @throws EngineException where the file does not fit the table
   */
  static DataFile of(ParquetMetadata footer, Table table, String tableName) {
    RegisteredFile file = new RegisteredFile(footer);
    file.check(table, tableName);
    return file.dataFile(table);
  }

  private void check(Table table, String tableName) {
    DeclaredTypes declared = Declarations.declaredTypes(table.properties());
    boolean hasIds = footer.columns().stream().anyMatch(column -> column.fieldId() >= 0);
    for (org.apache.parquet.schema.Type column : footer.schema().getFields()) {
      Types.NestedField field = table.schema().asStruct().field(column.getName());
      if (field == null) {
        throw new EngineException(
            ErrorCode.UNKNOWN_COLUMN,
            "file "
                + footer.path()
                + " has column "
                + column.getName()
                + ", table "
                + tableName
                + " has none of that name");
      }
      SqlType wanted = IcebergTypes.toSql(field.type(), field.fieldId(), declared);
      SqlType found = ParquetTypes.toSql(column);
      if (found == null || !ParquetTypes.fits(found, wanted)) {
        throw new EngineException(
            ErrorCode.TYPE_MISMATCH,
            "column "
                + column.getName()
                + " of file "
                + footer.path()
                + " is "
                + (found == null ? column : found.sql())
                + ", in table "
                + tableName
                + " it is "
                + wanted.sql());
      }
      if (hasIds || column.getId() != null) {
        checkIds(column, field, tableName);
      }
      if (field.isRequired()
          && !field.type().isPrimitiveType()
          && column.isRepetition(org.apache.parquet.schema.Type.Repetition.OPTIONAL)) {
        throw new EngineException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column "
                + field.name()
                + " is NOT NULL, but file "
                + footer.path()
                + " does not say that it has none");
      }
    }
    for (Types.NestedField field : table.schema().columns()) {
      if (field.isRequired() && !footer.schema().containsField(field.name())) {
        throw new EngineException(
            ErrorCode.NOT_NULL_VIOLATION,
            "file " + footer.path() + " lacks column " + field.name() + ", which is NOT NULL");
      }
    }
  }

  /** Ids of fields that are found by id: columns, and fields of rows at any depth. */
  private void checkIds(
      org.apache.parquet.schema.Type stored, Types.NestedField field, String tableName) {
    org.apache.parquet.schema.Type.ID id = stored.getId();
    if (id == null || id.intValue() != field.fieldId()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "file "
              + footer.path()
              + " carries the field ids of another table: column "
              + stored.getName()
              + " has "
              + (id == null ? "none" : "id " + id.intValue())
              + ", in table "
              + tableName
              + " "
              + field.fieldId()
              + "; insert its rows instead");
    }
    checkIdsBelow(stored, field.type(), tableName);
  }

  private void checkIdsBelow(org.apache.parquet.schema.Type stored, Type type, String tableName) {
    if (type.isPrimitiveType()) {
      return;
    }
    GroupType group = stored.asGroupType();
    if (type.isStructType()) {
      for (org.apache.parquet.schema.Type part : group.getFields()) {
        checkIds(part, type.asStructType().field(part.getName()), tableName);
      }
    } else if (type.isListType()) {
      boolean bare = stored.isRepetition(org.apache.parquet.schema.Type.Repetition.REPEATED);
      checkIdsBelow(
          bare && !NestedColumns.isList(group) ? stored : NestedColumns.element(group),
          type.asListType().elementType(),
          tableName);
    } else {
      GroupType entry = group.getType(0).asGroupType();
      checkIdsBelow(entry.getType(0), type.asMapType().keyType(), tableName);
      checkIdsBelow(entry.getType(1), type.asMapType().valueType(), tableName);
    }
  }

  private DataFile dataFile(Table table) {
    DeclaredTypes declared = Declarations.declaredTypes(table.properties());
    for (ParquetColumn column : footer.columns()) {
      Types.NestedField field = table.schema().asStruct().field(column.path().getFirst());
      if (!column.isFlat() || field == null || !field.type().isPrimitiveType()) {
        continue;
      }
      SqlType type = IcebergTypes.toSql(field.type(), field.fieldId(), declared);
      measure(
          column, field, type.isInteger() && !type.equals(SqlType.BIGINT) ? SqlType.INTEGER : type);
    }
    List<Long> offsets = new ArrayList<>();
    for (ParquetMetadata.RowGroup group : footer.rowGroups()) {
      offsets.add(
          group.chunks().stream().mapToLong(ParquetMetadata.ColumnChunk::offset).min().orElse(0));
    }
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath(footer.path())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(footer.length())
        .withMetrics(new Metrics(footer.rowCount(), sizes, values, nulls, null, lower, upper))
        .withSplitOffsets(offsets.stream().sorted().toList())
        .build();
  }

  private void measure(ParquetColumn column, Types.NestedField field, SqlType type) {
    int id = field.fieldId();
    long nullCount = 0;
    long bytes = 0;
    @Nullable Object min = null;
    @Nullable Object max = null;
    boolean hasMin = true;
    boolean hasMax = true;
    for (int group = 0; group < footer.rowGroups().size(); group++) {
      ColumnStatistics chunk = ChunkStatistics.of(footer, group, ColumnRequest.of(column, type));
      long rows = footer.rowGroups().get(group).rowCount();
      bytes += chunk.bytes();
      nullCount = nullCount < 0 || chunk.nullCount() < 0 ? -1 : nullCount + chunk.nullCount();
      if (rows == 0 || chunk.nullCount() == rows) {
        continue;
      }
      hasMin &= chunk.min() != null;
      hasMax &= chunk.max() != null;
      min = Bounds.lesser(field.type(), min, internal(field.type(), chunk.min()));
      max = Bounds.greater(field.type(), max, internal(field.type(), chunk.max()));
    }
    sizes.put(id, bytes);
    values.put(id, footer.rowCount());
    if (nullCount >= 0) {
      nulls.put(id, nullCount);
    }
    if (field.isRequired() && nullCount != 0) {
      throw new EngineException(
          ErrorCode.NOT_NULL_VIOLATION,
          "column "
              + field.name()
              + " is NOT NULL, but file "
              + footer.path()
              + (nullCount < 0 ? " does not say that it has none" : " has NULLs in it"));
    }
    put(lower, field, hasMin ? cutMin(field.type(), min) : null);
    put(upper, field, hasMax ? cutMax(field.type(), max) : null);
  }

  private static void put(
      Map<Integer, ByteBuffer> bounds, Types.NestedField field, @Nullable Object value) {
    if (value != null) {
      bounds.put(field.fieldId(), Conversions.toByteBuffer(field.type(), value));
    }
  }

  /** A literal as Iceberg holds it. */
  private static @Nullable Object internal(Type type, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case INTEGER, DATE -> Math.toIntExact((Long) value);
      case FLOAT -> ((Double) value).floatValue();
      case BINARY, FIXED -> ByteBuffer.wrap((byte[]) value);
      default -> value;
    };
  }

  private static @Nullable Object cutMin(Type type, @Nullable Object value) {
    return switch (value) {
      case CharSequence text ->
          UnicodeUtil.truncateStringMin(Literal.of(text), BOUND_LENGTH).value();
      case ByteBuffer bytes when type.typeId() == Type.TypeID.BINARY ->
          BinaryUtil.truncateBinaryMin(Literal.of(bytes), BOUND_LENGTH).value();
      case null, default -> value;
    };
  }

  private static @Nullable Object cutMax(Type type, @Nullable Object value) {
    return switch (value) {
      case CharSequence text -> {
        Literal<CharSequence> cut = UnicodeUtil.truncateStringMax(Literal.of(text), BOUND_LENGTH);
        yield cut == null ? null : cut.value();
      }
      case ByteBuffer bytes when type.typeId() == Type.TypeID.BINARY -> {
        Literal<ByteBuffer> cut = BinaryUtil.truncateBinaryMax(Literal.of(bytes), BOUND_LENGTH);
        yield cut == null ? null : cut.value();
      }
      case null, default -> value;
    };
  }
}
