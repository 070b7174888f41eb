package io.sluice.planner.parse;

import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A parsed statement. Names are as written, not yet looked up. */
public sealed interface Statement {
  /** SELECT, VALUES, WITH, set operations. */
  record Query(SqlNode query) implements Statement {}

  /** EXPLAIN [ANALYZE]. */
  record Explain(boolean analyze, Statement statement) implements Statement {}

  /** INSERT INTO; columns are empty where none are named. */
  record Insert(SqlIdentifier table, List<SqlIdentifier> columns, SqlNode source)
      implements Statement {
    public Insert {
      columns = List.copyOf(columns);
    }
  }

  /** A statement that changes rows of a table. */
  sealed interface Change extends Statement {}

  /** DELETE FROM; no condition for all rows. */
  record Delete(SqlIdentifier table, @Nullable SqlIdentifier alias, @Nullable SqlNode condition)
      implements Change {}

  /** UPDATE; {@code from} is what its expressions read beside the table. */
  record Update(
      SqlIdentifier table,
      @Nullable SqlIdentifier alias,
      List<Assignment> assignments,
      @Nullable SqlNode from,
      @Nullable SqlNode condition)
      implements Change {
    public Update {
      assignments = List.copyOf(assignments);
    }
  }

  /** One of SET column = value. */
  record Assignment(SqlIdentifier column, SqlNode value) {}

  /** MERGE INTO. */
  record Merge(
      SqlIdentifier table,
      @Nullable SqlIdentifier alias,
      SqlNode source,
      SqlNode condition,
      List<MergeClause> clauses)
      implements Change {
    public Merge {
      clauses = List.copyOf(clauses);
    }
  }

  /** WHEN ... THEN: the first clause that fits a row decides what becomes of it. */
  record MergeClause(
      Match match, @Nullable SqlNode condition, MergeAction action, SqlParserPos position) {}

  /** Which rows a clause is for. */
  enum Match {
    MATCHED,
    NOT_MATCHED,
    NOT_MATCHED_BY_SOURCE
  }

  /** What a clause does. */
  sealed interface MergeAction {}

  /** THEN DELETE. */
  record MergeDelete() implements MergeAction {}

  /** THEN UPDATE. */
  record MergeUpdate(List<Assignment> assignments) implements MergeAction {
    public MergeUpdate {
      assignments = List.copyOf(assignments);
    }
  }

  /** THEN INSERT; columns are empty where none are named. */
  record MergeInsert(List<SqlIdentifier> columns, List<SqlNode> values) implements MergeAction {
    public MergeInsert {
      columns = List.copyOf(columns);
      values = List.copyOf(values);
    }
  }

  /** CREATE [TEMPORARY] TABLE, with a query or with columns. */
  record CreateTable(
      SqlIdentifier name,
      boolean temporary,
      boolean replace,
      boolean ifNotExists,
      TableElements elements,
      @Nullable String comment,
      List<Property> properties,
      @Nullable SqlNode query)
      implements Statement {
    public CreateTable {
      properties = List.copyOf(properties);
    }
  }

  /** What stands between a CREATE TABLE's parentheses. */
  record TableElements(
      List<Column> columns,
      List<SqlIdentifier> primaryKey,
      @Nullable SqlIdentifier eventTime,
      @Nullable SqlIdentifier ingestionTime,
      List<Reference> foreignKeys) {
    public TableElements {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
      foreignKeys = List.copyOf(foreignKeys);
    }
  }

  /** A column's definition; no type where a query gives it. */
  record Column(
      SqlIdentifier name,
      @Nullable SqlDataTypeSpec type,
      boolean nullable,
      @Nullable String comment) {}

  /** FOREIGN KEY. */
  record Reference(
      List<SqlIdentifier> columns, SqlIdentifier table, List<SqlIdentifier> referenced) {
    public Reference {
      columns = List.copyOf(columns);
      referenced = List.copyOf(referenced);
    }
  }

  /** One of WITH (name = value). */
  record Property(String name, String value) {}

  /** CREATE VIEW; the text of the query as written. */
  record CreateView(
      SqlIdentifier name,
      boolean replace,
      boolean ifNotExists,
      List<SqlIdentifier> columns,
      @Nullable String comment,
      SqlNode query,
      String sql)
      implements Statement {
    public CreateView {
      columns = List.copyOf(columns);
    }
  }

  /** DROP TABLE, DROP VIEW. */
  record DropRelation(SqlIdentifier name, boolean view, boolean ifExists) implements Statement {}

  /** CREATE CATALOG. */
  record CreateCatalog(SqlIdentifier name, boolean ifNotExists, List<Property> properties)
      implements Statement {
    public CreateCatalog {
      properties = List.copyOf(properties);
    }
  }

  /** DROP CATALOG. */
  record DropCatalog(SqlIdentifier name, boolean ifExists) implements Statement {}

  /** CREATE SCHEMA. */
  record CreateSchema(SqlIdentifier name, boolean ifNotExists) implements Statement {}

  /** DROP SCHEMA. */
  record DropSchema(SqlIdentifier name, boolean ifExists, boolean cascade) implements Statement {}

  /** ALTER TABLE. */
  record AlterTable(SqlIdentifier name, boolean ifExists, List<Alteration> alterations)
      implements Statement {
    public AlterTable {
      alterations = List.copyOf(alterations);
    }
  }

  /** ALTER TABLE ... RENAME TO, ALTER VIEW ... RENAME TO. */
  record RenameRelation(SqlIdentifier name, SqlIdentifier newName, boolean view, boolean ifExists)
      implements Statement {}

  /**
   * ALTER TABLE ... CREATE [OR REPLACE] TAG or BRANCH, DROP TAG or BRANCH.
   *
   * @param version a number or a text; null for the current one
   * @param conditional IF NOT EXISTS, IF EXISTS
   */
  record AlterReference(
      SqlIdentifier table,
      boolean create,
      boolean branch,
      SqlIdentifier name,
      @Nullable SqlNode version,
      boolean replace,
      boolean conditional)
      implements Statement {}

  /** EXPIRE SNAPSHOTS; null where the table's properties are to say. */
  record ExpireSnapshots(
      SqlIdentifier table, @Nullable SqlNode olderThan, @Nullable SqlNode retainLast)
      implements Statement {}

  /** OPTIMIZE. */
  record Optimize(SqlIdentifier table) implements Statement {}

  /** COMMENT ON; the last part of a column's name is the column. */
  record Comment(Target target, SqlIdentifier name, @Nullable String text) implements Statement {
    /** What is commented. */
    public enum Target {
      TABLE,
      VIEW,
      COLUMN
    }
  }

  /** SHOW CATALOGS, SCHEMAS [FROM catalog], TABLES [FROM schema], COLUMNS FROM t, CREATE t. */
  record Show(Subject subject, @Nullable SqlIdentifier of, @Nullable String like)
      implements Statement {
    /** What is shown. */
    public enum Subject {
      CATALOGS,
      SCHEMAS,
      TABLES,
      COLUMNS,
      CREATE_TABLE,
      CREATE_VIEW,
      SETTINGS
    }
  }

  /** USE [catalog.]schema. */
  record Use(SqlIdentifier schema) implements Statement {}

  /** SET name = value, SET TIME ZONE value; null resets. */
  record SetOption(String name, @Nullable String value) implements Statement {}

  /** CALL procedure(arguments). */
  record Call(SqlIdentifier procedure, List<SqlNode> arguments) implements Statement {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** About online tables. */
  record Online(OnlineStatement statement) implements Statement {}

  /** About training datasets. */
  record Training(TrainingStatement statement) implements Statement {}

  /** About feature services. */
  record Service(ServiceStatement statement) implements Statement {}
}
