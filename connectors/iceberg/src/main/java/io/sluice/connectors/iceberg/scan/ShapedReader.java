package io.sluice.connectors.iceberg.scan;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.jspecify.annotations.Nullable;

/** Adds to what is read of a file what is computed, and gives columns their declared types. */
final class ShapedReader implements SplitReader {
  private final SplitReader input;
  private final List<ColumnShape> shapes;
  private final int @Nullable [] rows;
  private final BufferAllocator allocator;
  private int fetched;

  /**
   * @param shapes of the first columns of the input; further ones are dropped
   * @param rows which the input fetches, or null where it reads all
   */
  ShapedReader(
      SplitReader input,
      List<ColumnShape> shapes,
      int @Nullable [] rows,
      BufferAllocator allocator) {
    this.input = input;
    this.shapes = shapes;
    this.rows = rows;
    this.allocator = allocator;
  }

  @Override
  public Poll poll() {
    return switch (input.poll()) {
      case Poll.Ready(Batch batch) -> {
        try (batch) {
          yield new Poll.Ready(shape(batch));
        }
      }
      case Poll.Blocked blocked -> blocked;
      case Poll.Finished finished -> finished;
    };
  }

  private Batch shape(Batch batch) {
    List<Column> columns = new ArrayList<>(shapes.size());
    try {
      for (int i = 0; i < shapes.size(); i++) {
        columns.add(
            switch (shapes.get(i)) {
              case ColumnShape.Read ignored -> batch.column(i).share();
              case ColumnShape.Retyped retyped -> retyped(batch.column(i), retyped);
              case ColumnShape.RowNumber number -> numbers(batch, number);
              case ColumnShape.ByCommit commit -> byCommit(batch, commit);
            });
      }
      fetched += batch.length();
      return new Batch(columns, batch.length());
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private Column numbers(Batch batch, ColumnShape.RowNumber shape) {
    int count = batch.length();
    BigIntVector numbers = longs(SqlType.BIGINT, count);
    int[] wanted = rows;
    for (int i = 0; i < count; i++) {
      long row = wanted == null ? input.firstRow() + i : wanted[fetched + i];
      numbers.set(i, shape.base() + row);
    }
    numbers.setValueCount(count);
    FlatColumn column = new FlatColumn(SqlType.BIGINT, numbers);
    if (shape.stored() >= 0) {
      try (FieldVector own = batch.column(shape.stored()).flatten(allocator)) {
        for (int i = 0; i < count; i++) {
          if (!own.isNull(i)) {
            numbers.set(i, ((BigIntVector) own).get(i));
          }
        }
      } catch (RuntimeException | Error failure) {
        column.close();
        throw failure;
      }
    }
    return column;
  }

  private BigIntVector longs(SqlType type, int count) {
    BigIntVector vector = (BigIntVector) Vectors.create(type, allocator);
    try {
      vector.allocateNew(count);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  private Column byCommit(Batch batch, ColumnShape.ByCommit shape) {
    int count = batch.length();
    BigIntVector values = longs(SqlType.BIGINT, count);
    try (FieldVector own = batch.column(shape.stored()).flatten(allocator)) {
      for (int i = 0; i < count; i++) {
        long sequence = own.isNull(i) ? shape.otherwise() : ((BigIntVector) own).get(i);
        Long value = shape.value().apply(sequence);
        if (value == null) {
          values.setNull(i);
        } else {
          values.set(i, value);
        }
      }
      values.setValueCount(count);
      return new FlatColumn(shape.type(), sameBytes(values, shape.type()));
    } finally {
      values.close();
    }
  }

  /** A vector of another type over the same buffers. */
  private FieldVector sameBytes(FieldVector vector, SqlType type) {
    FieldVector other = Vectors.create(type, allocator);
    try {
      other.loadFieldBuffers(
          new ArrowFieldNode(vector.getValueCount(), vector.getNullCount()),
          vector.getFieldBuffers());
      return other;
    } catch (RuntimeException | Error failure) {
      other.close();
      throw failure;
    }
  }

  private Column retyped(Column column, ColumnShape.Retyped shape) {
    SqlType type = shape.type();
    try (FieldVector stored = column.flatten(allocator)) {
      return new FlatColumn(
          type,
          switch (type.kind()) {
            case TINYINT, SMALLINT -> narrowed((IntVector) stored, shape);
            default -> sameBytes(stored, type);
          });
    }
  }

  private FieldVector narrowed(IntVector stored, ColumnShape.Retyped shape) {
    int count = stored.getValueCount();
    boolean tiny = shape.type().equals(SqlType.TINYINT);
    BaseFixedWidthVector target = (BaseFixedWidthVector) Vectors.create(shape.type(), allocator);
    try {
      target.allocateNew(count);
      for (int i = 0; i < count; i++) {
        if (stored.isNull(i)) {
          target.setNull(i);
          continue;
        }
        int value = stored.get(i);
        if (tiny ? value != (byte) value : value != (short) value) {
          throw new EngineException(
              ErrorCode.NUMERIC_OVERFLOW,
              "column "
                  + shape.column()
                  + " is declared "
                  + shape.type().sql()
                  + ", but another program has written "
                  + value);
        }
        if (tiny) {
          ((TinyIntVector) target).set(i, value);
        } else {
          ((SmallIntVector) target).set(i, value);
        }
      }
      target.setValueCount(count);
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  @Override
  public long firstRow() {
    return input.firstRow();
  }

  @Override
  public void close() {
    input.close();
  }
}
