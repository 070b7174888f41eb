package io.sluice.server.flight;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.planner.PreparedQuery;
import io.sluice.planner.QueryPipeline;
import io.sluice.server.config.ServerConfig;
import io.sluice.server.ingest.Ingest;
import io.sluice.server.metadata.MetadataCommands;
import io.sluice.server.session.ClientSession;
import io.sluice.server.session.Sessions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.SchemaResult;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * The Flight SQL service: says for every request who does it. SQL text and table paths of plain
 * Flight are taken as well. Calls come on virtual threads and wait there; the work is done on
 * {@link ServerThreads}.
 */
public final class SqlProducer implements FlightProducer {
  private static final long SWEEP_SECONDS = 60;
  private static final Schema NO_COLUMNS = new Schema(List.of());

  private final Sessions sessions;
  private final ServerThreads threads;
  private final Statements statements;
  private final Streams streams;
  private final Uploads uploads;
  private final Actions actions;
  private final Duration ticketLife;

  /**
   * @param allocator of what is on its way to clients and from them
   */
  public SqlProducer(
      QueryPipeline pipeline,
      Sessions sessions,
      ServerThreads threads,
      BufferAllocator allocator,
      ServerConfig config) {
    this.sessions = sessions;
    this.threads = threads;
    this.ticketLife = config.preparedStatementTtl();
    this.statements = new Statements(pipeline, threads, config);
    MetadataCommands metadata = new MetadataCommands(pipeline);
    this.streams = new Streams(statements, metadata, threads, allocator);
    this.uploads =
        new Uploads(statements, new Ingest(pipeline.catalogs(), allocator), threads, allocator);
    this.actions = new Actions(statements, sessions, threads);
    var unused =
        threads
            .timer()
            .scheduleWithFixedDelay(
                () -> {
                  statements.sweep();
                  sessions.sweep();
                },
                SWEEP_SECONDS,
                SWEEP_SECONDS,
                TimeUnit.SECONDS);
  }

  static void refuseTransaction(boolean given) {
    if (given) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "transactions are not offered: every statement commits by itself; send no transaction"
              + " id");
    }
  }

  @Override
  public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
    try {
      ClientSession session = sessions.of(context);
      return switch (Request.of(descriptor)) {
        case Request.Sql sql -> statementInfo(sql.text(), session, descriptor);
        case Request.Table table -> statementInfo(table.sql(), session, descriptor);
        case Request.Command command -> info(command.message(), session, descriptor);
      };
    } catch (Throwable problem) {
      throw FlightErrors.of(problem);
    }
  }

  private FlightInfo info(Message command, ClientSession session, FlightDescriptor descriptor) {
    return switch (command) {
      case CommandStatementQuery query -> {
        refuseTransaction(query.hasTransactionId());
        yield statementInfo(query.getQuery(), session, descriptor);
      }
      case CommandPreparedStatementQuery query -> {
        PreparedStatement statement = statements.find(query.getPreparedStatementHandle(), session);
        yield threads.statement(() -> info(statements.current(statement), descriptor));
      }
      default ->
          MetadataCommands.schema(command)
              .map(schema -> info(schema, descriptor, new Ticket(Request.pack(command))))
              .orElseThrow(() -> unsupported(command));
    };
  }

  private FlightInfo statementInfo(String sql, ClientSession session, FlightDescriptor descriptor) {
    return threads.statement(
        () ->
            info(
                BoundStatement.withoutParameters(statements.plan(sql, session), session),
                descriptor));
  }

  /**
   * An update or a command is carried out here, once for each call, whether or not anyone reads the
   * answer; a query starts when it is fetched.
   */
  private FlightInfo info(BoundStatement statement, FlightDescriptor descriptor) {
    return switch (statement.query().kind()) {
      case UPDATE -> {
        long count = statements.update(statement);
        yield FlightInfo.builder(NO_COLUMNS, descriptor, List.of()).setRecords(count).build();
      }
      case COMMAND -> info(statements.carryOut(statement), descriptor);
      case QUERY -> {
        Schema schema = Statements.schema(statement.query(), statement.session());
        List<BoundStatement> parts = statements.parts(statement);
        yield parts.size() == 1
            ? info(schema, descriptor, ticket(statement, schema))
            : info(schema, descriptor, parts);
      }
    };
  }

  private Ticket ticket(BoundStatement statement, Schema schema) {
    TicketStatementQuery ticket =
        TicketStatementQuery.newBuilder()
            .setStatementHandle(ByteString.copyFromUtf8(statements.ticket(statement, schema)))
            .build();
    return new Ticket(Request.pack(ticket));
  }

  /** Each part may be fetched by anyone of the same user, again where a fetch has failed. */
  private FlightInfo info(Schema schema, FlightDescriptor descriptor, List<BoundStatement> parts) {
    Instant until = Instant.now().plus(ticketLife);
    List<FlightEndpoint> endpoints =
        parts.stream()
            .map(
                part ->
                    FlightEndpoint.builder(ticket(part, schema)).setExpirationTime(until).build())
            .toList();
    return FlightInfo.builder(schema, descriptor, endpoints).setOrdered(false).build();
  }

  /** One endpoint keeps the order of rows; no location means this server. */
  private static FlightInfo info(Schema schema, FlightDescriptor descriptor, Ticket ticket) {
    return FlightInfo.builder(schema, descriptor, List.of(new FlightEndpoint(ticket)))
        .setOrdered(true)
        .build();
  }

  @Override
  public SchemaResult getSchema(CallContext context, FlightDescriptor descriptor) {
    try {
      ClientSession session = sessions.of(context);
      return new SchemaResult(
          switch (Request.of(descriptor)) {
            case Request.Sql sql -> statementSchema(sql.text(), session);
            case Request.Table table -> statementSchema(table.sql(), session);
            case Request.Command command -> schema(command.message(), session);
          });
    } catch (Throwable problem) {
      throw FlightErrors.of(problem);
    }
  }

  private Schema schema(Message command, ClientSession session) {
    return switch (command) {
      case CommandStatementQuery query -> {
        refuseTransaction(query.hasTransactionId());
        yield statementSchema(query.getQuery(), session);
      }
      case CommandPreparedStatementQuery query -> {
        PreparedStatement prepared = statements.find(query.getPreparedStatementHandle(), session);
        BoundStatement statement = threads.statement(() -> statements.current(prepared));
        yield resultSchema(statement.query(), statement.session());
      }
      default -> MetadataCommands.schema(command).orElseThrow(() -> unsupported(command));
    };
  }

  private Schema statementSchema(String sql, ClientSession session) {
    return threads.statement(() -> resultSchema(statements.plan(sql, session), session));
  }

  private static Schema resultSchema(PreparedQuery query, ClientSession session) {
    return switch (query.kind()) {
      case QUERY, COMMAND -> Statements.schema(query, session);
      case UPDATE -> NO_COLUMNS;
    };
  }

  @Override
  public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
    try {
      ClientSession session = sessions.of(context);
      switch (Request.of(ticket.getBytes())) {
        case Request.Sql sql -> streams.sql(sql.text(), session, listener);
        case Request.Table table -> streams.sql(table.sql(), session, listener);
        case Request.Command command -> stream(command.message(), session, listener);
      }
    } catch (Throwable problem) {
      listener.error(FlightErrors.of(problem));
    }
  }

  private void stream(Message command, ClientSession session, ServerStreamListener listener) {
    switch (command) {
      case TicketStatementQuery query ->
          streams.ticket(statements.ticket(query.getStatementHandle(), session), listener);
      case CommandPreparedStatementQuery query ->
          streams.prepared(statements.find(query.getPreparedStatementHandle(), session), listener);
      case CommandStatementQuery query -> streams.sql(query.getQuery(), session, listener);
      default -> {
        if (MetadataCommands.schema(command).isEmpty()) {
          throw unsupported(command);
        }
        streams.metadata(command, session, listener);
      }
    }
  }

  private static EngineException unsupported(Message command) {
    return new EngineException(
        ErrorCode.UNSUPPORTED,
        command.getDescriptorForType().getName() + " is not offered for this call");
  }

  @Override
  public Runnable acceptPut(
      CallContext context, FlightStream stream, StreamListener<PutResult> acknowledge) {
    return () -> {
      try {
        uploads.accept(Request.of(descriptor(stream)), stream, sessions.of(context), acknowledge);
      } catch (Throwable problem) {
        throw FlightErrors.of(problem);
      }
    };
  }

  /** The first message's descriptor; the wait ends with the call, which the stream alone misses. */
  private static FlightDescriptor descriptor(FlightStream stream) {
    Thread waiting = Thread.currentThread();
    Context call = Context.current();
    Context.CancellationListener stop = context -> waiting.interrupt();
    call.addListener(stop, Runnable::run);
    try {
      return stream.getDescriptor();
    } finally {
      call.removeListener(stop);
    }
  }

  @Override
  public void doAction(CallContext context, Action action, StreamListener<Result> listener) {
    try {
      byte[] answer = actions.answer(action, context);
      if (answer != null) {
        listener.onNext(new Result(answer));
      }
    } catch (Throwable problem) {
      boolean prepare = action.getType().equals("CreatePreparedStatement");
      listener.onError(prepare ? FlightErrors.ofPrepare(problem) : FlightErrors.of(problem));
      return;
    }
    listener.onCompleted();
  }

  @Override
  public void listActions(CallContext context, StreamListener<ActionType> listener) {
    Actions.OFFERED.forEach(listener::onNext);
    listener.onCompleted();
  }

  @Override
  public void listFlights(
      CallContext context, Criteria criteria, StreamListener<FlightInfo> listener) {
    listener.onError(
        FlightErrors.of(
            new EngineException(
                ErrorCode.UNSUPPORTED,
                "ListFlights is not offered; list tables with GetTables of Flight SQL or SHOW"
                    + " TABLES")));
  }
}
