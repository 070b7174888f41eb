package io.sluice.connectors.iceberg.history;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.SupportsSnapshots.IfTaken;
import io.sluice.engine.connector.SupportsSnapshots.ReferenceKind;
import io.sluice.engine.connector.TableName;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** Tags and branches of one state of a table. */
public final class References {
  private final TableName tableName;
  private final Table table;

  public References(TableName tableName, Table table) {
    this.tableName = tableName;
    this.table = table;
  }

  /**
   * @param snapshotId -1 for a table that has never held rows
   * @throws org.apache.iceberg.exceptions.CommitFailedException where the table has changed since
   */
  public void create(ReferenceKind kind, String name, long snapshotId, IfTaken ifTaken) {
    if (snapshotId < 0) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION,
          "table " + tableName + " has never held rows: there is no snapshot to name");
    }
    SnapshotRef taken = table.refs().get(name);
    ManageSnapshots change = table.manageSnapshots();
    if (taken == null) {
      if (kind == ReferenceKind.TAG) {
        change.createTag(name, snapshotId);
      } else {
        change.createBranch(name, snapshotId);
      }
      change.commit();
      return;
    }
    if (ifTaken == IfTaken.FAIL || !isOf(kind, taken) || name.equals(SnapshotRef.MAIN_BRANCH)) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS,
          "table "
              + tableName
              + " has a "
              + (taken.isTag() ? "tag " : "branch ")
              + name
              + " already"
              + (isOf(kind, taken) && !name.equals(SnapshotRef.MAIN_BRANCH)
                  ? "; CREATE OR REPLACE " + kind + " moves it"
                  : ""));
    }
    if (ifTaken == IfTaken.KEEP || taken.snapshotId() == snapshotId) {
      return;
    }
    if (kind == ReferenceKind.TAG) {
      change.replaceTag(name, snapshotId);
    } else {
      change.replaceBranch(name, snapshotId);
    }
    change.commit();
  }

  /**
   * @throws org.apache.iceberg.exceptions.CommitFailedException where the table has changed since
   */
  public void drop(ReferenceKind kind, String name) {
    if (!has(kind, name)) {
      throw unknown(kind, name);
    }
    if (name.equals(SnapshotRef.MAIN_BRANCH)) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "branch main is the table itself and cannot be dropped");
    }
    ManageSnapshots change = table.manageSnapshots();
    if (kind == ReferenceKind.TAG) {
      change.removeTag(name);
    } else {
      change.removeBranch(name);
    }
    change.commit();
  }

  public boolean has(ReferenceKind kind, String name) {
    return isOf(kind, table.refs().get(name));
  }

  private static boolean isOf(ReferenceKind kind, @Nullable SnapshotRef ref) {
    return ref != null && (kind == ReferenceKind.TAG) == ref.isTag();
  }

  private EngineException unknown(ReferenceKind kind, String name) {
    TreeSet<String> known = new TreeSet<>();
    table
        .refs()
        .forEach(
            (each, ref) -> {
              if (isOf(kind, ref)) {
                known.add(each);
              }
            });
    String what = kind.name().toLowerCase(Locale.ROOT);
    return new EngineException(
        ErrorCode.UNKNOWN_VERSION,
        "table "
            + tableName
            + " has no "
            + what
            + " "
            + name
            + (known.isEmpty() ? "; it has none" : "; there are " + String.join(", ", known)));
  }
}
