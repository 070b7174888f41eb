package io.sluice.planner.training;

import io.sluice.planner.parse.TrainingStatement.SplitKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user has defined, with column names in their exact case. Two definitions that are equal
 * give the same dataset over the same snapshots.
 *
 * @param sql of the query as written
 * @param defaultCatalog where its unqualified names are looked up
 * @param zone of the session that wrote it
 * @param key columns that identify a row
 * @param observedAt the column with the instant that features may know, or null
 * @param options of WITH, in lower case
 */
record DatasetDefinition(
    String sql,
    String defaultCatalog,
    String defaultSchema,
    String zone,
    List<String> key,
    @Nullable String observedAt,
    List<Label> labels,
    @Nullable Split split,
    @Nullable Fit fit,
    Map<String, String> options) {
  DatasetDefinition {
    key = List.copyOf(key);
    labels = List.copyOf(labels);
    options = Map.copyOf(options);
  }

  /**
   * A label.
   *
   * @param horizon how long after the observation it is known, as SQL text, or null
   */
  record Label(String column, @Nullable String horizon) {}

  /**
   * What decides a row's split.
   *
   * @param columns TIME: the time; HASH: what is hashed; STRATIFIED: the strata; COLUMN: the names
   * @param gap before each bound, as SQL text, or null
   */
  record Split(
      SplitKind kind, List<String> columns, long seed, List<Part> parts, @Nullable String gap) {
    Split {
      columns = List.copyOf(columns);
      parts = List.copyOf(parts);
    }
  }

  /** One split. The last one of a SPLIT BY TIME may have neither bound nor fraction. */
  record Part(String name, @Nullable String until, @Nullable BigDecimal fraction) {}

  /** Transforms that are fitted on one split. */
  record Fit(String split, List<Transform> transforms) {
    Fit {
      transforms = List.copyOf(transforms);
    }
  }

  /**
   * A column of the model input.
   *
   * @param output its name
   * @param column the raw column that it is computed from
   * @param steps innermost first
   */
  record Transform(String output, String column, List<Step> steps) {
    Transform {
      steps = List.copyOf(steps);
    }
  }

  /**
   * One function of a transform.
   *
   * @param arguments after the column, as SQL text
   */
  record Step(String function, List<String> arguments) {
    Step {
      arguments = List.copyOf(arguments);
    }
  }

  /** The seed of the row order: that of the split, 0 where it has none. */
  long seed() {
    return split == null ? 0 : split.seed();
  }

  String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }
}
