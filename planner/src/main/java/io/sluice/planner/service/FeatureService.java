package io.sluice.planner.service;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service that is ready to be asked. It holds nothing live and may be used by any number of
 * threads.
 *
 * @param name exact
 * @param sql the query that it was made of
 * @param parameters what an entity gives
 * @param features what it gives for an entity
 * @param entities the table of entities of {@code batch}: the row number, then the parameters
 * @param batch for many entities: a row's entity, its features, and for a training dataset's
 *     service whether any table had a row for it; or null
 * @param tellsFound whether {@code batch} has that last column
 * @param single asked for one entity at a time where there is no plan for many; else null
 * @param markers the parameter of each mark of {@code single}
 * @param zone in which its query is read
 */
public record FeatureService(
    String name,
    String sql,
    List<Parameter> parameters,
    List<OutputColumn> features,
    TableDefinition entities,
    @Nullable PhysicalPlan batch,
    boolean tellsFound,
    @Nullable PreparedQuery single,
    List<Integer> markers,
    ZoneId zone) {
  public FeatureService {
    parameters = List.copyOf(parameters);
    features = List.copyOf(features);
    markers = List.copyOf(markers);
  }

  /**
   * A value that an entity gives, by name.
   *
   * @param instant whether it is the moment of the request where an entity does not give it
   */
  public record Parameter(String name, SqlType type, boolean instant) {}

  /** The table of entities for parameters in columns of given names. */
  static TableDefinition entities(List<Parameter> parameters, List<String> names) {
    List<ColumnDefinition> columns = new ArrayList<>();
    columns.add(new ColumnDefinition(EntityQuery.ROW, SqlType.INTEGER, false, null));
    for (int i = 0; i < parameters.size(); i++) {
      columns.add(new ColumnDefinition(names.get(i), parameters.get(i).type(), true, null));
    }
    return TableDefinition.of(columns);
  }
}
