package io.sluice.planner.training;

import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.training.VersionRecord.Input;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** EXPLAIN CREATE TRAINING DATASET: columns, rows per split, rows left out and what is pinned. */
final class ExplainDataset {
  private static final List<OutputColumn> COLUMNS =
      List.of(ResultRows.column("plan", SqlType.VARCHAR));

  private final VersionRecord draft;
  private final DatasetQueries queries;

  /**
   * @param queries over the tables as they are now
   */
  ExplainDataset(VersionRecord draft, DatasetQueries queries) {
    this.draft = draft;
    this.queries = queries;
  }

  PhysicalPlan plan() {
    ResultRows rows = new ResultRows(COLUMNS);
    rows.add("training dataset " + draft.schema() + "." + draft.name());
    for (Column column : draft.storedColumns()) {
      String meaning = DatasetMeaning.of(column.name(), draft.definition());
      rows.add(
          "  column "
              + column.name()
              + " "
              + column.type()
              + (meaning == null ? "" : ": " + meaning));
    }
    DatasetSql sql = DatasetSql.of(SplitBounds.resolve(draft, queries));
    for (List<@Nullable Object> row : queries.rows(sql.counts())) {
      rows.add(
          row.get(1) == null
              ? "  split " + row.get(0) + ": " + row.get(2) + " rows"
              : "  left out, " + row.get(1) + ": " + row.get(2) + " rows");
    }
    for (Input input : draft.inputs()) {
      rows.add(
          "  pin "
              + input.catalog()
              + "."
              + input.schema()
              + "."
              + input.table()
              + (RecordedInputs.isTemporary(input)
                  ? ": a copy of the temporary table"
                  : " snapshot " + input.snapshotId()));
    }
    return rows.plan();
  }
}
