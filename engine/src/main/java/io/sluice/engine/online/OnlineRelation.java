package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An online table as queries see it. It has one version: the present one. */
public final class OnlineRelation implements Relation.Table {
  /** Of small tables too it is lookups that are wanted, not builds. */
  private static final long LEAST_ROWS = 1_000_000;

  private final OnlineTable table;
  private final String uuid;
  private final TableDefinition definition;

  OnlineRelation(OnlineTable table, String uuid, OnlineSpec spec, @Nullable String comment) {
    this.table = table;
    this.uuid = uuid;
    List<ColumnDefinition> columns = spec.columns();
    ColumnDefinition time = spec.eventTime();
    this.definition =
        new TableDefinition(
            columns,
            spec.keyNames(),
            time != null && columns.stream().anyMatch(c -> c.name().equals(time.name()))
                ? time.name()
                : null,
            null,
            List.of(),
            comment,
            Map.of());
  }

  @Override
  public TableName name() {
    return table.name();
  }

  @Override
  public String uuid() {
    return "online " + uuid;
  }

  @Override
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public TableSnapshot snapshot(TableVersion version) {
    if (version instanceof TableVersion.Current) {
      return new State();
    }
    throw new EngineException(
        ErrorCode.UNKNOWN_VERSION,
        "online table "
            + name()
            + " has its present rows alone; read "
            + table.lakeName()
            + " in another version");
  }

  /** What is served now. */
  public final class State implements TableSnapshot {
    private State() {}

    @Override
    public TableName name() {
      return table.name();
    }

    @Override
    public String tableUuid() {
      return uuid();
    }

    @Override
    public long snapshotId() {
      return -1;
    }

    @Override
    public TableDefinition definition() {
      return definition;
    }

    @Override
    public TableStatistics statistics() {
      long rows = Math.max(LEAST_ROWS, table.rows());
      Map<String, TableStatistics.ColumnStatistics> columns = new HashMap<>();
      for (String key : definition.primaryKey()) {
        columns.put(key, new TableStatistics.ColumnStatistics(null, null, 0, rows, -1));
      }
      return new TableStatistics(rows, -1, columns);
    }

    @Override
    public boolean keepsOrder() {
      return false;
    }

    @Override
    public TableScan scan(ScanRequest request) {
      OnlineTable.Loaded loaded = table.loaded();
      if (!table.holdsAll()) {
        throw new EngineException(
            ErrorCode.UNSUPPORTED,
            "online table "
                + table.name()
                + " cannot be scanned: this member keeps a part of its rows; read "
                + table.lakeName());
      }
      return new OnlineScan(table, loaded, request.columns(), OnlineTable.now());
    }
  }
}
