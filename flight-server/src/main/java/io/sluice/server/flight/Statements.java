package io.sluice.server.flight;

import com.google.protobuf.ByteString;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.ResultStream;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPipeline;
import io.sluice.planner.QueryResult;
import io.sluice.planner.ResultPart;
import io.sluice.planner.Session;
import io.sluice.server.config.ServerConfig;
import io.sluice.server.ingest.Parameters;
import io.sluice.server.session.ClientSession;
import io.sluice.server.session.Expiring;
import io.sluice.server.stream.ResultSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Statements of all clients: prepared ones, those that wait to be fetched, and running them. All
 * that plans or executes may block and belongs on statement threads.
 */
final class Statements {
  private final QueryPipeline pipeline;
  private final ServerThreads threads;
  private final int limit;
  private final int endpoints;
  private final Expiring<PreparedStatement> prepared;
  private final Expiring<ResultTicket> tickets;

  /** Rows to send, and what to close after them. */
  record Opened(ResultStream stream, AutoCloseable owner) {}

  Statements(QueryPipeline pipeline, ServerThreads threads, ServerConfig config) {
    this.pipeline = pipeline;
    this.threads = threads;
    this.limit = config.preparedStatementLimit();
    this.endpoints = config.resultEndpoints();
    this.prepared =
        new Expiring<>(
            config.preparedStatementTtl(),
            statement -> statement.session().preparedStatements().decrementAndGet());
    this.tickets = new Expiring<>(config.preparedStatementTtl(), ticket -> {});
  }

  /** Plans a text that will be run at once or fetched by ticket. */
  PreparedQuery plan(String sql, ClientSession session) {
    PreparedQuery query = pipeline.prepare(sql, session.sql());
    if (!query.parameters().isEmpty()) {
      throw new EngineException(
          ErrorCode.INVALID_PARAMETER,
          "the statement has "
              + query.parameters().size()
              + " parameters and no values; prepare it and bind them");
    }
    return query;
  }

  PreparedStatement prepare(String sql, ClientSession session) {
    if (session.preparedStatements().incrementAndGet() > limit) {
      session.preparedStatements().decrementAndGet();
      throw new EngineException(
          ErrorCode.BUSY,
          "this session has "
              + limit
              + " prepared statements, as many as server.prepared-statement-limit allows;"
              + " close some");
    }
    try {
      Session.Settings settings = session.sql().settings();
      PreparedStatement statement =
          new PreparedStatement(
              UUID.randomUUID().toString(),
              pipeline.prepare(sql, session.sql()),
              session,
              settings);
      prepared.put(statement.handle(), statement);
      return statement;
    } catch (RuntimeException | Error failure) {
      session.preparedStatements().decrementAndGet();
      throw failure;
    }
  }

  /** The prepared statement of this handle, if it is the caller's. */
  PreparedStatement find(ByteString handle, ClientSession caller) {
    return prepared
        .find(handle.toStringUtf8())
        .filter(statement -> statement.session().principal().equals(caller.principal()))
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no such prepared statement: it was closed, or not used for longer than"
                        + " server.prepared-statement-ttl, or the server was restarted; prepare"
                        + " it again"));
  }

  void close(ByteString handle) {
    prepared.remove(handle.toStringUtf8());
  }

  /**
   * The statement to run now: where the session's zone, catalog or schema has changed since it was
   * planned, as drivers keep the statement of a text, it is planned again.
   */
  BoundStatement current(PreparedStatement statement) {
    BoundStatement bound = statement.statement();
    Session session = statement.session().sql();
    if (statement.settings().equals(session.settings())) {
      return bound;
    }
    PreparedQuery query = bound.query();
    List<SqlType> types = bound.rows().equals(List.of(List.of())) ? List.of() : query.parameters();
    return bound.replanned(pipeline.prepare(query.sql(), session, types));
  }

  /** Takes the values, and plans the statement for their types where they differ. */
  BoundStatement bind(PreparedStatement statement, Parameters values) {
    PreparedQuery query = statement.query();
    int count = query.parameters().size();
    if (values.types().size() != count) {
      throw new EngineException(
          ErrorCode.INVALID_PARAMETER,
          "the statement has "
              + count
              + " parameters, but "
              + values.types().size()
              + " values are bound");
    }
    List<SqlType> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      SqlType declared = query.parameters().get(i);
      SqlType bound = values.types().get(i);
      // Texts adapt to the declared type, checked; NULL takes that of its surroundings.
      types.add(bound == SqlType.VARCHAR ? declared : bound);
    }
    return new BoundStatement(replan(statement, types), values.rows(), statement.session());
  }

  private PreparedQuery replan(PreparedStatement statement, List<SqlType> types) {
    PreparedQuery query = statement.query();
    if (types.equals(query.parameters())) {
      return query;
    }
    Optional<PreparedQuery> known = statement.plannedFor(types);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Session.Settings settings = statement.session().sql().settings();
      PreparedQuery planned = pipeline.prepare(query.sql(), statement.session().sql(), types);
      statement.planned(types, settings, planned);
      return planned;
    } catch (EngineException e) {
      if (e.code() == ErrorCode.TYPE_MISMATCH) {
        // The declared types may still take these values, each checked.
        return query;
      }
      throw e;
    }
  }

  static Schema schema(PreparedQuery query, ClientSession session) {
    return ResultSchema.of(query.columns(), session.streamOptions());
  }

  /** The statement in parts that can be fetched side by side, or as it is. */
  List<BoundStatement> parts(BoundStatement statement) {
    if (statement.rows().size() != 1 || !statement.reading().isAll()) {
      return List.of(statement);
    }
    List<ResultPart> parts =
        pipeline.parts(statement.query(), statement.session().sql(), endpoints);
    return parts.size() < 2 ? List.of(statement) : parts.stream().map(statement::only).toList();
  }

  /** Keeps a query until it is fetched, and gives its handle. */
  String ticket(BoundStatement statement, Schema schema) {
    String handle = UUID.randomUUID().toString();
    tickets.put(handle, new ResultTicket(statement, schema));
    return handle;
  }

  ResultTicket ticket(ByteString handle, ClientSession caller) {
    return tickets
        .find(handle.toStringUtf8())
        .filter(ticket -> ticket.statement().session().principal().equals(caller.principal()))
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "no such ticket: it was not fetched within server.prepared-statement-ttl, or"
                        + " the server was restarted; run the statement again"));
  }

  /** Stops what runs under the handle; false where there is no such ticket. */
  boolean cancel(ByteString handle, ClientSession caller) {
    Optional<ResultTicket> ticket =
        tickets
            .find(handle.toStringUtf8())
            .filter(t -> t.statement().session().principal().equals(caller.principal()));
    ticket.ifPresent(ResultTicket::cancel);
    return ticket.isPresent();
  }

  /** Runs an update for all of its rows of values, or a command whose rows nobody wants. */
  long update(BoundStatement statement) {
    return switch (statement.query().kind()) {
      case UPDATE ->
          pipeline.update(statement.query(), statement.rows(), statement.session().sql());
      case COMMAND -> {
        carryOut(statement);
        yield 0;
      }
      case QUERY ->
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "the statement returns rows; execute it as a query, not as an update");
    };
  }

  /** Carries a command out; what is left is a query for the rows that it gave. */
  BoundStatement carryOut(BoundStatement command) {
    return BoundStatement.withoutParameters(
        pipeline.carryOut(command.query(), command.session().sql()), command.session());
  }

  /** Starts a query; for several rows of values together or, else, one after the other. */
  Opened open(BoundStatement statement) {
    if (statement.rows().size() == 1) {
      QueryExecution execution = start(statement, statement.rows().get(0));
      return new Opened(execution.results(), execution);
    }
    Optional<QueryExecution> all =
        statement.reading().isAll()
            ? pipeline.executeAll(statement.query(), statement.rows(), statement.session().sql())
            : Optional.empty();
    if (all.isPresent()) {
      return new Opened(all.get().results(), all.get());
    }
    List<Supplier<QueryExecution>> executions = new ArrayList<>();
    for (List<Expression.Literal> row : statement.rows()) {
      executions.add(() -> start(statement, row));
    }
    ResultStream stream =
        new SequentialResults(statement.query().columns(), executions, threads::submit);
    return new Opened(stream, () -> {});
  }

  private QueryExecution start(BoundStatement statement, List<Expression.Literal> row) {
    return switch (pipeline.execute(
        statement.query(), row, statement.session().sql(), statement.part(), statement.reading())) {
      case QueryResult.Rows rows -> rows.execution();
      case QueryResult.Update ignored ->
          throw new EngineException(
              ErrorCode.INTERNAL, "a query gave no rows: " + statement.query().sql());
    };
  }

  /** Drops what nobody has used for too long. */
  void sweep() {
    prepared.sweep();
    tickets.sweep();
  }
}
