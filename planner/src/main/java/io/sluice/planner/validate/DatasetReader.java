package io.sluice.planner.validate;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.StoredDataset;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;

/** How a version of a training dataset reads. */
public interface DatasetReader {
  /** What of a version is read. */
  enum Form {
    /** The columns of its query, then the split. */
    RAW,
    /** The model input: fitted transforms applied. */
    TRANSFORMED
  }

  List<ColumnDefinition> columns(StoredDataset version, Form form, StatementTables tables);

  /** The rows in their canonical order, with exactly the given row type. */
  RelNode expand(
      StoredDataset version,
      Form form,
      StatementTables tables,
      RelDataType rowType,
      RelOptTable.ToRelContext context);
}
