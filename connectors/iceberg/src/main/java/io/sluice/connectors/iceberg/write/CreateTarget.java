package io.sluice.connectors.iceberg.write;

import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;

/**
 * Creates a table and its first rows.
 *
 * @param transaction not committed; nothing is visible before
 */
public record CreateTarget(Transaction transaction, Supplier<Table> load) implements CommitTarget {
  @Override
  public Table table() {
    return transaction.table();
  }

  @Override
  public void commit(List<DataFile> files, String commitId) {
    append(transaction, files, commitId);
    transaction.commitTransaction();
  }

  static void append(Transaction transaction, List<DataFile> files, String commitId) {
    AppendFiles append = transaction.newAppend().set(COMMIT_ID, commitId);
    files.forEach(append::appendFile);
    append.commit();
  }

  @Override
  public Table reload() {
    return load.get();
  }
}
