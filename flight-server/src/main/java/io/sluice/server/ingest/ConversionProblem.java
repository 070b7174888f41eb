package io.sluice.server.ingest;

import io.sluice.engine.ErrorCode;

/** Why one value cannot be kept; the column's converter adds where it stands. */
final class ConversionProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  ConversionProblem(ErrorCode code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  ErrorCode code() {
    return code;
  }
}
