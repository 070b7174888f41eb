package io.sluice.engine.connector;

import java.util.List;

/** Columns that name a row of another table; declared, not enforced. */
public record ForeignKey(
    List<String> columns, String referencedTable, List<String> referencedColumns) {
  public ForeignKey {
    columns = List.copyOf(columns);
    referencedColumns = List.copyOf(referencedColumns);
  }
}
