package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/**
 * A batch of left rows kept in memory with their entities (int32, -1 where the row cannot match)
 * and operand codes (int64 each, the deciding one first). Owns all of it.
 */
final class SpineBatch implements AutoCloseable {
  private final Batch batch;
  private final ArrowBuf operands;
  private final int rows;
  private final long entitiesAt;
  private boolean operandsClosed;
  private int firstRow;

  /** Takes ownership of the batch, also where it fails. */
  SpineBatch(
      Batch batch, int[] entities, Operands operands, int codeCount, BufferAllocator allocator) {
    this.batch = batch;
    this.rows = batch.rowCount();
    try {
      this.operands = allocator.buffer(Math.max(1, rows * (4L + 8L * codeCount)));
    } catch (RuntimeException | Error failure) {
      batch.close();
      throw failure;
    }
    for (int k = 0; k < codeCount; k++) {
      long[] codes = operands.codes()[k];
      long at = ((long) k * rows) << 3;
      for (int i = 0; i < rows; i++) {
        this.operands.setLong(at + ((long) i << 3), codes[i]);
      }
    }
    long at = ((long) codeCount * rows) << 3;
    for (int i = 0; i < rows; i++) {
      this.operands.setInt(at + ((long) i << 2), entities[i]);
    }
    this.entitiesAt = at;
  }

  Batch batch() {
    return batch;
  }

  int rows() {
    return rows;
  }

  /** The number of the first row within the spine. */
  int firstRow() {
    return firstRow;
  }

  void setFirstRow(int firstRow) {
    this.firstRow = firstRow;
  }

  int entity(int row) {
    return operands.getInt(entitiesAt + ((long) row << 2));
  }

  void setEntity(int row, int entity) {
    operands.setInt(entitiesAt + ((long) row << 2), entity);
  }

  long code(int operand, int row) {
    return operands.getLong(((long) operand * rows + row) << 3);
  }

  /** Frees the entities and codes; the batch stays. */
  void closeOperands() {
    if (!operandsClosed) {
      operandsClosed = true;
      operands.close();
    }
  }

  @Override
  public void close() {
    closeOperands();
    batch.close();
  }
}
