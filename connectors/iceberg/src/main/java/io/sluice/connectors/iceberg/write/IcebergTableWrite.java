package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableWrite;
import java.util.List;
import org.apache.iceberg.DataFile;

/** Rows on their way into one commit of an Iceberg table. */
public final class IcebergTableWrite implements TableWrite {
  private final String name;
  private final TableDefinition definition;
  private final CommitTarget target;
  private final TableFiles files;
  private final OneCommit commit;
  private boolean closed;

  /**
   * @param name of the table, for messages
   * @param definition of the target's columns
   */
  public IcebergTableWrite(String name, TableDefinition definition, CommitTarget target) {
    this.name = name;
    this.definition = definition;
    this.target = target;
    this.commit = new OneCommit(name, target::reload);
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
    List<DataFile> complete = Failures.translated("table " + name, files::finish);
    commit.run(commitId -> target.commit(complete, commitId));
    return files.rows();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      if (!commit.mayHold()) {
        Failures.translated("table " + name, files::abort);
      }
    }
  }
}
