package io.sluice.engine.operator.lookup;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.online.OnlineColumn;
import io.sluice.engine.online.OnlineTable;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * A lookup over what the online table serves as the query starts.
 *
 * @param columns of the output behind the left ones
 */
record LookupShape(
    PhysicalPlan.LookupJoinPlan plan,
    OnlineTable table,
    OnlineTable.Loaded loaded,
    List<OnlineColumn> columns) {
  /**
   * @throws EngineException where the table is not served, or no longer as it was planned
   */
  static LookupShape of(PhysicalPlan.LookupJoinPlan plan, OnlineTable table) {
    OnlineTable.Loaded loaded = table.loaded();
    List<ColumnDefinition> key = loaded.spec().key();
    boolean same =
        key.size() == plan.keys().size() && loaded.spec().keyNames().equals(plan.keyNames());
    for (int i = 0; same && i < key.size(); i++) {
      same = key.get(i).type().equals(plan.keys().get(i).type());
    }
    List<OnlineColumn> columns = new ArrayList<>();
    int first = plan.output().size() - plan.tableColumns().size();
    for (int i = 0; i < plan.tableColumns().size(); i++) {
      OnlineColumn column = OnlineColumn.find(table, loaded, plan.tableColumns().get(i));
      SqlType planned = plan.output().get(first + i).type();
      same &= column.type().equals(planned);
      columns.add(column);
    }
    if (!same) {
      throw new EngineException(
          ErrorCode.BUSY,
          "online table "
              + table.name()
              + " was defined anew since the statement was prepared; prepare it again");
    }
    return new LookupShape(plan, table, loaded, List.copyOf(columns));
  }
}
