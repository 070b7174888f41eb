package io.sluice.connectors.iceberg.io;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.exceptions.ServiceFailureException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the Iceberg library throws, as what users see. */
public final class Failures {
  private Failures() {}

  /**
   * Runs an action and translates its failures, but for that of a memory limit, which is the
   * engine's to tell.
   *
   * @param what the object concerned, such as {@code table lake.main.t}
   */
  public static <T> T translated(String what, Supplier<T> action) {
    try {
      return action.get();
    } catch (EngineException | OutOfMemoryException e) {
      throw e;
    } catch (RuntimeException e) {
      throw translate(what, e);
    }
  }

  /** As {@link #translated(String, Supplier)}. */
  public static void translated(String what, Runnable action) {
    translated(
        what,
        () -> {
          action.run();
          return true;
        });
  }

  /** The exception that users see. */
  public static EngineException translate(String what, RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      // a library may have wrapped ours
      if (cause instanceof EngineException ours) {
        return ours;
      }
    }
    ErrorCode code =
        switch (failure) {
          case NoSuchTableException e -> ErrorCode.UNKNOWN_TABLE;
          case NoSuchViewException e -> ErrorCode.UNKNOWN_TABLE;
          case NoSuchNamespaceException e -> ErrorCode.UNKNOWN_SCHEMA;
          case AlreadyExistsException e -> ErrorCode.ALREADY_EXISTS;
          case NamespaceNotEmptyException e -> ErrorCode.SCHEMA_NOT_EMPTY;
          case CommitFailedException e -> ErrorCode.COMMIT_CONFLICT;
          case NotAuthorizedException e -> ErrorCode.UNAUTHENTICATED;
          case ForbiddenException e -> ErrorCode.PERMISSION_DENIED;
          case UnsupportedOperationException e -> ErrorCode.UNSUPPORTED;
          case AwsServiceException e when e.statusCode() == 403 -> ErrorCode.PERMISSION_DENIED;
          case SdkException e -> ErrorCode.STORAGE_ERROR;
          case NotFoundException e -> ErrorCode.STORAGE_ERROR;
          case RuntimeIOException e -> ErrorCode.STORAGE_ERROR;
          case UncheckedIOException e -> ErrorCode.STORAGE_ERROR;
          case ServiceUnavailableException e -> ErrorCode.CATALOG_ERROR;
          case ServiceFailureException e -> ErrorCode.CATALOG_ERROR;
          default -> ErrorCode.CATALOG_ERROR;
        };
    return new EngineException(code, what + ": " + message(failure), failure);
  }

  private static String message(RuntimeException failure) {
    String own = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null || own.contains(cause.getMessage())
        ? own
        : own + " (" + cause.getMessage() + ")";
  }
}
