package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.util.DataFileSet;
import org.apache.iceberg.util.DeleteFileSet;

/**
 * Puts files in the place of others, where no other commit has changed meanwhile what the statement
 * depends on. Tries again where another one came between that it does not depend on.
 *
 * @param table as the statement has read it
 * @param base the snapshot that the statement has read, or -1 for none
 * @param dependsOn rows that another commit may not have added
 * @param wholeState whether any other snapshot is a conflict
 * @param load reads the table from its catalog
 */
public record OverwriteTarget(
    String name,
    Table table,
    long base,
    Expression dependsOn,
    boolean wholeState,
    Supplier<Table> load) {
  private static final int ATTEMPTS = 40;
  private static final int MAX_WAIT_MILLIS = 500;

  /**
   * @param deletes that concern removed files alone
   * @param commitId stands in the snapshot's summary
   * @throws EngineException COMMIT_CONFLICT where the statement must be run again
   */
  void commit(
      List<DataFile> removed, DeleteFileSet deletes, List<DataFile> added, String commitId) {
    for (int attempt = 1; ; attempt++) {
      try {
        overwrite(removed, deletes, added).set(CommitTarget.COMMIT_ID, commitId).commit();
        return;
      } catch (ValidationException e) {
        throw conflict(e);
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("table " + name, e);
        }
      } catch (StaleBase e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("table " + name, new CommitFailedException(e, "%s", e));
        }
      }
      AppendTarget.pause(Math.min(MAX_WAIT_MILLIS, 10 << Math.min(attempt, 6)));
    }
  }

  private OverwriteFiles overwrite(
      List<DataFile> removed, DeleteFileSet deletes, List<DataFile> added) {
    Table current = wholeState ? pinned() : load.get();
    if (!current.uuid().equals(table.uuid()) || !current.schema().sameSchema(table.schema())) {
      throw conflict(null);
    }
    OverwriteFiles overwrite = current.newOverwrite().conflictDetectionFilter(dependsOn);
    if (base >= 0) {
      overwrite.validateFromSnapshot(base);
    }
    overwrite.validateNoConflictingData().validateNoConflictingDeletes();
    overwrite.deleteFiles(DataFileSet.of(removed), deletes);
    added.forEach(overwrite::addFile);
    return overwrite;
  }

  /** The table, which commits only while the state is the one that the statement has read. */
  private Table pinned() {
    PinnedOperations operations =
        new PinnedOperations(((HasTableOperations) load.get()).operations());
    Snapshot current = operations.current().currentSnapshot();
    if ((current == null ? -1 : current.snapshotId()) != base) {
      throw conflict(null);
    }
    return new BaseTable(operations, name);
  }

  private EngineException conflict(@org.jspecify.annotations.Nullable Exception cause) {
    return new EngineException(
        ErrorCode.COMMIT_CONFLICT,
        "table "
            + name
            + " was changed by another statement while this one ran; nothing was changed, run it"
            + " again",
        cause);
  }
}
