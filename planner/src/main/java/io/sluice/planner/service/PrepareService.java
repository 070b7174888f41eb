package io.sluice.planner.service;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.FeatureServiceStore.StoredService;
import io.sluice.engine.connector.GivenRows;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.service.FeatureService.Parameter;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** From a service's definition to its plans. */
final class PrepareService {
  private final QueryPlanner planner;
  private final StatementTables tables;
  private final ServiceRecord record;

  /**
   * @param tables with the defaults of whoever wrote the service
   */
  PrepareService(QueryPlanner planner, StatementTables tables, ServiceRecord record) {
    this.planner = planner;
    this.tables = tables;
    this.record = record;
  }

  FeatureService prepare(StoredService stored) {
    String sql = record.sql();
    if (sql == null) {
      throw new AssertionError(stored.name());
    }
    ZoneId zone = ZoneId.of(record.zone());
    List<String> names = ParameterNames.of(query(sql));
    List<Integer> markers = new ArrayList<>();
    List<String> distinct = new ArrayList<>();
    for (String name : names) {
      int known = indexOf(distinct, name);
      markers.add(known < 0 ? distinct.size() : known);
      if (known < 0) {
        distinct.add(name);
      }
    }
    List<SqlType> types = types(planner.plan(query(sql), tables, zone, List.of()), markers);
    List<SqlType> bound = markers.stream().map(types::get).toList();
    QueryPlanner.Planned single = planner.plan(query(sql), tables, zone, bound);
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < distinct.size(); i++) {
      parameters.add(new Parameter(distinct.get(i), types.get(i)));
    }
    List<OutputColumn> features = single.plan().output();
    checkNames(features);
    return new FeatureService(
        stored.name(),
        stored.record(),
        parameters,
        markers,
        features.stream().map(f -> new OutputColumn(f.name(), f.type(), true)).toList(),
        new PreparedQuery(
            sql, PreparedQuery.Kind.QUERY, features, single.parameters(), single.plan()),
        batch(sql, parameters, markers, features, zone),
        zone);
  }

  private static SqlNode query(String sql) {
    if (SqlText.parse(sql) instanceof Statement.Query query) {
      return query.query();
    }
    throw new AssertionError(sql);
  }

  private static int indexOf(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** A parameter that is written more than once has the type of the first mark that shows one. */
  private static List<SqlType> types(QueryPlanner.Planned planned, List<Integer> markers) {
    List<SqlType> types = new ArrayList<>();
    for (int mark = 0; mark < markers.size(); mark++) {
      int parameter = markers.get(mark);
      SqlType type = planned.parameters().get(mark);
      if (parameter == types.size()) {
        types.add(type);
      } else if (types.get(parameter).equals(SqlType.VARCHAR)) {
        types.set(parameter, type);
      }
    }
    return types;
  }

  private static void checkNames(List<OutputColumn> features) {
    Set<String> names = new HashSet<>();
    for (OutputColumn feature : features) {
      if (!names.add(feature.name().toLowerCase(Locale.ROOT))) {
        throw new EngineException(
            ErrorCode.AMBIGUOUS_NAME,
            "the service has two features " + feature.name() + "; give them names with AS");
      }
    }
  }

  private @Nullable PhysicalPlan batch(
      String sql,
      List<Parameter> parameters,
      List<Integer> markers,
      List<OutputColumn> features,
      ZoneId zone) {
    Optional<SqlNode> rewritten = EntityQuery.of(query(sql), markers::get);
    if (rewritten.isEmpty()) {
      return null;
    }
    StatementTables own =
        tables.overlaid(
            tables.defaultCatalog(),
            tables.defaultSchema(),
            Map.of(
                EntityQuery.ENTITIES,
                GivenRows.awaited(EntityQuery.ENTITIES, FeatureService.entities(parameters))));
    PhysicalPlan plan = planner.plan(rewritten.get(), own, zone, List.of()).plan();
    List<OutputColumn> output = plan.output();
    assert output.size() == features.size() + 1 : output;
    for (int i = 0; i < features.size(); i++) {
      if (!output.get(i + 1).type().equals(features.get(i).type())) {
        return null;
      }
    }
    return plan;
  }
}
