package io.sluice.server.flight;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.memory.OutOfMemoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that says which Flight status an error has, and what the client reads. */
public final class FlightErrors {
  /** The metadata key under which clients find the error code's name. */
  public static final String CODE_KEY = "x-sluice-error-code";

  private static final Logger LOG = LoggerFactory.getLogger(FlightErrors.class);

  private FlightErrors() {}

  /** The status for an error code. UNAVAILABLE invites clients to try again. */
  public static CallStatus status(ErrorCode code) {
    return switch (code) {
      case SYNTAX_ERROR,
          AMBIGUOUS_NAME,
          SCHEMA_NOT_EMPTY,
          TYPE_MISMATCH,
          INVALID_ARGUMENT,
          INVALID_PARAMETER,
          INVALID_CAST,
          DIVISION_BY_ZERO,
          NUMERIC_OVERFLOW,
          NOT_NULL_VIOLATION,
          SUBQUERY_MULTIPLE_ROWS,
          PINNED,
          CARDINALITY_VIOLATION,
          LEAKAGE,
          CONFIGURATION ->
          CallStatus.INVALID_ARGUMENT;
      case UNKNOWN_CATALOG,
          UNKNOWN_SCHEMA,
          UNKNOWN_TABLE,
          UNKNOWN_COLUMN,
          UNKNOWN_FUNCTION,
          UNKNOWN_VERSION,
          UNKNOWN_SERVICE ->
          CallStatus.NOT_FOUND;
      case ALREADY_EXISTS -> CallStatus.ALREADY_EXISTS;
      case UNSUPPORTED -> CallStatus.UNIMPLEMENTED;
      case CANCELLED -> CallStatus.CANCELLED;
      case UNAUTHENTICATED -> CallStatus.UNAUTHENTICATED;
      case PERMISSION_DENIED -> CallStatus.UNAUTHORIZED;
      case MEMORY_LIMIT -> CallStatus.RESOURCE_EXHAUSTED;
      case BUSY, COMMIT_CONFLICT -> CallStatus.UNAVAILABLE;
      case TIMEOUT -> CallStatus.TIMED_OUT;
      case STORAGE_ERROR, CORRUPT_FILE, CATALOG_ERROR, INTERNAL -> CallStatus.INTERNAL;
    };
  }

  /** What the client gets: the code's name, the place in the SQL text, and the message. */
  public static FlightRuntimeException of(Throwable problem) {
    Throwable cause = unwrap(problem);
    if (cause instanceof FlightRuntimeException flight) {
      return flight;
    }
    EngineException error = engineException(cause);
    ErrorFlightMetadata metadata = new ErrorFlightMetadata();
    metadata.insert(CODE_KEY, error.code().name());
    return status(error.code())
        .withDescription(error.code() + ": " + error.getMessage())
        .withCause(cause)
        .withMetadata(metadata)
        .toRuntimeException();
  }

  /**
   * The same for a statement that cannot be prepared. UNIMPLEMENTED would tell drivers that this
   * server prepares nothing, and they would go on without the message.
   */
  static FlightRuntimeException ofPrepare(Throwable problem) {
    FlightRuntimeException error = of(problem);
    return error.status().code() == FlightStatusCode.UNIMPLEMENTED
        ? CallStatus.INVALID_ARGUMENT
            .withDescription(error.status().description())
            .withCause(problem)
            .withMetadata(error.status().metadata())
            .toRuntimeException()
        : error;
  }

  /** The error as one of ours; what nobody foresaw is logged and becomes INTERNAL. */
  public static EngineException engineException(Throwable problem) {
    Throwable cause = unwrap(problem);
    return switch (cause) {
      case EngineException engine -> {
        if (engine.code().kind() == ErrorCode.Kind.INTERNAL) {
          LOG.error("internal error", engine);
        }
        yield engine;
      }
      case OutOfMemoryException memory ->
          new EngineException(
              ErrorCode.MEMORY_LIMIT,
              "out of memory: " + memory.getMessage() + "; see engine.memory.limit",
              memory);
      case InterruptedException interrupted ->
          new EngineException(ErrorCode.CANCELLED, "the statement was cancelled", interrupted);
      default -> {
        LOG.error("internal error", cause);
        yield new EngineException(
            ErrorCode.INTERNAL,
            "unexpected " + cause.getClass().getSimpleName() + ": " + cause.getMessage(),
            cause);
      }
    };
  }

  private static Throwable unwrap(Throwable problem) {
    Throwable current = problem;
    while ((current instanceof ExecutionException || current instanceof CompletionException)
        && current.getCause() != null) {
      current = current.getCause();
    }
    return current;
  }
}
