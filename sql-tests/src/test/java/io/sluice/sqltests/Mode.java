package io.sluice.sqltests;

import io.sluice.engine.EngineConfig;

/** A way to run the whole suite; answers must not depend on it. */
enum Mode {
  DEFAULT(2, 8192, true),
  BATCH1(2, 1, true),
  BATCH3(2, 3, true),
  WORKERS1(1, 8192, true),
  WORKERS8(8, 64, true),
  SCALAR(2, 8192, false);

  private static final long LIMIT_BYTES = 1L << 30;

  private final EngineConfig config;

  Mode(int workers, int batchRows, boolean vectorApi) {
    this.config = new EngineConfig(workers, batchRows, 4 * LIMIT_BYTES, LIMIT_BYTES, vectorApi);
  }

  EngineConfig config() {
    return config;
  }
}
