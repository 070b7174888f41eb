package io.sluice.engine.connector;

import org.jspecify.annotations.Nullable;

/** A catalog whose tables' earlier states can be named, and expired. */
public interface SupportsSnapshots {
  /** What a name of a state is. */
  enum ReferenceKind {
    /** Stays with its state. */
    TAG,
    /** May be written to. */
    BRANCH
  }

  /** What happens where the name is taken. */
  enum IfTaken {
    FAIL,
    KEEP,
    REPLACE
  }

  /**
   * Names a state of a table; its snapshot does not expire while it has the name.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_TABLE, UNKNOWN_VERSION where there is no such
   *     state, ALREADY_EXISTS
   */
  void createReference(
      Principal principal,
      TableName table,
      ReferenceKind kind,
      String name,
      TableVersion version,
      IfTaken ifTaken);

  /**
   * Takes a name away.
   *
   * @throws io.sluice.engine.EngineException UNKNOWN_TABLE, or UNKNOWN_VERSION where there is no
   *     such name of that kind
   */
  void dropReference(Principal principal, TableName table, ReferenceKind kind, String name);

  /** Whether a table has a name of that kind. */
  boolean hasReference(Principal principal, TableName table, ReferenceKind kind, String name);

  /**
   * Forgets snapshots that neither the current state nor a tag or branch needs, and deletes the
   * files that no remaining one has. Files that lie outside of the table's own folders stay.
   *
   * @param olderThanMicros microseconds since 1970 UTC; where null what the table's properties say,
   *     else five days ago
   * @param retainLast at least 1; where null what the table's properties say, else 1
   */
  Expired expireSnapshots(
      Principal principal,
      TableName table,
      @Nullable Long olderThanMicros,
      @Nullable Integer retainLast);

  /**
   * What has been removed.
   *
   * @param dataFiles with the files that hold deletions
   * @param metadataFiles manifests and their lists
   */
  record Expired(long snapshots, long dataFiles, long metadataFiles) {}
}
