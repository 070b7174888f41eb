package io.sluice.engine.connector;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.expression.Expression;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A {@link VirtualTable} under its full name. */
public final class VirtualRelation implements Relation.Table {
  private final TableName name;
  private final VirtualTable table;
  private final Principal principal;
  private final TableDefinition definition;

  VirtualRelation(TableName name, VirtualTable table, Principal principal) {
    this.name = name;
    this.table = table;
    this.principal = principal;
    this.definition =
        new TableDefinition(
            table.columns(), List.of(), null, null, List.of(), table.comment(), Map.of());
  }

  @Override
  public TableName name() {
    return name;
  }

  @Override
  public String uuid() {
    return name.toString();
  }

  @Override
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public TableSnapshot snapshot(TableVersion version) {
    if (table.versions() == VirtualTable.Versions.CURRENT
        && !(version instanceof TableVersion.Current)) {
      throw new EngineException(
          ErrorCode.UNKNOWN_VERSION, name + " has no versions: it tells what is there now");
    }
    return new Snapshot(version);
  }

  /** The error of a statement that would change the table. */
  public EngineException unchangeable() {
    return new EngineException(
        ErrorCode.UNSUPPORTED, name + " is computed whenever it is read and cannot be changed");
  }

  private final class Snapshot implements TableSnapshot {
    private final TableVersion version;

    private Snapshot(TableVersion version) {
      this.version = version;
    }

    @Override
    public TableName name() {
      return name;
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
    public boolean keepsOrder() {
      return false;
    }

    @Override
    public TableStatistics statistics() {
      return new TableStatistics(-1, -1, Map.of());
    }

    @Override
    public TableScan scan(ScanRequest request) {
      List<String> names = table.columns().stream().map(ColumnDefinition::name).toList();
      // whoever reads other columns of the same rows later must find them; the filter's stay first
      Set<String> computed = new LinkedHashSet<>(request.columns());
      computed.addAll(names);
      @Nullable Expression filter = request.filter();
      List<List<@Nullable Object>> rows =
          table
              .rows()
              .compute(new VirtualTable.Request(principal, version, List.copyOf(computed), filter));
      return new VirtualScan(name, table.columns(), rows, request.columns());
    }
  }
}
