package io.sluice.connectors.iceberg.write;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Cells;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A row of a batch as Iceberg's partition transforms see it. */
final class PartitionRow implements StructLike {
  private final List<Types.NestedField> columns;
  private RowCells row = new RowCells(0);

  PartitionRow(List<Types.NestedField> columns) {
    this.columns = columns;
  }

  PartitionRow at(RowCells newRow) {
    row = newRow;
    return this;
  }

  @Override
  public int size() {
    return columns.size();
  }

  @Override
  public <T> @Nullable T get(int column, Class<T> javaClass) {
    int position = row.position(column);
    return position < 0
        ? null
        : javaClass.cast(internal(columns.get(column), Cells.get(row.values(column), position)));
  }

  private static @Nullable Object internal(Types.NestedField column, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    return switch (column.type().typeId()) {
      case INTEGER, DATE -> Math.toIntExact((Long) value);
      case FLOAT -> ((Double) value).floatValue();
      case BINARY, FIXED -> ByteBuffer.wrap((byte[]) value);
      case STRUCT, LIST, MAP ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "table is partitioned by a field of column " + column.name() + ", which is nested");
      default -> value;
    };
  }

  @Override
  public <T> void set(int position, T value) {
    throw new AssertionError("rows are not set");
  }
}
