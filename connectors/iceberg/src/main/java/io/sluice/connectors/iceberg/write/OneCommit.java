package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.RESTException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A commit that is applied once at most, also where the catalog's answer is lost. */
final class OneCommit {
  private static final Logger LOG = LoggerFactory.getLogger(OneCommit.class);

  private final String name;
  private final Supplier<Table> reload;
  private boolean mayHold;

  /**
   * @param name of the table, for messages
   * @param reload the committed table, read anew from its catalog
   */
  OneCommit(String name, Supplier<Table> reload) {
    this.name = name;
    this.reload = reload;
  }

  /** Whether the table may hold the commit's files, which are then no longer ours to delete. */
  boolean mayHold() {
    return mayHold;
  }

  /**
   * @param action is given an id that stands in the new snapshot's summary
   */
  void run(Consumer<String> action) {
    String commitId = UUID.randomUUID().toString();
    mayHold = true;
    try {
      action.accept(commitId);
      remember();
    } catch (RuntimeException e) {
      if (!isCommitted(commitId, e)) {
        // where the answer is lost for good, the files may yet turn out to be the table's
        mayHold = isUnanswered(e);
        if (mayHold) {
          throw unknown(e);
        }
        throw e instanceof AlreadyExistsException
            ? new EngineException(
                ErrorCode.COMMIT_CONFLICT, "table " + name + " was created by another writer", e)
            : Failures.translate("table " + name, e);
      }
    }
  }

  /** Loads the new state, whose commit is known from then on, whatever becomes of its snapshot. */
  private void remember() {
    try {
      Snapshot current = reload.get().currentSnapshot();
      LOG.debug("table {} is at {}", name, current);
    } catch (RuntimeException e) {
      LOG.warn("table {} was written but cannot be read again", name, e);
    }
  }

  /** Whether a commit that reported a failure has been applied nevertheless. */
  private boolean isCommitted(String commitId, RuntimeException failure) {
    try {
      Table current = reload.get();
      for (Snapshot snapshot : current.snapshots()) {
        if (commitId.equals(snapshot.summary().get(CommitTarget.COMMIT_ID))) {
          return true;
        }
      }
      return false;
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      if (isUnanswered(failure)) {
        throw unknown(failure);
      }
      return false;
    }
  }

  private EngineException unknown(RuntimeException failure) {
    return new EngineException(
        ErrorCode.CATALOG_ERROR,
        "table "
            + name
            + ": the catalog did not say whether the commit was made; look before writing again ("
            + failure.getMessage()
            + ")",
        failure);
  }

  /** Whether the catalog may have made the commit, or may be about to. */
  private static boolean isUnanswered(RuntimeException failure) {
    if (failure instanceof CommitStateUnknownException) {
      return true;
    }
    // the exact class is of a connection that broke; others tell what the catalog has answered
    return failure.getClass().equals(RESTException.class) && !isUnheard(failure);
  }

  /** Whether there was no connection on which the catalog could have been asked. */
  private static boolean isUnheard(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }
}
