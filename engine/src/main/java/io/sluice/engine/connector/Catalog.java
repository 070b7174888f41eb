package io.sluice.engine.connector;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One catalog of tables and views. Calls may block and are made from statement threads, never from
 * workers. Names are exact here; matching without regard to case is the planner's.
 */
public interface Catalog extends AutoCloseable {
  /** As in SQL. */
  String name();

  List<String> schemas(Principal principal);

  void createSchema(Principal principal, String schema, Map<String, String> properties);

  /** Fails with SCHEMA_NOT_EMPTY where it still holds something. */
  void dropSchema(Principal principal, String schema);

  List<RelationEntry> relations(Principal principal, String schema);

  /** The current state of a table or view, or empty where the name stands for nothing. */
  Optional<Relation> load(Principal principal, String schema, String name);

  void createTable(
      Principal principal, String schema, String name, TableDefinition definition, boolean replace);

  void dropTable(Principal principal, String schema, String name);

  void createView(
      Principal principal, String schema, String name, ViewDefinition definition, boolean replace);

  void dropView(Principal principal, String schema, String name);

  /** Sets or, with null, removes the comment of a table or view, or of one of a table's columns. */
  void comment(
      Principal principal,
      String schema,
      String name,
      @Nullable String column,
      @Nullable String comment);

  /**
   * Starts writing rows that one commit will add.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_TABLE, or ALREADY_EXISTS for CREATE
   */
  TableWrite write(
      Principal principal, String schema, String name, TableDefinition definition, WriteMode mode);

  /**
   * Adds existing Parquet files to a table without rewriting them; creates the table from the
   * files' schema where there is none. Columns are matched by name.
   *
   * @param location a file, a folder or a glob
   * @return rows added
   */
  long registerParquet(Principal principal, String schema, String name, String location);

  @Override
  void close();
}
