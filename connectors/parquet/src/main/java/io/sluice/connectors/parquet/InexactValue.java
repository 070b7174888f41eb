package io.sluice.connectors.parquet;

/**
 * A value that the requested type cannot hold; becomes an EngineException that names the column.
 */
final class InexactValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InexactValue(String message) {
    super(message);
  }
}
