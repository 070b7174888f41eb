package io.sluice.connectors.parquet;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;

/** What went wrong in a page, as an error that names column and file. */
final class ReadFailures {
  private ReadFailures() {}

  /**
   * @param what names column and file
   */
  static EngineException named(String what, RuntimeException e) {
    return switch (e) {
      case CorruptPage corrupt ->
          new EngineException(
              ErrorCode.CORRUPT_FILE, what + " is corrupt: " + e.getMessage(), corrupt);
      case UnsupportedPage unsupported ->
          new EngineException(ErrorCode.UNSUPPORTED, what + ": " + e.getMessage(), unsupported);
      default ->
          new EngineException(
              ErrorCode.INVALID_CAST,
              what + " holds a value that does not fit: " + e.getMessage(),
              e);
    };
  }

  /**
   * @param row of the row group from which on the failure is
   */
  static EngineException named(String what, long row, RuntimeException e) {
    return named(what + " (row " + row + " of its row group or after)", e);
  }
}
