package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Finds versions of datasets by name. */
final class DatasetVersions {
  private DatasetVersions() {}

  /**
   * The dataset of that name.
   *
   * @throws EngineException UNKNOWN_TABLE
   */
  static Relation.Dataset dataset(SqlIdentifier name, StatementTables tables) {
    try {
      TableName exact = tables.qualify(name.names);
      Optional<Relation> found = tables.load(exact);
      if (found.isPresent() && found.get() instanceof Relation.Dataset dataset) {
        return dataset;
      }
      if (found.isPresent()) {
        throw new EngineException(ErrorCode.UNKNOWN_TABLE, exact + " is not a training dataset");
      }
      throw tables.unknown(name.names, exact);
    } catch (EngineException failure) {
      throw SqlErrors.at(name, failure);
    }
  }

  /** Whether the name is a dataset's. */
  static boolean exists(SqlIdentifier name, StatementTables tables) {
    return tables.load(tables.qualify(name.names)).orElse(null) instanceof Relation.Dataset;
  }

  /**
   * One version of it, the newest without a number.
   *
   * @throws EngineException UNKNOWN_VERSION
   */
  static StoredDataset version(Relation.Dataset dataset, @Nullable Integer number) {
    List<StoredDataset> versions = dataset.versions();
    if (number == null) {
      return versions.getLast();
    }
    return versions.stream()
        .filter(version -> version.version() == number)
        .findFirst()
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_VERSION,
                    "training dataset "
                        + dataset.name()
                        + " has no version "
                        + number
                        + "; there "
                        + (versions.size() == 1 ? "is " : "are ")
                        + versions.stream()
                            .map(version -> Integer.toString(version.version()))
                            .collect(Collectors.joining(", "))));
  }

  static StoredDataset version(
      SqlIdentifier name, @Nullable Integer number, StatementTables tables) {
    Relation.Dataset dataset = dataset(name, tables);
    try {
      return version(dataset, number);
    } catch (EngineException failure) {
      throw SqlErrors.at(name, failure);
    }
  }
}
