package io.sluice.connectors.parquet;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** A column that the file does not have. */
final class ConstantReader implements ColumnReader {
  private final SqlType type;
  private final @Nullable Object value;
  private final BufferAllocator allocator;
  private int rows;

  ConstantReader(SqlType type, @Nullable Object value, BufferAllocator allocator) {
    this.type = type;
    this.value = value;
    this.allocator = allocator;
  }

  @Override
  public void begin(int rows) {
    this.rows = 0;
  }

  @Override
  public void append(int rows) {
    this.rows += rows;
  }

  @Override
  public void skip(int rows) {}

  @Override
  public Column finish() {
    return Cells.constant(type, value, rows, allocator);
  }

  @Override
  public void close() {}
}
