package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableWrite;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;

/** Rows on their way into one commit of an Iceberg table. */
public final class IcebergTableWrite implements TableWrite {
  private final String name;
  private final TableDefinition definition;
  private final CommitTarget target;
  private final TableFiles files;
  // Once a commit may have referred to the files they are no longer ours to delete.
  private boolean handedOver;
  private boolean closed;

  /**
   * @param name of the table, for messages
   * @param definition of the target's columns
   */
  public IcebergTableWrite(String name, TableDefinition definition, CommitTarget target) {
    this.name = name;
    this.definition = definition;
    this.target = target;
    this.files = Failures.translated("table " + name, () -> new TableFiles(target.table()));
  }

  @Override
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public void write(Batch batch) {
    try (batch) {
      check(batch);
      Failures.translated("table " + name, () -> files.write(batch));
    }
  }

  private void check(Batch batch) {
    List<ColumnDefinition> columns = definition.columns();
    if (batch.columns().size() != columns.size()) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          "table "
              + name
              + " has "
              + columns.size()
              + " columns; the rows to be written have "
              + batch.columns().size());
    }
    for (int i = 0; i < columns.size(); i++) {
      if (!batch.column(i).type().equals(columns.get(i).type())) {
        throw new EngineException(
            ErrorCode.TYPE_MISMATCH,
            "column "
                + columns.get(i).name()
                + " of table "
                + name
                + " is "
                + columns.get(i).type().sql()
                + "; the values to be written are "
                + batch.column(i).type().sql());
      }
    }
  }

  @Override
  public long commit() {
    String commitId = UUID.randomUUID().toString();
    List<DataFile> complete = Failures.translated("table " + name, files::finish);
    handedOver = true;
    try {
      target.commit(complete, commitId);
    } catch (RuntimeException e) {
      if (!isCommitted(commitId, e)) {
        // where the answer is lost for good, the files may yet turn out to be the table's
        handedOver = e instanceof CommitStateUnknownException;
        throw e instanceof AlreadyExistsException
            ? new EngineException(
                ErrorCode.COMMIT_CONFLICT, "table " + name + " was created by another writer", e)
            : Failures.translate("table " + name, e);
      }
    }
    return files.rows();
  }

  /** Whether a commit that reported a failure has been applied nevertheless. */
  private boolean isCommitted(String commitId, RuntimeException failure) {
    try {
      Table current = target.reload();
      for (Snapshot snapshot : current.snapshots()) {
        if (commitId.equals(snapshot.summary().get(CommitTarget.COMMIT_ID))) {
          return true;
        }
      }
      return false;
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      if (failure instanceof CommitStateUnknownException) {
        throw new EngineException(
            ErrorCode.CATALOG_ERROR,
            "table "
                + name
                + ": the catalog did not say whether the commit was made; look before writing again",
            failure);
      }
      return false;
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (!handedOver) {
        Failures.translated("table " + name, files::abort);
      }
    }
  }
}
