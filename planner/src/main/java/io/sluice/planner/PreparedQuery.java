package io.sluice.planner;

import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement that is ready to run.
 *
 * @param columns of the result; empty for an update
 * @param parameters types by index; one that the text leaves open is VARCHAR until values are bound
 * @param plan of a query or of what a command gave, null for statements that are to be carried out
 */
public record PreparedQuery(
    String sql,
    Kind kind,
    List<OutputColumn> columns,
    List<SqlType> parameters,
    @Nullable PhysicalPlan plan) {
  /** What executing does and gives. */
  public enum Kind {
    /** Gives rows and changes nothing. */
    QUERY,
    /** Changes something and gives a number of rows. */
    UPDATE,
    /** Changes something and gives rows that say what was done. */
    COMMAND
  }

  public PreparedQuery {
    columns = List.copyOf(columns);
    parameters = List.copyOf(parameters);
  }
}
