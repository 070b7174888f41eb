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

/**
 * A service that is ready to be asked. It holds nothing live and may be used by any number of
 * threads.
 *
 * @param name exact
 * @param record the text that it was prepared from
 * @param parameters what an entity gives
 * @param markers the parameter of each mark of the query
 * @param features what it gives for an entity
 * @param query its query with the marks as parameters, which is asked for one entity at a time
 *     where there is no plan for many
 * @param batch for many entities: a row's entity and then its features; or null
 * @param zone in which its query is read
 */
public record FeatureService(
    String name,
    String record,
    List<Parameter> parameters,
    List<Integer> markers,
    List<OutputColumn> features,
    PreparedQuery query,
    @org.jspecify.annotations.Nullable PhysicalPlan batch,
    ZoneId zone) {
  public FeatureService {
    parameters = List.copyOf(parameters);
    markers = List.copyOf(markers);
    features = List.copyOf(features);
  }

  /** A value that an entity gives, by name. */
  public record Parameter(String name, SqlType type) {}

  /** The table of entities: the row number, then the parameters. */
  static TableDefinition entities(List<Parameter> parameters) {
    List<ColumnDefinition> columns = new ArrayList<>();
    columns.add(new ColumnDefinition(EntityQuery.ROW, SqlType.INTEGER, false, null));
    for (int i = 0; i < parameters.size(); i++) {
      columns.add(
          new ColumnDefinition(EntityQuery.column(i), parameters.get(i).type(), true, null));
    }
    return TableDefinition.of(columns);
  }
}
