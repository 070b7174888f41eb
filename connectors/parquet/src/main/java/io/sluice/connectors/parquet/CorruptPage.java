package io.sluice.connectors.parquet;

/** What is wrong with a page; becomes an EngineException that names column and file. */
final class CorruptPage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptPage(String message) {
    super(message);
  }

  CorruptPage(String message, Throwable cause) {
    super(message, cause);
  }
}
