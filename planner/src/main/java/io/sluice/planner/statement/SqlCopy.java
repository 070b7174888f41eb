package io.sluice.planner.statement;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * The same text once more, with the same positions. The validator changes the nodes that it is
 * given, so that what is planned twice or stands in two places needs a tree of its own.
 */
final class SqlCopy extends SqlShuttle {
  private SqlCopy() {}

  static SqlNode of(SqlNode node) {
    SqlNode copy = node.accept(new SqlCopy());
    if (copy == null) {
      throw new AssertionError(node);
    }
    return copy;
  }

  static @Nullable SqlNode ofNullable(@Nullable SqlNode node) {
    return node == null ? null : of(node);
  }

  @Override
  public @Nullable SqlNode visit(SqlIdentifier identifier) {
    return identifier.clone(identifier.getParserPosition());
  }

  @Override
  public @Nullable SqlNode visit(SqlNodeList list) {
    List<@Nullable SqlNode> copies = new ArrayList<>();
    for (SqlNode node : list) {
      copies.add(node == null ? null : node.accept(this));
    }
    return new SqlNodeList(copies, list.getParserPosition());
  }

  @Override
  public @Nullable SqlNode visit(SqlCall call) {
    CallCopyingArgHandler copy = new CallCopyingArgHandler(call, true);
    call.getOperator().acceptCall(this, call, false, copy);
    return copy.result();
  }
}
