package io.sluice.planner.parse;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** A statement about online tables. Their names are those of the lake tables that they mirror. */
public sealed interface OnlineStatement {
  /**
   * CREATE [OR REPLACE] ONLINE TABLE.
   *
   * @param key empty where the lake table's primary key is meant
   * @param eventTime null where the lake table's is meant
   * @param columns empty for all
   * @param ttl an interval, null for none
   */
  record Create(
      SqlIdentifier name,
      boolean replace,
      boolean ifNotExists,
      List<SqlIdentifier> key,
      @Nullable SqlIdentifier eventTime,
      List<SqlIdentifier> columns,
      @Nullable SqlNode ttl)
      implements OnlineStatement {
    public Create {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
    }
  }

  /** DROP ONLINE TABLE. */
  record Drop(SqlIdentifier name, boolean ifExists) implements OnlineStatement {}

  /**
   * REFRESH ONLINE TABLE.
   *
   * @param full whether all rows are read again
   */
  record Refresh(SqlIdentifier name, boolean full) implements OnlineStatement {}

  /** SHOW ONLINE TABLES. */
  record Show(@Nullable String like) implements OnlineStatement {}
}
