package io.sluice.server.flight;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.PreparedQuery;
import io.sluice.server.session.ClientSession;
import io.sluice.server.session.SessionSetting;
import io.sluice.server.session.Sessions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.CancelFlightInfoRequest;
import org.apache.arrow.flight.CancelFlightInfoResult;
import org.apache.arrow.flight.CancelStatus;
import org.apache.arrow.flight.CloseSessionResult;
import org.apache.arrow.flight.FlightConstants;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer.CallContext;
import org.apache.arrow.flight.GetSessionOptionsResult;
import org.apache.arrow.flight.SessionOptionValue;
import org.apache.arrow.flight.SessionOptionValueFactory;
import org.apache.arrow.flight.SessionOptionValueVisitor;
import org.apache.arrow.flight.SetSessionOptionsRequest;
import org.apache.arrow.flight.SetSessionOptionsResult;
import org.apache.arrow.flight.sql.FlightSqlUtils;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCancelQueryRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCancelQueryResult;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionClosePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementRequest;
import org.apache.arrow.flight.sql.impl.FlightSql.ActionCreatePreparedStatementResult;
import org.apache.arrow.flight.sql.impl.FlightSql.TicketStatementQuery;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Answers DoAction. */
final class Actions {
  /** All that are offered. */
  static final List<ActionType> OFFERED =
      List.of(
          FlightSqlUtils.FLIGHT_SQL_CREATE_PREPARED_STATEMENT,
          FlightSqlUtils.FLIGHT_SQL_CLOSE_PREPARED_STATEMENT,
          FlightSqlUtils.FLIGHT_SQL_CANCEL_QUERY,
          FlightConstants.CANCEL_FLIGHT_INFO,
          FlightConstants.SET_SESSION_OPTIONS,
          FlightConstants.GET_SESSION_OPTIONS,
          FlightConstants.CLOSE_SESSION);

  private final Statements statements;
  private final Sessions sessions;
  private final ServerThreads threads;

  Actions(Statements statements, Sessions sessions, ServerThreads threads) {
    this.statements = statements;
    this.sessions = sessions;
    this.threads = threads;
  }

  /** The answer's bytes, or null where the action has none. */
  byte @Nullable [] answer(Action action, CallContext context)
      throws IOException, URISyntaxException {
    ClientSession session = sessions.of(context);
    ByteBuffer body = ByteBuffer.wrap(action.getBody());
    return switch (action.getType()) {
      case "CreatePreparedStatement" ->
          Any.pack(create(unpack(action, ActionCreatePreparedStatementRequest.class), session))
              .toByteArray();
      case "ClosePreparedStatement" -> {
        statements.close(
            unpack(action, ActionClosePreparedStatementRequest.class).getPreparedStatementHandle());
        yield null;
      }
      case "CancelQuery" -> {
        ActionCancelQueryRequest request = unpack(action, ActionCancelQueryRequest.class);
        boolean cancelled =
            cancel(FlightInfo.deserialize(request.getInfo().asReadOnlyByteBuffer()), session);
        yield Any.pack(
                ActionCancelQueryResult.newBuilder()
                    .setResult(
                        cancelled
                            ? ActionCancelQueryResult.CancelResult.CANCEL_RESULT_CANCELLED
                            : ActionCancelQueryResult.CancelResult.CANCEL_RESULT_NOT_CANCELLABLE)
                    .build())
            .toByteArray();
      }
      case "CancelFlightInfo" -> {
        boolean cancelled = cancel(CancelFlightInfoRequest.deserialize(body).getInfo(), session);
        yield bytes(
            new CancelFlightInfoResult(
                    cancelled ? CancelStatus.CANCELLED : CancelStatus.NOT_CANCELLABLE)
                .serialize());
      }
      case "SetSessionOptions" ->
          bytes(set(SetSessionOptionsRequest.deserialize(body), session).serialize());
      case "GetSessionOptions" -> bytes(get(session).serialize());
      case "CloseSession" -> {
        sessions.close(context);
        yield bytes(new CloseSessionResult(CloseSessionResult.Status.CLOSED).serialize());
      }
      case "BeginTransaction", "EndTransaction", "BeginSavepoint", "EndSavepoint" ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "transactions are not offered: every statement commits by itself (autocommit)");
      default ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "no action '"
                  + action.getType()
                  + "'; offered are "
                  + OFFERED.stream().map(ActionType::getType).toList());
    };
  }

  private ActionCreatePreparedStatementResult create(
      ActionCreatePreparedStatementRequest request, ClientSession session) {
    SqlProducer.refuseTransaction(request.hasTransactionId());
    PreparedStatement statement =
        threads.statement(() -> statements.prepare(request.getQuery(), session));
    PreparedQuery query = statement.query();
    ActionCreatePreparedStatementResult.Builder result =
        ActionCreatePreparedStatementResult.newBuilder()
            .setPreparedStatementHandle(ByteString.copyFromUtf8(statement.handle()));
    if (query.kind() != PreparedQuery.Kind.UPDATE) {
      // Drivers take a statement without this schema for an update.
      result.setDatasetSchema(
          ByteString.copyFrom(Statements.schema(query, session).serializeAsMessage()));
    }
    if (!query.parameters().isEmpty()) {
      result.setParameterSchema(
          ByteString.copyFrom(parameterSchema(query.parameters()).serializeAsMessage()));
    }
    return result.build();
  }

  private static Schema parameterSchema(List<SqlType> parameters) {
    List<Field> fields = new ArrayList<>();
    for (SqlType type : parameters) {
      String name = "parameter_" + (fields.size() + 1);
      Field field = ArrowTypes.field(name, type, true);
      // The JDBC driver binds milliseconds to times, whatever unit the schema names.
      if (type.kind() == SqlType.Kind.TIME) {
        ArrowType millis = new ArrowType.Time(TimeUnit.MILLISECOND, 32);
        field = new Field(name, FieldType.nullable(millis), null);
      } else if (field.getType() instanceof ArrowType.Timestamp timestamp) {
        ArrowType millis = new ArrowType.Timestamp(TimeUnit.MILLISECOND, timestamp.getTimezone());
        field = new Field(name, FieldType.nullable(millis), null);
      }
      fields.add(field);
    }
    return new Schema(fields);
  }

  private boolean cancel(FlightInfo info, ClientSession session) throws IOException {
    boolean any = false;
    for (FlightEndpoint endpoint : info.getEndpoints()) {
      if (Request.of(endpoint.getTicket().getBytes()) instanceof Request.Command command
          && command.message() instanceof TicketStatementQuery ticket) {
        any |= statements.cancel(ticket.getStatementHandle(), session);
      }
    }
    return any;
  }

  private SetSessionOptionsResult set(SetSessionOptionsRequest request, ClientSession session) {
    Map<String, SetSessionOptionsResult.Error> errors = new LinkedHashMap<>();
    request
        .getSessionOptions()
        .forEach(
            (name, value) -> {
              SessionSetting setting = SessionSetting.find(name).orElse(null);
              String text = value.acceptVisitor(TEXT);
              if (setting == null) {
                errors.put(name, error(SetSessionOptionsResult.ErrorValue.INVALID_NAME));
              } else if (text == null) {
                errors.put(name, error(SetSessionOptionsResult.ErrorValue.INVALID_VALUE));
              } else {
                try {
                  threads.statement(
                      () -> {
                        setting.set(session, text);
                        return text;
                      });
                } catch (RuntimeException invalid) {
                  errors.put(name, error(SetSessionOptionsResult.ErrorValue.INVALID_VALUE));
                }
              }
            });
    return new SetSessionOptionsResult(errors);
  }

  private static SetSessionOptionsResult.Error error(SetSessionOptionsResult.ErrorValue value) {
    return new SetSessionOptionsResult.Error(value);
  }

  private static GetSessionOptionsResult get(ClientSession session) {
    Map<String, SessionOptionValue> options = new LinkedHashMap<>();
    for (SessionSetting setting : SessionSetting.values()) {
      options.put(
          setting.key(), SessionOptionValueFactory.makeSessionOptionValue(setting.get(session)));
    }
    return new GetSessionOptionsResult(options);
  }

  /** Drivers send numbers and booleans as they find them. */
  private static final SessionOptionValueVisitor<@Nullable String> TEXT =
      new SessionOptionValueVisitor<>() {
        @Override
        public @Nullable String visit(String value) {
          return value;
        }

        @Override
        public @Nullable String visit(boolean value) {
          return Boolean.toString(value);
        }

        @Override
        public @Nullable String visit(long value) {
          return Long.toString(value);
        }

        @Override
        public @Nullable String visit(double value) {
          return Double.toString(value);
        }

        @Override
        public @Nullable String visit(String[] value) {
          return null;
        }

        @Override
        public @Nullable String visit(@Nullable Void value) {
          return null;
        }
      };

  private static <T extends Message> T unpack(Action action, Class<T> type) {
    try {
      return Any.parseFrom(action.getBody()).unpack(type);
    } catch (InvalidProtocolBufferException e) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "malformed body of action " + action.getType() + ": " + e.getMessage(),
          e);
    }
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
