package io.sluice.planner.service;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.FeatureServiceStore;
import io.sluice.engine.connector.FeatureServiceStore.StoredService;
import io.sluice.engine.connector.GivenRows;
import io.sluice.engine.connector.SupportsFeatureServices;
import io.sluice.engine.connector.TableResolver;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.engine.online.OnlineLookups;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.Session;
import io.sluice.planner.statement.BoundValues;
import io.sluice.planner.statement.Draining;
import io.sluice.planner.training.RecordedInputs;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.StatementTables;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The services of a server's lake: found, prepared and asked. Safe for use by several threads. */
public final class FeatureServices {
  private final Engine engine;
  private final Catalogs catalogs;
  private final QueryPlanner planner;
  private final PreparedServices prepared = new PreparedServices();

  public FeatureServices(Engine engine, Catalogs catalogs, QueryPlanner planner) {
    this.engine = engine;
    this.catalogs = catalogs;
    this.planner = planner;
  }

  /** Receives what a service answers. */
  @FunctionalInterface
  public interface Answers {
    /**
     * The features of an entity, at most once for each.
     *
     * @param found whether there is a row for it: the service's query gave one and, where it looks
     *     several tables up, one of them had one
     * @param batch belongs to the caller and is closed afterwards
     * @param row of the batch
     * @param first the column of the first feature
     */
    void features(int entity, boolean found, Batch batch, int row, int first);
  }

  /** The names that a session sees. */
  StatementTables tables(Session session) {
    return new StatementTables(catalogs, session);
  }

  FeatureServiceStore store() {
    Catalog catalog = catalogs.find(Session.DEFAULT_CATALOG).orElse(null);
    if (catalog instanceof SupportsFeatureServices supporting) {
      return supporting.featureServices();
    }
    throw new EngineException(
        ErrorCode.UNSUPPORTED,
        "catalog " + Session.DEFAULT_CATALOG + " cannot keep feature services");
  }

  /** The definition of a service, whose name matches without regard to case. */
  Optional<StoredService> find(String name) {
    FeatureServiceStore store = store();
    Optional<StoredService> exact = store.find(name);
    if (exact.isPresent()) {
      return exact;
    }
    List<String> names = store.list().stream().map(StoredService::name).toList();
    return Names.find(name, names, "feature service").flatMap(store::find);
  }

  /**
   * The definition of a service.
   *
   * @throws EngineException UNKNOWN_SERVICE
   */
  public StoredService required(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_SERVICE,
                    "there is no feature service "
                        + name
                        + Names.didYouMean(
                            name, store().list().stream().map(StoredService::name).toList())));
  }

  /** All services, by name. */
  public List<ServiceSummary> list() {
    return store().list().stream().map(ServiceSummary::of).toList();
  }

  /**
   * What a service is.
   *
   * @throws EngineException UNKNOWN_SERVICE
   */
  public ServiceSummary summary(String name) {
    return ServiceSummary.of(required(name));
  }

  /** Plans a service for a session's user. */
  FeatureService prepare(StoredService stored, boolean raw, Session session) {
    return planned(stored, raw, session).service();
  }

  private PreparedServices.Prepared planned(StoredService stored, boolean raw, Session session) {
    ServiceRecord record = ServiceRecord.read(stored.name(), stored.record());
    StatementTables tables =
        new StatementTables(catalogs, session)
            .within(record.defaultCatalog(), record.defaultSchema());
    try {
      FeatureService service = new PrepareService(planner, tables, record).prepare(stored, raw);
      return new PreparedServices.Prepared(service, new ServiceOrigin(stored, tables.loaded()));
    } catch (EngineException failure) {
      // its place is one in the service's text
      throw new EngineException(
          failure.code(),
          "in feature service " + stored.name() + ": " + failure.getMessage(),
          failure);
    }
  }

  /**
   * A service as it is now, or was at most a second ago, prepared for a session's user.
   *
   * @param renewer runs what looks, beside the service's use, whether it is still the same
   * @throws EngineException UNKNOWN_SERVICE, and what is wrong with its query
   */
  public FeatureService current(String name, boolean raw, Session session, Executor renewer) {
    return prepared.get(
        key(name, raw, session),
        () -> planned(required(name), raw, session),
        origin -> origin.holds(store()::find, tables(session)),
        renewer);
  }

  private static PreparedServices.Key key(String name, boolean raw, Session session) {
    return new PreparedServices.Key(session.principal(), name.toLowerCase(Locale.ROOT), raw);
  }

  /**
   * The same where it is prepared, and a request for few entities is answered without waiting for
   * anything: by lookups in tables that this process keeps. Else empty.
   */
  public Optional<FeatureService> answeringAtOnce(String name, Session session, Executor renewer) {
    OnlineLookups online = OnlineCatalog.lookups(catalogs);
    return prepared
        .ready(
            key(name, false, session),
            () -> planned(required(name), false, session),
            origin -> origin.holds(store()::find, tables(session)),
            renewer)
        .filter(service -> service.batch() != null && looksUpOnly(service.batch(), online));
  }

  private static boolean looksUpOnly(PhysicalPlan plan, OnlineLookups online) {
    return switch (plan) {
      case PhysicalPlan.ProjectPlan project -> looksUpOnly(project.input(), online);
      case PhysicalPlan.FilterPlan filter -> looksUpOnly(filter.input(), online);
      case PhysicalPlan.LookupJoinPlan lookup ->
          online.answersAtOnce(lookup.table()) && looksUpOnly(lookup.left(), online);
      case PhysicalPlan.ScanPlan scan -> scan.table().equals(EntityQuery.ENTITIES);
      default -> false;
    };
  }

  /** To be called where a service has changed, or its plan has failed. */
  public void forget(String name) {
    prepared.forget(name);
  }

  /**
   * Asks a service for all entities and waits for the answer.
   *
   * @throws EngineException what went wrong; CARDINALITY_VIOLATION where an entity has two rows
   */
  public void ask(FeatureService service, EntityRows entities, Session session, Answers answers) {
    StatementTables tables = new StatementTables(catalogs, session);
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    boolean[] answered = new boolean[entities.count()];
    if (service.batch() == null) {
      askEach(service, entities, tables, now, answers);
      return;
    }
    TableResolver others = RecordedInputs.resolver(tables);
    GivenRows rows =
        new GivenRows(
            EntityQuery.ENTITIES, service.entities(), entities.columns(), entities.count());
    TableResolver resolver =
        (name, version) -> name.equals(EntityQuery.ENTITIES) ? rows : others.resolve(name, version);
    QueryContext context =
        new QueryContext(
            session.principal(),
            resolver,
            BoundValues.convert(List.of(), List.of(), service.zone(), now),
            now,
            service.zone(),
            OnlineCatalog.lookups(catalogs));
    try (QueryExecution execution = engine.execute(service.batch(), context)) {
      Draining.drain(
          execution.results(),
          batch -> {
            try (batch) {
              for (int i = 0; i < batch.rowCount(); i++) {
                int row = batch.selection() == null ? i : batch.selection().get(i);
                int entity = ((Number) cell(batch, row)).intValue();
                checkOne(service, answered[entity], entity);
                answered[entity] = true;
                answers.features(entity, found(service, batch, row), batch, row, 1);
              }
            }
          });
    }
  }

  private static boolean found(FeatureService service, Batch batch, int row) {
    return !service.tellsFound() || Boolean.TRUE.equals(Cells.get(batch.columns().getLast(), row));
  }

  private static Object cell(Batch batch, int row) {
    Object number = Cells.get(batch.column(0), row);
    if (number == null) {
      throw new AssertionError(row);
    }
    return number;
  }

  private static void checkOne(FeatureService service, boolean answered, int entity) {
    if (answered) {
      throw new EngineException(
          ErrorCode.CARDINALITY_VIOLATION,
          "feature service "
              + service.name()
              + " has several rows for entity "
              + entity
              + " (from 0); its query must give at most one: compare the whole key, or aggregate");
    }
  }

  private void askEach(
      FeatureService service,
      EntityRows entities,
      StatementTables tables,
      long now,
      Answers answers) {
    PreparedQuery single = Objects.requireNonNull(service.single());
    PhysicalPlan plan = Objects.requireNonNull(single.plan());
    for (int e = 0; e < entities.count(); e++) {
      int entity = e;
      List<Expression.Literal> values = new ArrayList<>();
      for (int parameter : service.markers()) {
        values.add(entities.value(parameter, entity));
      }
      QueryContext context =
          new QueryContext(
              tables.principal(),
              RecordedInputs.resolver(tables),
              BoundValues.convert(values, single.parameters(), service.zone(), now),
              now,
              service.zone(),
              OnlineCatalog.lookups(catalogs));
      int[] seen = new int[1];
      try (QueryExecution execution = engine.execute(plan, context)) {
        Draining.drain(
            execution.results(),
            batch -> {
              try (batch) {
                for (int i = 0; i < batch.rowCount(); i++) {
                  checkOne(service, seen[0]++ > 0, entity);
                  int row = batch.selection() == null ? i : batch.selection().get(i);
                  answers.features(entity, true, batch, row, 0);
                }
              }
            });
      }
    }
  }
}
