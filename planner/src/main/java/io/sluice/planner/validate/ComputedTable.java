package io.sluice.planner.validate;

import io.sluice.engine.connector.ColumnDefinition;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;

/** A relation of one statement that stands in no catalog. */
public interface ComputedTable {
  List<ColumnDefinition> columns();

  /** The rows, with exactly the given row type. */
  RelNode expand(RelDataType rowType, RelOptTable.ToRelContext context);
}
