package io.sluice.engine;

/**
 * The engine's settings, keys {@code engine.*}.
 *
 * @param workers threads that execute all queries
 * @param batchRows rows per batch, 1 to 65,536
 * @param memoryLimitBytes of all queries together
 * @param queryMemoryLimitBytes of each query
 * @param vectorApi whether hot kernels use SIMD forms; results are the same bits
 */
public record EngineConfig(
    int workers,
    int batchRows,
    long memoryLimitBytes,
    long queryMemoryLimitBytes,
    boolean vectorApi) {
  public static final int MAX_BATCH_ROWS = 65_536;

  public EngineConfig {
    require(workers >= 1, "engine.workers must be at least 1, not " + workers);
    require(
        batchRows >= 1 && batchRows <= MAX_BATCH_ROWS,
        "engine.batch-rows must be 1 to " + MAX_BATCH_ROWS + ", not " + batchRows);
    require(memoryLimitBytes > 0, "engine.memory.limit must be positive");
    require(queryMemoryLimitBytes > 0, "engine.memory.query-limit must be positive");
  }

  /** All processors, 8,192 rows, no memory limit that a test would meet. */
  public static EngineConfig defaults() {
    return new EngineConfig(
        Runtime.getRuntime().availableProcessors(), 8192, 8L << 30, 4L << 30, true);
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new EngineException(ErrorCode.CONFIGURATION, message);
    }
  }
}
