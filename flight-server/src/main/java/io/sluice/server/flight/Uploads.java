package io.sluice.server.flight;

import com.google.protobuf.Message;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.server.ingest.Ingest;
import io.sluice.server.ingest.Parameters;
import io.sluice.server.session.ClientSession;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.flight.FlightProducer.StreamListener;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementQuery;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandPreparedStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementUpdate;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutPreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.DoPutUpdateResult;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Answers DoPut: updates, values for prepared statements, and bulk ingest. */
final class Uploads {
  /** Of timestamps among bound values: none are cut. */
  private static final int PARAMETER_DIGITS = 9;

  private final Statements statements;
  private final Ingest ingest;
  private final ServerThreads threads;
  private final BufferAllocator allocator;

  Uploads(Statements statements, Ingest ingest, ServerThreads threads, BufferAllocator allocator) {
    this.statements = statements;
    this.ingest = ingest;
    this.threads = threads;
    this.allocator = allocator;
  }

  /** Does what the command asks and acknowledges it. */
  void accept(
      Request request,
      FlightStream stream,
      ClientSession session,
      StreamListener<PutResult> acknowledge) {
    Message answer =
        switch (request) {
          case Request.Command command -> answer(command.message(), stream, session);
          case Request.Sql sql ->
              throw new EngineException(
                  ErrorCode.UNSUPPORTED,
                  "rows cannot be put into '"
                      + shorten(sql.text())
                      + "'; use a table's name as path, or bulk ingest");
          case Request.Table table ->
              throw new EngineException(
                  ErrorCode.UNSUPPORTED,
                  "rows cannot be put into a path such as "
                      + table.path()
                      + "; use bulk ingest (ADBC: adbc_ingest)");
        };
    byte[] bytes = answer.toByteArray();
    try (ArrowBuf buffer = allocator.buffer(Math.max(1, bytes.length))) {
      buffer.writeBytes(bytes);
      acknowledge.onNext(PutResult.metadata(buffer));
    }
    acknowledge.onCompleted();
  }

  private Message answer(Message command, FlightStream stream, ClientSession session) {
    return switch (command) {
      case CommandStatementUpdate update -> {
        SqlProducer.refuseTransaction(update.hasTransactionId());
        // Its stream stays unread: some clients end it only after they have the answer.
        yield count(
            threads.statement(
                () ->
                    statements.update(
                        BoundStatement.withoutParameters(
                            statements.plan(update.getQuery(), session), session))));
      }
      case CommandPreparedStatementUpdate update -> {
        PreparedStatement statement = statements.find(update.getPreparedStatementHandle(), session);
        Parameters values = Parameters.read(stream, PARAMETER_DIGITS);
        yield count(threads.statement(() -> update(statement, values)));
      }
      case CommandPreparedStatementQuery query -> {
        PreparedStatement statement = statements.find(query.getPreparedStatementHandle(), session);
        Parameters values = Parameters.read(stream, PARAMETER_DIGITS);
        statement.bind(threads.statement(() -> statements.bind(statement, values)));
        yield DoPutPreparedStatementResult.newBuilder()
            .setPreparedStatementHandle(query.getPreparedStatementHandle())
            .build();
      }
      case CommandStatementIngest upload ->
          count(threads.ingest(() -> ingest.run(upload, stream, session)));
      default ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              command.getDescriptorForType().getName() + " is not offered for uploads");
    };
  }

  private long update(PreparedStatement statement, Parameters values) {
    if (statement.query().parameters().isEmpty()) {
      return statements.update(
          BoundStatement.withoutParameters(statement.query(), statement.session()));
    }
    return statements.update(
        values.types().isEmpty() ? statement.statement() : statements.bind(statement, values));
  }

  private static Message count(long rows) {
    return DoPutUpdateResult.newBuilder().setRecordCount(rows).build();
  }

  private static String shorten(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= 60 ? text : text.substring(0, Math.min(40, text.length())) + "...";
  }
}
