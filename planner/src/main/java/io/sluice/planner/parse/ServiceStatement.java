package io.sluice.planner.parse;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** A statement about feature services. */
public sealed interface ServiceStatement {
  /**
   * CREATE FEATURE SERVICE: either with a query, or for a version of a training dataset.
   *
   * @param sql the query's text, or null
   * @param version of the dataset, or null for the newest
   */
  record Create(
      SqlIdentifier name,
      boolean replace,
      boolean ifNotExists,
      @Nullable String comment,
      @Nullable SqlNode query,
      @Nullable String sql,
      @Nullable SqlIdentifier dataset,
      @Nullable Integer version)
      implements ServiceStatement {}

  /** DROP FEATURE SERVICE. */
  record Drop(SqlIdentifier name, boolean ifExists) implements ServiceStatement {}

  /** SHOW FEATURE SERVICES. */
  record Show(@Nullable String like) implements ServiceStatement {}

  /** DESCRIBE FEATURE SERVICE. */
  record Describe(SqlIdentifier name) implements ServiceStatement {}

  /** EXECUTE FEATURE SERVICE name [RAW], whose parameters are the service's. */
  record Execute(SqlIdentifier name, boolean raw) implements ServiceStatement {}
}
