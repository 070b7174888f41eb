package io.sluice.engine.connector;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Versions of training datasets, kept in a catalog so that all servers on it agree, and what pins
 * the tables that they were made of. Names are exact. Calls may block.
 */
public interface TrainingDatasetStore {
  /** Identifies this catalog's datasets among those of all catalogs; letters and digits. */
  String id();

  /**
   * All versions in every state, ascending by schema, dataset and version.
   *
   * @param schema only of this one, or null
   */
  List<StoredDataset> list(@Nullable String schema);

  /** One version, whatever its state. */
  Optional<StoredDataset> find(String schema, String dataset, int version);

  /**
   * Claims a version's number, for this process alone.
   *
   * @param rows columns of the version's rows
   * @param record what is known so far
   * @param lease for which the claim holds unless it is renewed
   * @return empty where the number is taken
   */
  Optional<Build> begin(
      String schema,
      String dataset,
      int version,
      TableDefinition rows,
      String record,
      Duration lease);

  /**
   * Replaces the record of a complete version, unless someone else has changed it meanwhile.
   *
   * @return whether it was replaced
   */
  boolean update(StoredDataset version, String record);

  /** Deletes the rows; the version stays. */
  void dropRows(StoredDataset version);

  /** Makes the version unusable and deletes its rows. Its number stays taken. */
  void drop(StoredDataset version);

  /**
   * Removes a version whose builder has not renewed its lease, as if it had never been begun.
   *
   * @return false where the builder lives, or has finished
   */
  boolean removeAbandoned(StoredDataset version);

  /**
   * Tags a snapshot, so that expiry keeps it. A tag that is there stays as it is.
   *
   * @return false where the table has no such snapshot or refuses tags
   */
  boolean pin(TableName table, long snapshotId, String tag);

  /**
   * Bytes of files that would be free to go without a tag, for each of some: those that no other
   * tag or branch needs.
   *
   * @return by tag, without those that are not there
   */
  Map<String, Long> bytesKept(TableName table, Set<String> tags);

  /** The snapshots that tags of a table stand for, by tag; none where there is no such table. */
  Map<String, Long> tags(TableName table);

  /** Removes a tag, if table and tag are there. */
  void unpin(TableName table, String tag);

  /** The present name of the table with that identity. */
  Optional<TableName> named(String uuid);

  /**
   * A state of a table, with the schema and the declarations that it had.
   *
   * @param table whose present identity is {@code uuid}
   * @param snapshotId -1 for a table without rows
   * @param state as {@link Identity} has it
   * @param commits by sequence number, in place of what the table says now
   * @return empty where table or snapshot are no longer there
   */
  Optional<TableSnapshot> state(
      TableName table, String uuid, long snapshotId, String state, Map<Long, Commit> commits);

  /** What identifies a state: pass it to {@link #state} to read it again. */
  Identity identity(TableSnapshot snapshot);

  /**
   * What identifies a state of a table.
   *
   * @param state of {@link TableVersion.Pinned}
   * @param commits that led to it, by sequence number
   */
  record Identity(String uuid, long snapshotId, String state, Map<Long, Commit> commits) {
    public Identity {
      commits = Map.copyOf(commits);
    }
  }

  /**
   * A commit.
   *
   * @param micros when it was made, microseconds since 1970 UTC
   */
  record Commit(long snapshotId, long micros) {}

  /** A version that this process is building. Closing it before it is complete removes it. */
  interface Build extends AutoCloseable {
    /** The table of the rows, for reading what has been written. */
    Relation.Table rows();

    /**
     * Prolongs the claim; safe from any thread.
     *
     * @param rows written so far, for others to see
     */
    void renew(long rows);

    /** Starts writing rows, in the order in which they will be read. */
    TableWrite write();

    /** Starts writing a copy of a table that the version reads, which lives as long as it does. */
    TableWrite writeInput(String input, TableDefinition definition);

    /** The copy of that name, once it is written. */
    Relation.Table input(String input);

    /**
     * Makes the version visible.
     *
     * @param keepRows whether the rows stay
     * @throws io.sluice.engine.EngineException COMMIT_CONFLICT where the claim was lost
     */
    void complete(String record, boolean keepRows);

    @Override
    void close();
  }
}
