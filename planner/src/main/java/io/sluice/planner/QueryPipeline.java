package io.sluice.planner;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableResolver;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.engine.online.OnlineSystemTable;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery.Kind;
import io.sluice.planner.parse.ServiceStatement;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.physical.BoundRows;
import io.sluice.planner.service.FeatureServices;
import io.sluice.planner.statement.BoundValues;
import io.sluice.planner.statement.ShardedRead;
import io.sluice.planner.statement.StatementRunner;
import io.sluice.planner.training.RecordedInputs;
import io.sluice.planner.training.SystemTables;
import io.sluice.planner.validate.StatementTables;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A query's whole way: {@link #prepare} and {@link #execute} read top to bottom. */
public final class QueryPipeline {
  private final Engine engine;
  private final Catalogs catalogs;
  private final QueryPlanner planner;
  private final FeatureServices services;
  private final StatementRunner statements;

  public QueryPipeline(Engine engine, Catalogs catalogs) {
    this(engine, catalogs, Set.of());
  }

  /**
   * @param disabledRules names of optimizer rules to leave out, or "all"
   */
  public QueryPipeline(Engine engine, Catalogs catalogs, Set<String> disabledRules) {
    this.engine = engine;
    this.catalogs = catalogs;
    this.planner = new QueryPlanner(disabledRules);
    SystemTables.addTo(catalogs);
    OnlineSystemTable.addTo(catalogs);
    this.services = new FeatureServices(engine, catalogs, planner);
    this.statements = new StatementRunner(engine, catalogs, planner, services);
  }

  public Engine engine() {
    return engine;
  }

  public Catalogs catalogs() {
    return catalogs;
  }

  public FeatureServices services() {
    return services;
  }

  /** Parses, validates and plans a statement whose parameters have no values yet. */
  public PreparedQuery prepare(String sql, Session session) {
    return prepare(sql, session, List.of());
  }

  /** The same with the types of the values that will be bound. */
  public PreparedQuery prepare(String sql, Session session, List<SqlType> parameters) {
    try {
      Statement statement = SqlText.parse(sql);
      StatementTables tables = tables(session);
      if (statement instanceof Statement.Query query) {
        QueryPlanner.Planned planned =
            planner.plan(query.query(), tables, session.zone(), parameters);
        return new PreparedQuery(
            sql, Kind.QUERY, planned.plan().output(), planned.parameters(), planned.plan());
      }
      List<OutputColumn> columns = statements.columns(statement, session);
      return new PreparedQuery(
          sql,
          StatementRunner.kind(statement, columns),
          columns,
          statements.parameters(statement, tables, session, parameters),
          null);
    } catch (EngineException known) {
      throw known;
    } catch (RuntimeException | AssertionError | StackOverflowError failure) {
      throw internal("the statement cannot be planned: ", failure);
    }
  }

  private static EngineException internal(String what, Throwable failure) {
    return new EngineException(ErrorCode.INTERNAL, what + failure, failure);
  }

  /**
   * Runs a prepared statement: starts a query, or carries out any other statement before it
   * returns.
   *
   * @param parameters values by index; each is converted to the parameter's type, checked
   */
  public QueryResult execute(
      PreparedQuery prepared, List<Expression.Literal> parameters, Session session) {
    return execute(prepared, parameters, session, null, session.reading());
  }

  /**
   * The same for one part of a query's rows.
   *
   * @param part of {@link #parts}, or null for all rows
   * @param reading which share of a query's rows; all of them for a part
   */
  public QueryResult execute(
      PreparedQuery prepared,
      List<Expression.Literal> parameters,
      Session session,
      @Nullable ResultPart part,
      ReadOptions reading) {
    StatementTables tables = tables(session);
    TableResolver recorded = RecordedInputs.resolver(tables);
    TableResolver snapshots = part == null ? recorded : part.over(recorded);
    QueryContext context = context(prepared, parameters, session, snapshots, now());
    PhysicalPlan plan = prepared.plan();
    if (plan != null) {
      return guarded(() -> new QueryResult.Rows(read(prepared, plan, reading, tables, context)));
    }
    return guarded(() -> statements.run(SqlText.parse(prepared.sql()), tables, session, context));
  }

  /**
   * Starts one execution for several lists of values, whose rows come in the order of the lists.
   * Empty where the statement does more than looking keys up or executing a feature service: it is
   * then executed for one after the other.
   *
   * @param parameters not one list
   */
  public Optional<QueryExecution> executeAll(
      PreparedQuery prepared, List<List<Expression.Literal>> parameters, Session session) {
    PhysicalPlan plan = prepared.plan();
    if (plan == null) {
      return executeService(prepared, parameters, session);
    }
    if (parameters.size() < 2 || !looksUp(plan) || !session.reading().isAll()) {
      return Optional.empty();
    }
    return guarded(
        () -> {
          long now = now();
          TableResolver tables = RecordedInputs.resolver(tables(session));
          List<QueryContext> contexts =
              parameters.stream()
                  .map(values -> context(prepared, values, session, tables, now))
                  .toList();
          return BoundRows.of(plan, contexts.stream().map(QueryContext::parameters).toList())
              .map(rows -> engine.execute(rows, contexts.getFirst()));
        });
  }

  private Optional<QueryExecution> executeService(
      PreparedQuery prepared, List<List<Expression.Literal>> parameters, Session session) {
    if (!(SqlText.parse(prepared.sql()) instanceof Statement.Service service)
        || !(service.statement() instanceof ServiceStatement.Execute execute)) {
      return Optional.empty();
    }
    long now = now();
    QueryContext context =
        new QueryContext(
            session.principal(),
            RecordedInputs.resolver(tables(session)),
            BoundValues.convert(List.of(), List.of(), session.zone(), now),
            now,
            session.zone(),
            OnlineCatalog.lookups(catalogs));
    return Optional.of(guarded(() -> statements.features(execute, parameters, session, context)));
  }

  private static boolean looksUp(PhysicalPlan plan) {
    return plan instanceof PhysicalPlan.LookupJoinPlan
        || plan.inputs().stream().anyMatch(QueryPipeline::looksUp);
  }

  private QueryExecution read(
      PreparedQuery prepared,
      PhysicalPlan plan,
      ReadOptions reading,
      StatementTables tables,
      QueryContext context) {
    if (reading.isAll() || !(SqlText.parse(prepared.sql()) instanceof Statement.Query query)) {
      return engine.execute(plan, context);
    }
    PhysicalPlan shard =
        new ShardedRead(engine, planner)
            .plan(query.query(), plan, reading, tables, context.zone(), context);
    return engine.execute(shard, context);
  }

  /**
   * Carries out a statement that is no query for each list of values, in order. An INSERT is one
   * commit for all of them; others commit once for each, so that each sees what the ones before it
   * did.
   *
   * @return rows affected
   */
  public long update(
      PreparedQuery prepared, List<List<Expression.Literal>> parameters, Session session) {
    if (parameters.size() > 1 && SqlText.parse(prepared.sql()) instanceof Statement.Insert insert) {
      StatementTables tables = tables(session);
      TableResolver snapshots = RecordedInputs.resolver(tables);
      long now = now();
      return guarded(
          () ->
              statements.insert(
                  insert,
                  tables,
                  session,
                  parameters.stream()
                      .map(values -> context(prepared, values, session, snapshots, now))
                      .toList()));
    }
    long count = 0;
    for (List<Expression.Literal> values : parameters) {
      count += rowCount(prepared, execute(prepared, values, session));
    }
    return count;
  }

  /**
   * Carries a command out.
   *
   * @return a query for the rows that it gave
   */
  public PreparedQuery carryOut(PreparedQuery command, Session session) {
    StatementTables tables = tables(session);
    QueryContext context =
        context(command, List.of(), session, RecordedInputs.resolver(tables), now());
    PhysicalPlan rows =
        guarded(() -> statements.answer(SqlText.parse(command.sql()), tables, session, context));
    return new PreparedQuery(command.sql(), Kind.QUERY, command.columns(), List.of(), rows);
  }

  private static long rowCount(PreparedQuery prepared, QueryResult result) {
    return switch (result) {
      case QueryResult.Update update -> update.rowCount();
      case QueryResult.Rows rows -> {
        rows.execution().close();
        throw new EngineException(ErrorCode.INTERNAL, "an update gave rows: " + prepared.sql());
      }
    };
  }

  private static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  private QueryContext context(
      PreparedQuery prepared,
      List<Expression.Literal> parameters,
      Session session,
      TableResolver tables,
      long now) {
    List<Expression.Literal> values =
        BoundValues.convert(parameters, prepared.parameters(), session.zone(), now);
    return new QueryContext(
        session.principal(), tables, values, now, session.zone(), OnlineCatalog.lookups(catalogs));
  }

  private static <T> T guarded(Supplier<T> statement) {
    try {
      return statement.get();
    } catch (EngineException known) {
      throw known;
    } catch (RuntimeException | AssertionError | StackOverflowError failure) {
      throw internal("the statement failed: ", failure);
    }
  }

  /**
   * What a table or view declares: its key and times.
   *
   * @throws EngineException where a view's query can no longer be planned
   */
  public RelationDeclarations declarations(Relation relation, Session session) {
    return planner.declarations(relation, tables(session), session.zone());
  }

  /**
   * Parts of a query's rows that may be executed side by side, all of the snapshot that is current
   * now. Fewer than two where the query is not to be divided: only large scans without ORDER BY,
   * LIMIT, joins and aggregates are.
   *
   * @param most parts
   */
  public List<ResultPart> parts(PreparedQuery prepared, Session session, int most) {
    PhysicalPlan plan = prepared.plan();
    return plan == null
        ? List.of()
        : ResultPart.of(plan, RecordedInputs.resolver(tables(session)), most);
  }

  private StatementTables tables(Session session) {
    return new StatementTables(catalogs, session);
  }
}
