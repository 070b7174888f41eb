package io.sluice.planner.validate;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** SELECT statements that the planner writes itself. */
public final class Selects {
  private Selects() {}

  /** {@code SELECT items [FROM from] [WHERE condition]}. */
  public static SqlSelect of(
      SqlParserPos position,
      SqlNodeList items,
      @Nullable SqlNode from,
      @Nullable SqlNode condition) {
    return new SqlSelect(
        position, null, items, from, condition, null, null, null, null, null, null, null, null);
  }
}
