package io.sluice.server.flight;

import com.google.protobuf.Message;
import io.sluice.planner.PreparedQuery;
import io.sluice.server.metadata.MetadataCommands;
import io.sluice.server.metadata.MetadataTable;
import io.sluice.server.session.ClientSession;
import io.sluice.server.stream.ResultPump;
import io.sluice.server.stream.ResultSchema;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;

/** Answers DoGet. Every method returns at once; the rows follow on other threads. */
final class Streams {
  private final Statements statements;
  private final MetadataCommands metadata;
  private final ServerThreads threads;
  private final BufferAllocator allocator;

  /** What to send, in which schema. */
  private record Result(Statements.Opened opened, Schema schema) {}

  Streams(
      Statements statements,
      MetadataCommands metadata,
      ServerThreads threads,
      BufferAllocator allocator) {
    this.statements = statements;
    this.metadata = metadata;
    this.threads = threads;
    this.allocator = allocator;
  }

  /** Runs SQL text; one round trip for clients that speak plain Flight. */
  void sql(String sql, ClientSession session, ServerStreamListener listener) {
    stream(
        listener,
        () -> {
          PreparedQuery query = statements.plan(sql, session);
          BoundStatement statement = BoundStatement.withoutParameters(query, session);
          return switch (query.kind()) {
            case QUERY, COMMAND ->
                new Result(statements.open(statement), Statements.schema(query, session));
            case UPDATE ->
                new Result(
                    new Statements.Opened(
                        new OneRow(statements.update(statement), allocator), () -> {}),
                    ResultSchema.of(OneRow.COLUMNS, session.streamOptions()));
          };
        });
  }

  /** Runs what a ticket stands for. */
  void ticket(ResultTicket ticket, ServerStreamListener listener) {
    ResultPump pump =
        stream(listener, () -> new Result(statements.open(ticket.statement()), ticket.schema()));
    Runnable cancel = pump::cancel;
    ticket.running(cancel);
    var unused = pump.done().thenRun(() -> ticket.finished(cancel));
  }

  /** Runs a prepared statement that was not asked for its tickets before. */
  void prepared(PreparedStatement statement, ServerStreamListener listener) {
    stream(
        listener,
        () -> {
          BoundStatement bound = statements.current(statement);
          return new Result(
              statements.open(bound), Statements.schema(bound.query(), bound.session()));
        });
  }

  private ResultPump stream(ServerStreamListener listener, Supplier<Result> opener) {
    ResultPump pump =
        new ResultPump(listener, threads.pumps(), threads.timer(), allocator, FlightErrors::of);
    // a statement that works before its first row, as CREATE does, is interrupted
    FutureTask<Void> opening = new FutureTask<>(() -> open(opener, pump), null);
    pump.onCancel(() -> opening.cancel(true));
    try {
      threads.submit(opening);
    } catch (RuntimeException busy) {
      pump.fail(busy);
    }
    return pump;
  }

  private static void open(Supplier<Result> opener, ResultPump pump) {
    try {
      if (!pump.isCancelled()) {
        Result result = opener.get();
        pump.start(result.opened().stream(), result.schema(), result.opened().owner());
      }
    } catch (Throwable problem) {
      pump.fail(problem);
    }
  }

  /** Answers a metadata command. */
  void metadata(Message command, ClientSession session, ServerStreamListener listener) {
    try {
      threads.submit(
          () -> {
            try {
              send(metadata.answer(command, session.sql()), listener);
            } catch (Throwable problem) {
              listener.error(FlightErrors.of(problem));
            }
          });
    } catch (RuntimeException busy) {
      listener.error(FlightErrors.of(busy));
    }
  }

  private void send(MetadataTable table, ServerStreamListener listener) {
    List<VectorSchemaRoot> messages = table.messages(allocator);
    try (VectorSchemaRoot root = VectorSchemaRoot.create(table.schema(), allocator)) {
      listener.start(root);
      for (VectorSchemaRoot message : messages) {
        for (int i = 0; i < message.getFieldVectors().size(); i++) {
          message.getVector(i).makeTransferPair(root.getVector(i)).transfer();
        }
        root.setRowCount(message.getRowCount());
        listener.putNext();
        root.clear();
      }
    } finally {
      messages.forEach(VectorSchemaRoot::close);
    }
    listener.completed();
  }
}
