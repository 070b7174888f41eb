package io.sluice.server.cli;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.server.flight.FlightErrors;
import java.io.PrintStream;
import org.apache.arrow.flight.FlightRuntimeException;

/** What goes to the user's screen besides results. */
public final class Terminal {
  private Terminal() {}

  /**
   * Tells the user what went wrong: the message with its place in the SQL text, no stack trace.
   *
   * @return the exit status
   */
  public static int report(Throwable failure) {
    return report(failure, System.err);
  }

  static int report(Throwable failure, PrintStream out) {
    out.println("error: " + message(failure));
    return 1;
  }

  /** What the user reads of a failure. */
  static String message(Throwable failure) {
    if (failure instanceof FlightRuntimeException flight) {
      String description = flight.status().description();
      return description.isEmpty() ? flight.status().code().toString() : description;
    }
    EngineException error = FlightErrors.engineException(failure);
    return error.code() == ErrorCode.INTERNAL
        ? error.code() + ": " + error.getMessage() + " (this is a fault of Sluice)"
        : error.code() + ": " + error.getMessage();
  }
}
