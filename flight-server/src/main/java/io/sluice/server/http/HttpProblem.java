package io.sluice.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.engine.EngineException;

/** What a request is refused with: a status, and the code and message of the answer. */
final class HttpProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final String code;

  HttpProblem(HttpResponseStatus status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  static HttpProblem badRequest(String message) {
    return new HttpProblem(HttpResponseStatus.BAD_REQUEST, "INVALID_ARGUMENT", message);
  }

  HttpResponseStatus status() {
    return status;
  }

  String code() {
    return code;
  }

  /** Any failure as an answer; what users cannot mend says nothing of our insides. */
  static HttpProblem of(Throwable failure) {
    return switch (failure) {
      case HttpProblem known -> known;
      case EngineException known ->
          new HttpProblem(status(known), known.code().name(), String.valueOf(known.getMessage()));
      default ->
          new HttpProblem(
              HttpResponseStatus.INTERNAL_SERVER_ERROR,
              "INTERNAL",
              "the request failed: " + failure);
    };
  }

  private static HttpResponseStatus status(EngineException failure) {
    return switch (failure.code()) {
      case UNKNOWN_SERVICE -> HttpResponseStatus.NOT_FOUND;
      case UNAUTHENTICATED -> HttpResponseStatus.UNAUTHORIZED;
      case PERMISSION_DENIED -> HttpResponseStatus.FORBIDDEN;
      case BUSY, MEMORY_LIMIT, CANCELLED -> HttpResponseStatus.SERVICE_UNAVAILABLE;
      case TIMEOUT -> HttpResponseStatus.GATEWAY_TIMEOUT;
      // the definition and the lake are not the client's
      case UNKNOWN_TABLE, UNKNOWN_COLUMN, UNKNOWN_SCHEMA, UNKNOWN_CATALOG, UNKNOWN_VERSION ->
          HttpResponseStatus.INTERNAL_SERVER_ERROR;
      default ->
          switch (failure.code().kind()) {
            case USER -> HttpResponseStatus.BAD_REQUEST;
            case RESOURCES -> HttpResponseStatus.SERVICE_UNAVAILABLE;
            case EXTERNAL -> HttpResponseStatus.BAD_GATEWAY;
            case INTERNAL -> HttpResponseStatus.INTERNAL_SERVER_ERROR;
          };
    };
  }
}
