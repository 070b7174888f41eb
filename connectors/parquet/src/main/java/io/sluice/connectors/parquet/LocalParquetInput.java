package io.sluice.connectors.parquet;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.memory.ArrowBuf;

/** A file of the local file system, read straight into native memory. */
public final class LocalParquetInput implements ParquetInput {
  private static final int MAX_READ = 1 << 30;

  private final String path;
  private final FileChannel channel;
  private final long length;

  private LocalParquetInput(String path, FileChannel channel, long length) {
    this.path = path;
    this.channel = channel;
    this.length = length;
  }

  /**
   * Opens a file for reading.
   *
   * @throws EngineException STORAGE_ERROR where it does not exist or cannot be opened
   */
  public static LocalParquetInput open(Path path) {
    FileChannel channel = null;
    try {
      if (Files.isDirectory(path)) {
        throw new IOException("is a directory");
      }
      channel = FileChannel.open(path, StandardOpenOption.READ);
      return new LocalParquetInput(path.toString(), channel, channel.size());
    } catch (NoSuchFileException e) {
      throw new EngineException(ErrorCode.STORAGE_ERROR, "file " + path + " does not exist", e);
    } catch (IOException e) {
      if (channel != null) {
        try {
          channel.close();
        } catch (IOException onClose) {
          e.addSuppressed(onClose);
        }
      }
      throw new EngineException(
          ErrorCode.STORAGE_ERROR, "file " + path + " cannot be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void readFully(long offset, long length, ArrowBuf target, long targetOffset) {
    long done = 0;
    try {
      while (done < length) {
        int step = (int) Math.min(length - done, MAX_READ);
        ByteBuffer buffer = target.nioBuffer(targetOffset + done, step);
        int read = channel.read(buffer, offset + done);
        if (read <= 0) {
          throw new EngineException(
              ErrorCode.CORRUPT_FILE,
              "file "
                  + path
                  + " ends at byte "
                  + (offset + done)
                  + ", "
                  + this.length
                  + " bytes were there when it was opened");
        }
        done += read;
      }
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.STORAGE_ERROR,
          "file " + path + " cannot be read at byte " + (offset + done) + ": " + e,
          e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.STORAGE_ERROR, "file " + path + " cannot be closed: " + e.getMessage(), e);
    }
  }
}
