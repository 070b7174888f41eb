package io.sluice.engine.connector;

import io.sluice.engine.expression.Expression;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table whose rows are computed when a statement reads it. To add one, describe it here and
 *
 * <ul>
 *   <li>put it into a {@link VirtualSchema} that {@link Catalogs#addSchema} takes, as {@code
 *       information_schema} does; or
 *   <li>hand it out as one of a table's {@link HasSubTables}, as {@code t$snapshots} is.
 * </ul>
 *
 * <p>Queries, EXPLAIN, DESCRIBE, SHOW and clients' metadata calls then treat it as any other table;
 * statements that would change it are refused. Plans hold its name alone.
 *
 * @param name within its schema, or after the dollar sign
 * @param versions which versions it can be read in
 */
public record VirtualTable(
    String name,
    List<ColumnDefinition> columns,
    @Nullable String comment,
    Versions versions,
    Rows rows) {
  public VirtualTable {
    columns = List.copyOf(columns);
  }

  /** A table that has one version, the present one. */
  public VirtualTable(
      String name, List<ColumnDefinition> columns, @Nullable String comment, Rows rows) {
    this(name, columns, comment, Versions.CURRENT, rows);
  }

  /** Which versions a table can be read in; others are refused. */
  public enum Versions {
    CURRENT,
    ALL
  }

  /** Computes a table's rows. */
  @FunctionalInterface
  public interface Rows {
    /**
     * The rows at this moment, each with a value for every column of the table, in the form of
     * {@code Expression.Literal}; a MAP is a {@code java.util.Map}. Called once for each scan, on a
     * statement's thread: it may block. Rows that the filter excludes may be left out.
     */
    List<List<@Nullable Object>> compute(Request request);
  }

  /**
   * Who asks, and for what.
   *
   * @param columns that are read first; rows have values for the others, too
   * @param filter over {@code columns}, or null; the engine applies it in any case
   */
  public record Request(
      Principal principal,
      TableVersion version,
      List<String> columns,
      @Nullable Expression filter) {
    public Request {
      columns = List.copyOf(columns);
    }
  }

  /** A row; cells may be null. */
  public static List<@Nullable Object> row(@Nullable Object... cells) {
    return Collections.unmodifiableList(Arrays.asList(cells));
  }

  /** The table under its full name, for one principal. */
  public Relation.Table relation(TableName fullName, Principal principal) {
    return new VirtualRelation(fullName, this, principal);
  }
}
