package io.sluice.engine.connector;

import io.sluice.engine.expression.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to read.
 *
 * @param columns in output order; hidden columns are named like others
 * @param filter over {@code columns}, for skipping alone: rows for which it is not true may still
 *     come out and are the engine's to drop. Connectors use the conjuncts that they understand.
 */
public record ScanRequest(List<String> columns, @Nullable Expression filter) {
  public ScanRequest {
    columns = List.copyOf(columns);
  }
}
