package io.sluice.connectors.iceberg.write;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.jspecify.annotations.Nullable;

/**
 * Creates a table and its first rows.
 *
 * @param transaction not committed; nothing is visible before
 * @param otherwise where the files go if another writer creates the table first, or null where that
 *     is an error
 */
public record CreateTarget(
    String name,
    Transaction transaction,
    Supplier<Table> load,
    @Nullable Supplier<CommitTarget> otherwise)
    implements CommitTarget {
  @Override
  public Table table() {
    return transaction.table();
  }

  @Override
  public void commit(List<DataFile> files, String commitId) {
    append(transaction, files, commitId);
    try {
      transaction.commitTransaction();
    } catch (AlreadyExistsException e) {
      if (otherwise == null) {
        throw e;
      }
      CommitTarget target = otherwise.get();
      if (!target.table().schema().sameSchema(table().schema())
          || !target.table().spec().isUnpartitioned()) {
        throw new EngineException(
            ErrorCode.COMMIT_CONFLICT,
            "table " + name + " was created by another writer with other columns",
            e);
      }
      target.commit(files, commitId);
    }
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
