package io.sluice.connectors.iceberg.history;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * Commits in a SQLite file beside the catalog, which all servers on that catalog share: one row of
 * some 60 bytes for each commit.
 */
public final class CommitDatabase implements CommitArchive {
  private static final int REMEMBERED_TABLES = 10_000;
  private static final int BUSY_TIMEOUT_MILLIS = 60_000;

  private final Path file;

  // All guarded by this.
  private final Connection connection;
  private final Map<String, Long> rememberedThrough =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED_TABLES;
        }
      };

  private CommitDatabase(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /**
   * Opens the file, making it where there is none; one process at a time.
   *
   * @throws EngineException STORAGE_ERROR
   */
  public static CommitDatabase open(Path file) {
    try {
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA busy_timeout = " + BUSY_TIMEOUT_MILLIS);
        statement.execute("PRAGMA journal_mode = WAL");
        // what a power failure takes away is still in the tables' metadata
        statement.execute("PRAGMA synchronous = NORMAL");
        statement.execute(
            """
            CREATE TABLE IF NOT EXISTS commits (
              table_uuid TEXT NOT NULL,
              snapshot_id INTEGER NOT NULL,
              parent_id INTEGER,
              sequence_number INTEGER NOT NULL,
              timestamp_ms INTEGER NOT NULL,
              PRIMARY KEY (table_uuid, snapshot_id)) WITHOUT ROWID
            """);
        connection.setAutoCommit(false);
        return new CommitDatabase(file, connection);
      } catch (SQLException failure) {
        connection.close();
        throw failure;
      }
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  private static EngineException failure(Path file, SQLException cause) {
    return new EngineException(
        ErrorCode.STORAGE_ERROR, "commit times cannot be kept in " + file + ": " + cause, cause);
  }

  @Override
  public synchronized void remember(Table table) {
    if (!(table instanceof HasTableOperations known)) {
      return;
    }
    TableMetadata metadata = known.operations().current();
    String uuid = metadata.uuid();
    long last = metadata.lastSequenceNumber();
    // before there is a sequence number, there is none to ask for
    long through = rememberedThrough.getOrDefault(uuid, -1L);
    if (last == 0 || last <= through) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR IGNORE INTO commits VALUES (?, ?, ?, ?, ?)")) {
      for (Snapshot snapshot : metadata.snapshots()) {
        if (snapshot.sequenceNumber() > through) {
          insert.setString(1, uuid);
          insert.setLong(2, snapshot.snapshotId());
          if (snapshot.parentId() == null) {
            insert.setNull(3, Types.BIGINT);
          } else {
            insert.setLong(3, snapshot.parentId());
          }
          insert.setLong(4, snapshot.sequenceNumber());
          insert.setLong(5, snapshot.timestampMillis());
          insert.addBatch();
        }
      }
      insert.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      throw rolledBack(e);
    }
    rememberedThrough.put(uuid, last);
  }

  private EngineException rolledBack(SQLException cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    return failure(file, cause);
  }

  @Override
  public synchronized Map<Long, ArchivedCommit> commits(String tableUuid) {
    Map<Long, ArchivedCommit> commits = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT snapshot_id, parent_id, sequence_number, timestamp_ms FROM commits"
                + " WHERE table_uuid = ?")) {
      select.setString(1, tableUuid);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          long parent = rows.getLong(2);
          commits.put(
              rows.getLong(1),
              new ArchivedCommit(rows.wasNull() ? null : parent, rows.getLong(3), rows.getLong(4)));
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw rolledBack(e);
    }
    return commits;
  }

  @Override
  public synchronized void forget(String tableUuid) {
    rememberedThrough.remove(tableUuid);
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM commits WHERE table_uuid = ?")) {
      delete.setString(1, tableUuid);
      delete.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw rolledBack(e);
    }
  }

  @Override
  public synchronized void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }
}
