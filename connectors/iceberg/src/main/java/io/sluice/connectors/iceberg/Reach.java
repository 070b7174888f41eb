package io.sluice.connectors.iceberg;

/** How far away a catalog is. */
public enum Reach {
  /**
   * Beside this process. Schemas have one level, files may be registered where they lie, and
   * listings look into every table.
   */
  LOCAL,
  /** An outside system. Schemas may be nested, and listings cost as few calls as they can. */
  REMOTE
}
