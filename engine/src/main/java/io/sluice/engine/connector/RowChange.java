package io.sluice.engine.connector;

import java.util.List;

/**
 * What becomes of a row. Sources say, for each column of the table, which column of a batch of
 * changes holds its new value; -1 where none does.
 */
public sealed interface RowChange {
  /** The row is removed. */
  record Delete() implements RowChange {}

  /** The row gets new values; a column without a source keeps its own. */
  record Update(List<Integer> sources) implements RowChange {
    public Update {
      sources = List.copyOf(sources);
    }
  }

  /** A new row; a column without a source is NULL. */
  record Insert(List<Integer> sources) implements RowChange {
    public Insert {
      sources = List.copyOf(sources);
    }
  }
}
