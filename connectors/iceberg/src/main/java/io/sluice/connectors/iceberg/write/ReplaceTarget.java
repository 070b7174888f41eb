package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Replaces a table's schema and rows. What others commit meanwhile stays in the table's history:
 * the replacement is built anew upon it.
 */
public final class ReplaceTarget implements CommitTarget {
  private static final int ATTEMPTS = 40;
  private static final int MAX_WAIT_MILLIS = 500;

  private final String name;
  private final Supplier<Transaction> replacement;
  private final Supplier<Table> load;
  private Transaction transaction;

  /**
   * @param replacement begins a replacement of the table's current state, whose commit fails with
   *     {@link CommitFailedException} where that is no longer current
   */
  public ReplaceTarget(String name, Supplier<Transaction> replacement, Supplier<Table> load) {
    this.name = name;
    this.replacement = replacement;
    this.load = load;
    this.transaction = replacement.get();
  }

  @Override
  public Table table() {
    return transaction.table();
  }

  @Override
  public void commit(List<DataFile> files, String commitId) {
    Table written = transaction.table();
    for (int attempt = 1; ; attempt++) {
      try {
        CreateTarget.append(transaction, files, commitId);
        transaction.commitTransaction();
        return;
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("table " + name, e);
        }
      } catch (StaleBase e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("table " + name, new CommitFailedException(e, "%s", e));
        }
      }
      AppendTarget.pause(MAX_WAIT_MILLIS);
      transaction = replacement.get();
      if (!transaction.table().schema().sameSchema(written.schema())) {
        throw new EngineException(
            ErrorCode.COMMIT_CONFLICT,
            "table " + name + " was given other columns while rows were written; write them again");
      }
    }
  }

  @Override
  public Table reload() {
    return load.get();
  }
}
