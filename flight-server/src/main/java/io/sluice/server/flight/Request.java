package io.sluice.server.flight;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.sql.impl.FlightSql;

/** What a descriptor or ticket asks for. */
sealed interface Request {
  /** A Flight SQL command. */
  record Command(Message message) implements Request {}

  /** SQL text, from clients that speak plain Flight. */
  record Sql(String text) implements Request {}

  /** All rows of a table, by its name's parts. */
  record Table(List<String> path) implements Request {
    /** The query for it. */
    String sql() {
      return path.stream()
          .map(part -> '"' + part.replace("\"", "\"\"") + '"')
          .collect(Collectors.joining(".", "SELECT * FROM ", ""));
    }
  }

  /** Prefix of the type URLs of Flight SQL's messages. */
  String TYPE_PREFIX = "type.googleapis.com/arrow.flight.protocol.sql.";

  /** Every message that a descriptor or ticket may hold. */
  Map<String, Message> MESSAGES =
      Stream.<Message>of(
              FlightSql.CommandStatementQuery.getDefaultInstance(),
              FlightSql.CommandStatementUpdate.getDefaultInstance(),
              FlightSql.CommandStatementIngest.getDefaultInstance(),
              FlightSql.CommandStatementSubstraitPlan.getDefaultInstance(),
              FlightSql.CommandPreparedStatementQuery.getDefaultInstance(),
              FlightSql.CommandPreparedStatementUpdate.getDefaultInstance(),
              FlightSql.CommandGetCatalogs.getDefaultInstance(),
              FlightSql.CommandGetDbSchemas.getDefaultInstance(),
              FlightSql.CommandGetTables.getDefaultInstance(),
              FlightSql.CommandGetTableTypes.getDefaultInstance(),
              FlightSql.CommandGetSqlInfo.getDefaultInstance(),
              FlightSql.CommandGetPrimaryKeys.getDefaultInstance(),
              FlightSql.CommandGetExportedKeys.getDefaultInstance(),
              FlightSql.CommandGetImportedKeys.getDefaultInstance(),
              FlightSql.CommandGetCrossReference.getDefaultInstance(),
              FlightSql.CommandGetXdbcTypeInfo.getDefaultInstance(),
              FlightSql.TicketStatementQuery.getDefaultInstance())
          .collect(Collectors.toMap(m -> m.getDescriptorForType().getName(), Function.identity()));

  static Request of(FlightDescriptor descriptor) {
    return descriptor.isCommand()
        ? of(descriptor.getCommand())
        : new Table(List.copyOf(descriptor.getPath()));
  }

  /** A Flight SQL message where the bytes are one, SQL text otherwise. */
  static Request of(byte[] bytes) {
    Any any;
    try {
      any = Any.parseFrom(bytes);
    } catch (InvalidProtocolBufferException notAMessage) {
      return text(bytes);
    }
    if (!any.getTypeUrl().startsWith(TYPE_PREFIX)) {
      return text(bytes);
    }
    Message prototype = MESSAGES.get(any.getTypeUrl().substring(TYPE_PREFIX.length()));
    if (prototype == null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, "no such Flight SQL command here: " + any.getTypeUrl());
    }
    try {
      return new Command(prototype.getParserForType().parseFrom(any.getValue()));
    } catch (InvalidProtocolBufferException e) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "malformed " + any.getTypeUrl() + ": " + e.getMessage(), e);
    }
  }

  private static Request text(byte[] bytes) {
    try {
      String sql =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
      if (!sql.isEmpty()) {
        return new Sql(sql);
      }
    } catch (CharacterCodingException e) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "neither a Flight SQL command nor SQL text in UTF-8 (" + bytes.length + " bytes)",
          e);
    }
    throw new EngineException(ErrorCode.INVALID_ARGUMENT, "empty command; send SQL text");
  }

  /** A message as the bytes of a descriptor or ticket. */
  static byte[] pack(Message message) {
    return Any.pack(message).toByteArray();
  }
}
