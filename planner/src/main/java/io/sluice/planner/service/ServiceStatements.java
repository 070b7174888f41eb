package io.sluice.planner.service;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.EngineVersion;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.connector.FeatureServiceStore.StoredService;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.Session;
import io.sluice.planner.parse.ServiceStatement;
import io.sluice.planner.statement.BoundValues;
import io.sluice.planner.statement.LikeText;
import io.sluice.planner.training.ResultRows;
import io.sluice.planner.training.ServedDataset;
import io.sluice.planner.validate.SqlErrors;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Carries out statements about feature services; each gives rows as a plan, or null. */
public final class ServiceStatements {
  /** The status of an entity for which the service has features. */
  public static final String PRESENT = "PRESENT";

  /** The status of an entity for which it has none. */
  public static final String MISSING = "MISSING";

  private static final OutputColumn STATUS = new OutputColumn("status", SqlType.VARCHAR, false);

  private static final List<OutputColumn> SHOWN =
      List.of(
          ResultRows.column("name", SqlType.VARCHAR),
          ResultRows.column("source", SqlType.VARCHAR),
          ResultRows.column("created_at", SqlType.TIMESTAMP_TZ),
          ResultRows.column("creator", SqlType.VARCHAR),
          ResultRows.column("comment", SqlType.VARCHAR));

  private static final List<OutputColumn> DESCRIBED =
      List.of(
          ResultRows.column("section", SqlType.VARCHAR),
          ResultRows.column("name", SqlType.VARCHAR),
          ResultRows.column("value", SqlType.VARCHAR));

  private final Engine engine;
  private final FeatureServices services;

  public ServiceStatements(Engine engine, FeatureServices services) {
    this.engine = engine;
    this.services = services;
  }

  /** Columns of the rows that a statement gives, empty for those that give none. */
  public List<OutputColumn> columns(ServiceStatement statement, Session session) {
    return switch (statement) {
      case ServiceStatement.Create ignored -> List.of();
      case ServiceStatement.Drop ignored -> List.of();
      case ServiceStatement.Show ignored -> SHOWN;
      case ServiceStatement.Describe ignored -> DESCRIBED;
      case ServiceStatement.Execute execute -> {
        List<OutputColumn> columns = new ArrayList<>(prepared(execute, session).features());
        columns.add(STATUS);
        yield columns;
      }
    };
  }

  /** Types of the statement's parameters; checks the query that it holds. */
  public List<SqlType> parameters(ServiceStatement statement, Session session) {
    return switch (statement) {
      case ServiceStatement.Create create -> {
        checked(create, session, 0);
        yield List.of();
      }
      case ServiceStatement.Execute execute ->
          prepared(execute, session).parameters().stream()
              .map(FeatureService.Parameter::type)
              .toList();
      default -> List.of();
    };
  }

  private FeatureService prepared(ServiceStatement.Execute execute, Session session) {
    try {
      return services.current(execute.name().getSimple(), execute.raw(), session, Runnable::run);
    } catch (EngineException failure) {
      throw SqlErrors.at(execute.name(), failure);
    }
  }

  private StoredService required(SqlIdentifier name) {
    try {
      return services.required(name.getSimple());
    } catch (EngineException failure) {
      throw SqlErrors.at(name, failure);
    }
  }

  /** Its rows, or null for a statement that gives none. */
  public @Nullable PhysicalPlan run(
      ServiceStatement statement, Session session, QueryContext context) {
    return switch (statement) {
      case ServiceStatement.Create create -> {
        create(create, session, context.nowMicros());
        yield null;
      }
      case ServiceStatement.Drop drop -> {
        drop(drop);
        yield null;
      }
      case ServiceStatement.Show show -> show(show);
      case ServiceStatement.Describe describe -> describe(describe, session);
      case ServiceStatement.Execute execute -> {
        List<Expression.Literal> all = context.parameters();
        yield execute(execute, List.of(all.subList(0, all.size() - 1)), session);
      }
    };
  }

  private void create(ServiceStatement.Create create, Session session, long nowMicros) {
    Optional<StoredService> old = services.find(create.name().getSimple());
    if (old.isPresent() && !create.replace()) {
      if (create.ifNotExists()) {
        return;
      }
      throw SqlErrors.at(
          create.name(),
          ErrorCode.ALREADY_EXISTS,
          "feature service "
              + old.get().name()
              + " already exists; CREATE OR REPLACE FEATURE SERVICE replaces it");
    }
    StoredService checked = checked(create, session, nowMicros);
    // one that is replaced keeps its name as it was first written
    String name = old.map(StoredService::name).orElse(checked.name());
    try {
      services.store().put(new StoredService(name, checked.record()), create.replace());
      services.forget(name);
    } catch (EngineException failure) {
      if (failure.code() != ErrorCode.ALREADY_EXISTS || !create.ifNotExists()) {
        throw SqlErrors.at(create.name(), failure);
      }
    }
  }

  /** The definition, which can be prepared. */
  private StoredService checked(ServiceStatement.Create create, Session session, long nowMicros) {
    ServiceRecord record =
        new ServiceRecord(
            ServiceRecord.LAYOUT,
            create.comment(),
            create.sql(),
            session.catalog(),
            session.schema(),
            session.zone().getId(),
            dataset(create, session),
            session.principal().name(),
            nowMicros,
            EngineVersion.NUMBER);
    StoredService service = new StoredService(create.name().getSimple(), record.json());
    services.prepare(service, false, session);
    return service;
  }

  private ServiceRecord.@Nullable Dataset dataset(ServiceStatement.Create create, Session session) {
    SqlIdentifier name = create.dataset();
    if (name == null) {
      return null;
    }
    StoredDataset version = ServedDataset.version(name, create.version(), services.tables(session));
    return new ServiceRecord.Dataset(
        version.dataset().catalog(),
        version.dataset().schema(),
        version.dataset().table(),
        version.version());
  }

  private void drop(ServiceStatement.Drop drop) {
    Optional<StoredService> found = services.find(drop.name().getSimple());
    if (found.isEmpty() && drop.ifExists()) {
      return;
    }
    String name = found.orElseGet(() -> required(drop.name())).name();
    services.store().drop(name);
    services.forget(name);
  }

  private PhysicalPlan show(ServiceStatement.Show show) {
    Predicate<String> wanted = LikeText.predicate(show.like());
    ResultRows rows = new ResultRows(SHOWN);
    for (ServiceSummary service : services.list()) {
      if (wanted.test(service.name())) {
        rows.add(
            service.name(),
            service.source(),
            service.createdMicros(),
            service.creator(),
            service.comment());
      }
    }
    return rows.plan();
  }

  private PhysicalPlan describe(ServiceStatement.Describe describe, Session session) {
    StoredService stored = required(describe.name());
    ServiceSummary summary = ServiceSummary.of(stored);
    FeatureService service = services.prepare(stored, false, session);
    ResultRows rows = new ResultRows(DESCRIBED);
    rows.add("service", "name", summary.name());
    rows.add("service", "source", summary.source());
    rows.add("service", "comment", summary.comment());
    rows.add(
        "service",
        "created_at",
        Instant.EPOCH.plus(summary.createdMicros(), ChronoUnit.MICROS).toString());
    rows.add("service", "creator", summary.creator());
    rows.add(
        "service",
        "entities",
        service.batch() == null ? "one query for each" : "one query for all of a request");
    service
        .parameters()
        .forEach(
            parameter ->
                rows.add(
                    "parameter",
                    parameter.name(),
                    parameter.type().sql() + (parameter.instant() ? ", now unless given" : "")));
    service
        .features()
        .forEach(feature -> rows.add("feature", feature.name(), feature.type().sql()));
    rows.add("query", null, service.sql());
    return rows.plan();
  }

  /**
   * The features of entities as rows, in their order.
   *
   * @param entities a list of the parameters' values for each
   */
  public PhysicalPlan execute(
      ServiceStatement.Execute execute, List<List<Expression.Literal>> entities, Session session) {
    FeatureService service = prepared(execute, session);
    List<SqlType> types =
        service.parameters().stream().map(FeatureService.Parameter::type).toList();
    List<List<Expression.Literal>> values = new ArrayList<>();
    for (List<Expression.Literal> entity : entities) {
      List<Expression.Literal> converted = BoundValues.convert(entity, types, session.zone(), 0);
      values.add(converted.subList(0, types.size()));
    }
    int width = service.features().size();
    List<@Nullable Object @Nullable []> answers =
        new ArrayList<>(Collections.nCopies(entities.size(), null));
    try (EntityRows rows = EntityRows.of(service, values, engine.allocator())) {
      services.ask(
          service,
          rows,
          session,
          (entity, found, batch, row, first) -> {
            @Nullable Object[] cells = new @Nullable Object[width + 1];
            for (int i = 0; i < width; i++) {
              cells[i] = Cells.get(batch.column(first + i), row);
            }
            cells[width] = found ? PRESENT : MISSING;
            answers.set(entity, cells);
          });
    }
    List<OutputColumn> columns = new ArrayList<>(service.features());
    columns.add(STATUS);
    ResultRows result = new ResultRows(columns);
    for (@Nullable Object @Nullable [] answer : answers) {
      if (answer != null) {
        result.add(answer);
      } else {
        @Nullable Object[] missing = new @Nullable Object[width + 1];
        missing[width] = MISSING;
        result.add(missing);
      }
    }
    return result.plan();
  }
}
