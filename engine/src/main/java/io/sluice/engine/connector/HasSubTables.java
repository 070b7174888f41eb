package io.sluice.engine.connector;

import java.util.List;

/**
 * A table on which others hang, as {@code t$snapshots} on {@code t}. They are found by name and not
 * listed.
 */
public interface HasSubTables {
  /** What may stand after the dollar sign. */
  List<String> subTables();

  /** One of {@link #subTables}; its full name is the table's, a dollar sign and this one. */
  Relation.Table subTable(String name);
}
