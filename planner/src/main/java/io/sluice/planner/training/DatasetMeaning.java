package io.sluice.planner.training;

import io.sluice.engine.connector.Relation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a column of a dataset's newest version is for. */
public final class DatasetMeaning {
  private DatasetMeaning() {}

  /** As DESCRIBE shows it, or null. */
  public static @Nullable String of(String column, Relation.Dataset dataset) {
    return of(column, RecordJson.read(dataset.versions().getLast().record()).definition());
  }

  static @Nullable String of(String column, DatasetDefinition definition) {
    List<String> roles = new ArrayList<>();
    if (definition.key().contains(column)) {
      roles.add("KEY");
    }
    if (column.equals(definition.observedAt())) {
      roles.add("OBSERVED AT");
    }
    for (DatasetDefinition.Label label : definition.labels()) {
      if (label.column().equals(column)) {
        roles.add(label.horizon() == null ? "LABEL" : "LABEL HORIZON " + label.horizon());
      }
    }
    if (column.equals(DatasetSql.SPLIT)) {
      roles.add("SPLIT");
    }
    return roles.isEmpty() ? null : String.join(", ", roles);
  }
}
