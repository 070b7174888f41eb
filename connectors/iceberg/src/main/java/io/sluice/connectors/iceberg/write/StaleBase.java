package io.sluice.connectors.iceberg.write;

import org.apache.iceberg.exceptions.CleanableFailure;

/** A replacement was built on a state that is no longer the table's current one. */
final class StaleBase extends RuntimeException implements CleanableFailure {
  private static final long serialVersionUID = 1L;

  StaleBase(Throwable cause) {
    super("the table has changed", cause);
  }
}
