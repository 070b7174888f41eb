package io.sluice.engine;

import org.jspecify.annotations.Nullable;

/**
 * The one exception that reaches users. The message says what was wrong, which value, and what is
 * valid; it never holds a secret.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient @Nullable SqlPosition position;

  public EngineException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public EngineException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, null, cause);
  }

  public EngineException(
      ErrorCode code, String message, @Nullable SqlPosition position, @Nullable Throwable cause) {
    super(position == null ? message : position + ": " + message, cause);
    this.code = code;
    this.position = position;
  }

  public ErrorCode code() {
    return code;
  }

  /** Where in the SQL text, or null where the error has no place there. */
  public @Nullable SqlPosition position() {
    return position;
  }
}
