package io.sluice.planner.service;

import io.sluice.engine.connector.FeatureServiceStore.StoredService;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a service was prepared from. While all of it is as it was, preparing the service anew would
 * give the same.
 *
 * @param relations whatever catalogs gave for a name
 */
record ServiceOrigin(StoredService stored, Map<TableName, Relation> relations) {
  ServiceOrigin {
    relations = Map.copyOf(relations);
  }

  /**
   * Whether it is as it was.
   *
   * @param store what is stored under a service's name now
   */
  boolean holds(Function<String, Optional<StoredService>> store, StatementTables now) {
    return store.apply(stored.name()).filter(stored::equals).isPresent()
        && relations.entrySet().stream()
            .allMatch(
                known ->
                    now.load(known.getKey())
                        .filter(present -> same(known.getValue(), present))
                        .isPresent());
  }

  private static boolean same(Relation known, Relation present) {
    return switch (known) {
      case Relation.Table table ->
          present instanceof Relation.Table other
              && table.uuid().equals(other.uuid())
              && table.definition().equals(other.definition());
      case Relation.Dataset dataset ->
          present instanceof Relation.Dataset other
              && records(dataset.versions()).equals(records(other.versions()));
      case Relation.View view -> view.equals(present);
    };
  }

  private static List<String> records(List<StoredDataset> versions) {
    return versions.stream().map(version -> version.version() + version.record()).toList();
  }
}
