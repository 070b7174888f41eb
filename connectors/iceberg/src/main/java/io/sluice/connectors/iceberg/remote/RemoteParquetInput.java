package io.sluice.connectors.iceberg.remote;

import io.sluice.connectors.parquet.ParquetInput;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.io.InputFile;

/**
 * A data file on another machine. Reads block, unless they are of ranges that a reader's own view
 * has fetched before.
 */
public final class RemoteParquetInput implements ParquetInput {
  private final InputFile file;
  private final long length;
  private final ReadPool pool;
  private final Object owner;

  /**
   * @param length of the file, which its table knows
   * @param owner of the file's access, which ends when nobody holds it any more
   */
  public RemoteParquetInput(InputFile file, long length, ReadPool pool, Object owner) {
    this.file = file;
    this.length = length;
    this.pool = pool;
    this.owner = owner;
  }

  @Override
  public String path() {
    return file.location();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void readFully(long offset, long bytes, ArrowBuf target, long targetOffset) {
    long done = 0;
    while (done < bytes) {
      int step = (int) Math.min(bytes - done, FetchedRanges.MAX_READ);
      target.setBytes(targetOffset + done, RangeRead.of(file, offset + done, step));
      done += step;
    }
  }

  @Override
  public ParquetInput forReader(BufferAllocator allocator) {
    return new FetchedRanges(this, file, pool, allocator);
  }

  @Override
  public String toString() {
    return path() + " of " + owner;
  }

  @Override
  public void close() {}
}
