package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;

/**
 * Adds files to a table. Tries again where others commit at the same time, beyond what the table's
 * own properties allow: two processes that append to one table exhaust Iceberg's four retries.
 *
 * @param load reads the table from its catalog
 */
public record AppendTarget(String name, Table table, Supplier<Table> load) implements CommitTarget {
  private static final int ATTEMPTS = 40;
  private static final int MAX_WAIT_MILLIS = 500;

  @Override
  public void commit(List<DataFile> files, String commitId) {
    if (files.isEmpty()) {
      return;
    }
    for (int attempt = 1; ; attempt++) {
      Table current = load.get();
      if (!current.uuid().equals(table.uuid()) || !current.schema().sameSchema(table.schema())) {
        throw new EngineException(
            ErrorCode.COMMIT_CONFLICT,
            "table " + name + " was given other columns while rows were written; write them again");
      }
      AppendFiles append = current.newAppend().set(COMMIT_ID, commitId);
      files.forEach(append::appendFile);
      try {
        append.commit();
        return;
      } catch (CommitFailedException e) {
        if (attempt == ATTEMPTS) {
          throw Failures.translate("table " + name, e);
        }
        pause(Math.min(MAX_WAIT_MILLIS, 10 << Math.min(attempt, 6)));
      }
    }
  }

  static void pause(int maxMillis) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(1, maxMillis + 1L));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "interrupted while committing", e);
    }
  }

  @Override
  public Table reload() {
    return load.get();
  }
}
