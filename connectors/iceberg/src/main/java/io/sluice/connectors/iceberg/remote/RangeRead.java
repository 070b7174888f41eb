package io.sluice.connectors.iceberg.remote;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.RangeReadable;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Reads a range of a file, again where the connection breaks within it. */
final class RangeRead {
  private static final Logger LOG = LoggerFactory.getLogger(RangeRead.class);
  private static final int ATTEMPTS = 5;
  private static final int FIRST_PAUSE_MILLIS = 100;

  private RangeRead() {}

  /**
   * The bytes.
   *
   * @throws EngineException STORAGE_ERROR where the file is not there or its store does not answer,
   *     CORRUPT_FILE where it ends before
   */
  static byte[] of(InputFile file, long offset, int length) {
    byte[] bytes = new byte[length];
    for (int attempt = 1; ; attempt++) {
      try {
        read(file, offset, bytes);
        return bytes;
      } catch (IOException | RuntimeException e) {
        // answers of the store, and requests without one, its client has tried again already
        if (attempt == ATTEMPTS || !(e instanceof IOException)) {
          throw failure(file, offset, length, e);
        }
        LOG.debug("file {} is read again at byte {}: {}", file.location(), offset, e.toString());
        pause(attempt);
      }
    }
  }

  private static void read(InputFile file, long offset, byte[] target) throws IOException {
    try (SeekableInputStream stream = file.newStream()) {
      if (stream instanceof RangeReadable ranges) {
        ranges.readFully(offset, target);
      } else {
        stream.seek(offset);
        IOUtil.readFully(stream, target, 0, target.length);
      }
    }
  }

  private static @Nullable EngineException ours(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof EngineException own) {
        return own;
      }
    }
    return null;
  }

  private static EngineException failure(
      InputFile file, long offset, int length, Exception failure) {
    EngineException own = ours(failure);
    if (own != null) {
      return own;
    }
    String what = "file " + file.location();
    return switch (failure) {
      case NotFoundException e ->
          new EngineException(ErrorCode.STORAGE_ERROR, what + " does not exist", e);
      case S3Exception e when e.statusCode() == 404 ->
          new EngineException(ErrorCode.STORAGE_ERROR, what + " does not exist", e);
      case S3Exception e when e.statusCode() == 416 -> truncated(what, offset, length, e);
      case S3Exception e when e.statusCode() == 403 ->
          new EngineException(
              ErrorCode.PERMISSION_DENIED,
              what + " may not be read with the credentials that there are: " + e.getMessage(),
              e);
      case EOFException e -> truncated(what, offset, length, e);
      default ->
          new EngineException(
              ErrorCode.STORAGE_ERROR,
              what + " cannot be read at byte " + offset + ": " + failure.getMessage(),
              failure);
    };
  }

  private static EngineException truncated(String what, long offset, int length, Exception e) {
    return new EngineException(
        ErrorCode.CORRUPT_FILE, what + " ends before byte " + (offset + length), e);
  }

  private static void pause(int attempt) {
    int longest = FIRST_PAUSE_MILLIS << attempt;
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "interrupted while a file is read", e);
    }
  }
}
