package io.sluice.connectors.iceberg.write;

import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/** What a write commits to. */
public interface CommitTarget {
  /** The property of a snapshot's summary that tells whose commit it is. */
  String COMMIT_ID = "sluice.commit-id";

  /** The table as the files are to be written; may not exist yet. */
  Table table();

  /**
   * Makes the files the table's in one commit.
   *
   * @param commitId stands in the snapshot's summary
   */
  void commit(List<DataFile> files, String commitId);

  /** The committed table, read anew from its catalog. */
  Table reload();
}
