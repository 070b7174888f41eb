package io.sluice.connectors.parquet;

/** A page in a form that cannot be read; becomes an EngineException that names column and file. */
final class UnsupportedPage extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedPage(String message) {
    super(message);
  }
}
