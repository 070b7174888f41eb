package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.QueryResult;
import io.sluice.planner.Session;
import io.sluice.planner.parse.ServiceStatement;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.service.FeatureServices;
import io.sluice.planner.service.ServiceStatements;
import io.sluice.planner.training.TrainingStatements;
import io.sluice.planner.validate.StatementTables;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries out statements that are no queries. */
public final class StatementRunner {
  private final Engine engine;
  private final QueryPlanner planner;
  private final WriteStatements writes;
  private final ChangeStatements changes;
  private final ExplainStatement explain;
  private final ShowStatement show;
  private final TrainingStatements training;
  private final OnlineStatements online;
  private final ServiceStatements services;

  public StatementRunner(
      Engine engine, Catalogs catalogs, QueryPlanner planner, FeatureServices services) {
    this.engine = engine;
    this.planner = planner;
    this.writes = new WriteStatements(engine, planner);
    this.changes = new ChangeStatements(engine, planner);
    this.explain = new ExplainStatement(engine, planner);
    this.show = new ShowStatement(catalogs, planner);
    this.training = new TrainingStatements(engine, planner);
    this.online = new OnlineStatements(engine, planner);
    this.services = new ServiceStatements(engine, services);
  }

  /** Columns of the rows that the statement gives, none where it gives a number of rows only. */
  public List<OutputColumn> columns(Statement statement, Session session) {
    return switch (statement) {
      case Statement.Explain ignored -> ExplainStatement.COLUMNS;
      case Statement.Show shown -> ShowStatement.columns(shown.subject());
      case Statement.Query ignored -> List.of();
      case Statement.Insert ignored -> List.of();
      case Statement.Change ignored -> List.of();
      case Statement.CreateTable ignored -> List.of();
      case Statement.CreateView ignored -> List.of();
      case Statement.CreateCatalog ignored -> List.of();
      case Statement.DropCatalog ignored -> List.of();
      case Statement.CreateSchema ignored -> List.of();
      case Statement.DropRelation ignored -> List.of();
      case Statement.DropSchema ignored -> List.of();
      case Statement.AlterTable ignored -> List.of();
      case Statement.RenameRelation ignored -> List.of();
      case Statement.AlterReference ignored -> List.of();
      case Statement.ExpireSnapshots ignored -> SnapshotStatements.EXPIRED;
      case Statement.Optimize ignored -> OptimizeStatement.COLUMNS;
      case Statement.Comment ignored -> List.of();
      case Statement.Use ignored -> List.of();
      case Statement.SetOption ignored -> List.of();
      case Statement.Call ignored -> List.of();
      case Statement.Online online -> OnlineStatements.columns(online.statement());
      case Statement.Training training -> TrainingStatements.columns(training.statement());
      case Statement.Service service -> services.columns(service.statement(), session);
    };
  }

  /**
   * What carrying the statement out does.
   *
   * @param columns of {@link #columns}
   */
  public static PreparedQuery.Kind kind(Statement statement, List<OutputColumn> columns) {
    if (columns.isEmpty()) {
      return PreparedQuery.Kind.UPDATE;
    }
    boolean changes =
        switch (statement) {
          case Statement.ExpireSnapshots ignored -> true;
          case Statement.Optimize ignored -> true;
          case Statement.Training training ->
              training.statement() instanceof TrainingStatement.Create;
          default -> false;
        };
    return changes ? PreparedQuery.Kind.COMMAND : PreparedQuery.Kind.QUERY;
  }

  /** Types of the statement's parameters; checks the queries that it holds. */
  public List<SqlType> parameters(
      Statement statement, StatementTables tables, Session session, List<SqlType> bound) {
    return switch (statement) {
      case Statement.Query query ->
          planner.plan(query.query(), tables, session.zone(), bound).parameters();
      case Statement.Explain explained -> parameters(explained.statement(), tables, session, bound);
      case Statement.Insert insert ->
          writes.planInsert(insert, tables, session.zone(), bound).parameters();
      case Statement.Change change ->
          new PlanChange(planner, tables, session.zone(), bound).of(change).parameters();
      case Statement.CreateTable create ->
          create.query() == null
              ? List.of()
              : planner.plan(create.query(), tables, session.zone(), bound).parameters();
      case Statement.CreateView ignored -> List.of();
      case Statement.CreateCatalog ignored -> List.of();
      case Statement.DropCatalog ignored -> List.of();
      case Statement.CreateSchema ignored -> List.of();
      case Statement.DropRelation ignored -> List.of();
      case Statement.DropSchema ignored -> List.of();
      case Statement.AlterTable ignored -> List.of();
      case Statement.RenameRelation ignored -> List.of();
      case Statement.AlterReference ignored -> List.of();
      case Statement.ExpireSnapshots ignored -> List.of();
      case Statement.Optimize ignored -> List.of();
      case Statement.Comment ignored -> List.of();
      case Statement.Show ignored -> List.of();
      case Statement.Use ignored -> List.of();
      case Statement.SetOption ignored -> List.of();
      case Statement.Call ignored -> List.of();
      case Statement.Online ignored -> List.of();
      case Statement.Training ignored -> List.of();
      case Statement.Service service -> services.parameters(service.statement(), session);
    };
  }

  /**
   * Carries an INSERT out for several lists of values, in one commit.
   *
   * @param executions at least one
   * @return rows added
   */
  public long insert(
      Statement.Insert insert,
      StatementTables tables,
      Session session,
      List<QueryContext> executions) {
    return writes.insert(insert, tables, session.zone(), executions);
  }

  /** Carries the statement out. */
  public QueryResult run(
      Statement statement, StatementTables tables, Session session, QueryContext context) {
    return switch (statement) {
      case Statement.Query query -> {
        PhysicalPlan plan =
            planner.plan(query.query(), tables, session.zone(), types(context)).plan();
        yield new QueryResult.Rows(engine.execute(plan, context));
      }
      case Statement.Explain explained
          when explained.statement() instanceof Statement.Training dataset
              && dataset.statement() instanceof TrainingStatement.Create create ->
          rows(training.explain(create, tables, session, context), context);
      case Statement.Explain explained ->
          rows(explain.plan(explained, tables, session, context), context);
      case Statement.Show shown -> rows(show.plan(shown, tables, session), context);
      case Statement.Insert insert ->
          new QueryResult.Update(writes.insert(insert, tables, session.zone(), List.of(context)));
      case Statement.Change change ->
          new QueryResult.Update(changes.run(change, tables, session.zone(), context));
      case Statement.CreateTable create ->
          new QueryResult.Update(writes.createTable(create, tables, session.zone(), context));
      case Statement.CreateView create ->
          done(() -> new ViewStatements(planner).create(create, tables, session.zone()));
      case Statement.CreateCatalog create -> done(() -> CatalogStatements.create(create, tables));
      case Statement.DropCatalog drop -> done(() -> CatalogStatements.drop(drop, tables, session));
      case Statement.CreateSchema create -> done(() -> SchemaStatements.create(create, tables));
      case Statement.DropSchema drop -> done(() -> SchemaStatements.drop(drop, tables));
      case Statement.DropRelation drop -> done(() -> SchemaStatements.drop(drop, tables));
      case Statement.AlterTable alter ->
          done(() -> new AlterStatements(engine, planner).alter(alter, tables, context));
      case Statement.RenameRelation rename -> done(() -> RenameStatement.run(rename, tables));
      case Statement.AlterReference alter -> done(() -> SnapshotStatements.alter(alter, tables));
      case Statement.ExpireSnapshots expire ->
          rows(answer(expire, tables, session, context), context);
      case Statement.Optimize optimize -> rows(answer(optimize, tables, session, context), context);
      case Statement.Comment comment -> done(() -> CommentStatement.run(comment, tables));
      case Statement.Use use -> done(() -> SessionStatements.use(use, tables, session));
      case Statement.SetOption set -> done(() -> SessionStatements.set(set, session));
      case Statement.Call call -> new QueryResult.Update(CallStatement.run(call, tables));
      case Statement.Online about -> online.run(about.statement(), tables, context);
      case Statement.Training dataset ->
          rowsOrDone(training.run(dataset.statement(), tables, session, context), context);
      case Statement.Service service ->
          rowsOrDone(services.run(service.statement(), session, context), context);
    };
  }

  /** The features of many entities as rows. */
  public QueryExecution features(
      ServiceStatement.Execute execute,
      List<List<Expression.Literal>> entities,
      Session session,
      QueryContext context) {
    return engine.execute(services.execute(execute, entities, session), context);
  }

  /** Carries a command out; the plan gives its rows. */
  public PhysicalPlan answer(
      Statement command, StatementTables tables, Session session, QueryContext context) {
    return switch (command) {
      case Statement.ExpireSnapshots expire ->
          new SnapshotStatements(engine, planner).expire(expire, tables, context);
      case Statement.Optimize optimize -> new OptimizeStatement(engine).run(optimize, tables);
      case Statement.Training dataset ->
          Objects.requireNonNull(training.run(dataset.statement(), tables, session, context));
      default -> throw new IllegalArgumentException("no command: " + command);
    };
  }

  /** Types of the statement's own parameters, without the instant that comes after them. */
  static List<SqlType> types(QueryContext context) {
    List<SqlType> all = context.parameters().stream().map(Expression.Literal::type).toList();
    return all.subList(0, all.size() - 1);
  }

  private QueryResult rowsOrDone(@Nullable PhysicalPlan plan, QueryContext context) {
    return plan == null ? new QueryResult.Update(0) : rows(plan, context);
  }

  private QueryResult rows(PhysicalPlan plan, QueryContext context) {
    return new QueryResult.Rows(engine.execute(plan, context));
  }

  private static QueryResult done(Runnable statement) {
    statement.run();
    return new QueryResult.Update(0);
  }
}
